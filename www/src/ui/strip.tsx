import { strings } from "../i18n";
import { roughly, workDone } from "../i18n/format";
import { address, route } from "../router";
import { busy, progress, runState, secondsLeft } from "../store/run";
import { currentDataset, currentModel, currentModelId, modelState } from "../store/session";
import { chooseDataset, chooseModel, DatasetOptions, MODEL_SELECT, ModelOptions, modelTitle } from "./model-select";
import { ModelsPanel } from "./models-panel";

/** On every page: the current model and dataset, and the training that is going on. */
export function Strip() {
  const { session } = strings.value;
  return (
    <section class="strip" aria-label={session.strip}>
      <CurrentModel />
      <Details />
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

/** Pages that have a select of models where its answers stand. */
const WITH_SELECT: readonly string[] = ["draw", "photos", "camera", "test", "layers"];

/** One select of models is enough: where the page has its own, this names what is chosen there, and leads to it. */
function CurrentModel() {
  const { session } = strings.value;
  const busy = modelState.value === "loading";
  if (WITH_SELECT.includes(route.value)) {
    return (
      <label class="strip-field strip-model" htmlFor={MODEL_SELECT} data-testid="session-model" aria-busy={busy}>
        <span>{session.model}</span>
        <strong>{modelTitle(currentModel.value)}</strong>
      </label>
    );
  }
  return (
    <label class="strip-field">
      <span>{session.model}</span>
      <select data-testid="session-model" value={currentModelId.value} aria-busy={busy} onChange={chooseModel}>
        <ModelOptions />
      </select>
    </label>
  );
}

/** To the page of the model in use; on phones it is opened from the list of models. */
function Details() {
  if (route.value === "model") return null;
  const { opening } = strings.value;
  return (
    <a class="strip-details" href={address("model")} aria-label={opening.detailsOf(currentModel.value.name)}>
      {opening.details}
    </a>
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
    <a class="strip-run" data-here={route.value === "train"} href={address("train")}>
      <progress value={share} max={1} aria-label={session.training} />
      <span>
        {state}
        {step > 0 && ` · ${workDone(share)}`}
        {left !== null && runState.value === "running" && ` · ${session.left(roughly(left))}`}
      </span>
    </a>
  );
}
