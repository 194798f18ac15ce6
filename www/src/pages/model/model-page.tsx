import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { explain, strings } from "../../i18n";
import { modelAddress } from "../../router";
import {
  beginModelPage,
  lookAtFileAgain,
  shownError,
  shownGraph,
  shownInfo,
  shownModel,
} from "../../store/model-graph";
import { currentModelId, idNow, type Model, modelState } from "../../store/session";
import { FetchingLine } from "../../ui/fetching-line";
import { Does } from "./does";
import { Ends, Operators } from "./ends";
import { Facts } from "./facts";
import { Stages } from "./stages";
import "../../styles/model.css";

/** A model: what its file holds, and what can be done with it. */
export function ModelPage() {
  useEffect(beginModelPage, []);
  useFollowing();
  const { model } = strings.value;
  const of = shownModel.value;
  return (
    <div class="model-page" data-testid="model-page" data-id={of?.id ?? ""}>
      <header class="page-head">
        <h1>{of?.name ?? model.loading}</h1>
        <p class="muted">{model.intro}</p>
      </header>
      {of && <Known model={of} />}
    </div>
  );
}

function Known({ model: of }: { model: Model }) {
  const { model } = strings.value;
  const [info, graph, error] = [shownInfo.value, shownGraph.value, shownError.value];
  return (
    <>
      {error && (
        <div class="card model-refusal" role="alert" data-testid="model-refusal">
          <p>{model.failed(explain(error))}</p>
          <button type="button" class="button" data-testid="model-retry" onClick={lookAtFileAgain}>
            {model.retry}
          </button>
        </div>
      )}
      {!error && !graph && (
        <>
          <p class="muted">{model.loading}</p>
          <FetchingLine what={`model ${of.id}`} />
        </>
      )}
      <div class="model-two">
        {info && <Facts model={of} info={info} graph={graph} />}
        <Does model={of} info={info} />
      </div>
      {graph && info && (
        <>
          <Stages graph={graph} info={info} />
          <div class="model-two">
            <Ends graph={graph} info={info} />
            <Operators graph={graph} />
          </div>
        </>
      )}
    </>
  );
}

/** Another model that is taken into use while the page is open is the one to be shown. */
function useFollowing(): void {
  const last = useRef<string | null>(null);
  useSignalEffect(() => {
    const id = currentModelId.value;
    // What was used when the page was last here comes by itself: the address is newer.
    if (last.current === null) {
      if (modelState.value !== "loading") last.current = id;
      return;
    }
    if (idNow(last.current) === id) return;
    last.current = id;
    if (shownModel.peek()?.id !== id) location.replace(modelAddress(id));
  });
}
