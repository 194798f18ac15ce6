import { useEffect } from "preact/hooks";
import { explain, strings } from "../../i18n";
import { prepare } from "../../store/plan";
import { hasNet, runState } from "../../store/run";
import { toast } from "../../store/toasts";
import { TermDialog } from "../../ui/term";
import { Charts } from "./charts";
import { LayerList } from "./layer-list";
import { LeftRun } from "./left-run";
import { Setup } from "./setup";
import { Status } from "./status";
import { Summary } from "./summary";
import { TrainPad } from "./train-pad";
import "../../styles/train.css";
import "../../styles/layer-editor.css";

export function TrainPage() {
  useEffect(() => {
    prepare().catch((error) => toast("error", explain(error)));
  }, []);
  const { train } = strings.value;
  const over = ["stopped", "done", "failed"].includes(runState.value);
  return (
    <div class="train">
      <header class="page-head">
        <h1>{train.heading}</h1>
        <p class="muted">{train.intro}</p>
      </header>
      <LeftRun />
      <Setup />
      <LayerList />
      <div class="train-live">
        <section class="card train-watch" aria-label={train.progress}>
          <Status />
          {over && hasNet.value && <Summary />}
          <Charts />
        </section>
        <TrainPad />
      </div>
      <TermDialog />
    </div>
  );
}
