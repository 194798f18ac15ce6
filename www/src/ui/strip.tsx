import { strings } from "../i18n";
import { roughly, workDone } from "../i18n/format";
import { address } from "../router";
import { busy, progress, runState, secondsLeft } from "../store/run";
import { currentDataset, currentModelId, modelState } from "../store/session";
import { chooseDataset, chooseModel, DatasetOptions, ModelOptions } from "./model-select";
import { ModelsPanel } from "./models-panel";

/** On every page: the current model and dataset, and the training that is going on. */
export function Strip() {
  const { session } = strings.value;
  return (
    <section class="strip" aria-label={session.strip}>
      <label class="strip-field">
        <span>{session.model}</span>
        <select
          data-testid="session-model"
          value={currentModelId.value}
          aria-busy={modelState.value === "loading"}
          onChange={chooseModel}
        >
          <ModelOptions />
        </select>
      </label>
      <label class="strip-field strip-dataset">
        <span>{session.dataset}</span>
        <select data-testid="session-dataset" value={currentDataset.value} onChange={chooseDataset}>
          <DatasetOptions />
        </select>
      </label>
      <RunningTraining />
      <ModelsPanel />
    </section>
  );
}

function RunningTraining() {
  if (!busy.value) return null;
  const { session, train } = strings.value;
  const { step, totalSteps } = progress.value;
  const share = totalSteps > 0 ? step / totalSteps : 0;
  const left = secondsLeft.value;
  const state = runState.value === "running" ? session.training : train.states[runState.value];
  return (
    <a class="strip-run" href={address("train")}>
      <progress value={share} max={1} aria-label={session.training} />
      <span>
        {state}
        {step > 0 && ` · ${workDone(share)}`}
        {left !== null && runState.value === "running" && ` · ${session.left(roughly(left))}`}
      </span>
    </a>
  );
}
