import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { explain, strings } from "../../i18n";
import { prepare, takesPhotos } from "../../store/plan";
import { runState } from "../../store/run";
import { toast } from "../../store/toasts";
import { TermDialog } from "../../ui/term";
import { Charts } from "./charts";
import { HeldOutTiles } from "./held-out";
import { LayerList } from "./layer-list";
import { LeftRun } from "./left-run";
import { phase } from "./phase";
import { Setup } from "./setup";
import { Status } from "./status";
import { Summary } from "./summary";
import { TrainPad } from "./train-pad";
import "../../styles/charts.css";
import "../../styles/train.css";
import "../../styles/train-glance.css";
import "../../styles/layer-editor.css";

export function TrainPage() {
  useEffect(() => {
    prepare().catch((error) => toast("error", explain(error)));
  }, []);
  useSignalEffect(() => {
    // What is to be watched from now on comes to stand where the page begins.
    if (runState.value === "preparing") scrollTo({ top: 0, behavior: "instant" });
  });
  const { train } = strings.value;
  const now = phase.value;
  return (
    <div class="train" data-phase={now}>
      <header class="page-head">
        <h1>{train.heading}</h1>
        {now === "before" && <p class="muted">{train.intro}</p>}
      </header>
      {/* Keys keep what a part has of its own, such as a fold, when it comes to stand elsewhere. */}
      {now !== "during" && <LeftRun key="left" />}
      {now === "after" && <Summary key="summary" />}
      {now !== "after" && <Setup key="setup" />}
      {now === "before" && <LayerList key="layers" />}
      <Live key="live" />
      {now === "after" && <Setup key="setup" />}
      {now !== "before" && <LayerList key="layers" />}
      <TermDialog />
    </div>
  );
}

/** What can be watched of a run. */
function Live() {
  const { train } = strings.value;
  return (
    <div class="train-live" data-pad={!takesPhotos.value}>
      <section class="card train-watch" aria-label={train.progress}>
        <Status />
        <Charts />
      </section>
      {!takesPhotos.value && <TrainPad />}
      <HeldOutTiles />
    </div>
  );
}
