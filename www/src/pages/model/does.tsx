import { useId } from "preact/hooks";
import type { ModelInfo } from "../../engine/types";
import { explain, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address, go, type Route } from "../../router";
import {
  canCarryHead,
  shownLabels,
  testableOn,
  trainRefusal,
  useForHead,
  useToLookInside,
  useToTest,
  useToTrain,
} from "../../store/model-graph";
import { fileNameOf } from "../../store/models";
import { isOwn } from "../../store/own-models";
import { currentModelId, fileOf, type Model, use } from "../../store/session";
import { settle } from "../../store/settling";
import { toast } from "../../store/toasts";
import { saveFile } from "../../ui/download";

/** What can be done with the model; of what cannot be, why. */
export function Does({ model: of, info }: { model: Model; info: ModelInfo | null }) {
  const { model } = strings.value;
  const { reasons } = model;
  const { id } = of;
  const page: Route = (info?.takesDrawings ?? of.facts?.takesDrawings ?? true) ? "draw" : "photos";
  const waits = info ? "" : reasons.loading;
  const classes = shownLabels.value.length;
  const images = info && testableOn(info, classes);
  return (
    <section class="card model-does-card" aria-labelledby="model-does">
      <h2 id="model-does">{model.does}</h2>
      {id === currentModelId.value && <p class="muted small">{model.inUse}</p>}
      <ul class="model-ways-list">
        <Way testId="model-do-use" primary name={model.use[page]} to={page} does={() => void use(id)} />
        <Way
          testId="model-do-layers"
          name={model.layers}
          to="layers"
          why={waits}
          does={() => void useToLookInside(id)}
        />
        <Way
          testId="model-do-test"
          name={model.tryOn}
          to="test"
          why={waits || (images ? "" : reasons.test(whole(classes)))}
          does={() => images && void useToTest(id, images)}
        />
        <Way
          testId="model-do-train"
          name={model.train}
          to="train"
          why={waits || trainObstacle(info)}
          does={() => void useToTrain(id)}
        />
        <Way
          testId="model-do-head"
          name={model.head}
          to="data"
          why={canCarryHead(of) ? "" : reasons.head}
          does={() => useForHead(id)}
        />
        <Way
          testId="model-do-sees"
          name={model.sees}
          why={isOwn(of) ? "" : reasons.sees}
          does={() => void settle(id)}
        />
        <Way testId="model-do-download" name={model.download} does={() => void download(of)} />
      </ul>
    </section>
  );
}

function trainObstacle(info: ModelInfo | null): string {
  const { reasons } = strings.value.model;
  if (info?.head) return reasons.headFile;
  return trainRefusal.value ?? reasons.trainAsking;
}

interface WayProps {
  testId: string;
  name: string;
  primary?: boolean;
  /** The page that it leads to. */
  to?: Route;
  /** Why it is not possible; empty where it is. */
  why?: string;
  does: () => void;
}

function Way({ testId, name, primary = false, to, why = "", does }: WayProps) {
  const reason = useId();
  const look = primary ? "button primary" : "button";
  const act = () => {
    does();
    if (to) go(to);
  };
  return (
    <li>
      {why === "" && to ? (
        <a class={look} href={address(to)} data-testid={testId} onClick={does}>
          {name}
        </a>
      ) : (
        <button
          type="button"
          class={look}
          data-testid={testId}
          disabled={why !== ""}
          aria-describedby={why ? reason : undefined}
          onClick={act}
        >
          {name}
        </button>
      )}
      {why && (
        <p id={reason} class="muted small">
          {why}
        </p>
      )}
    </li>
  );
}

async function download(model: Model): Promise<void> {
  try {
    saveFile(await fileOf(model), `${fileNameOf(model)}.onnx`);
  } catch (error) {
    toast("error", explain(error));
  }
}
