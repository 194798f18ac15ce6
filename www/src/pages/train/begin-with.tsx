import { useSignalEffect } from "@preact/signals";
import { strings } from "../../i18n";
import { address } from "../../router";
import { headOf } from "../../store/head-facts";
import { busy } from "../../store/run";
import { currentModel, modelInfo } from "../../store/session";
import { type BeginWith, beginWith, canBeginWith, chooseBeginning, lookAtModel, refusal } from "../../store/source";
import { modelTitle } from "../../ui/model-select";

/** New weights, or those of the model in use: what it has learned is where the training goes on from. */
export function BeginWithField() {
  useSignalEffect(() => {
    currentModel.value;
    void lookAtModel();
  });
  const { none, train } = strings.value;
  const model = modelTitle(currentModel.value);
  const names: Record<BeginWith, string> = {
    new: train.beginNew,
    weights: train.beginWeights(model),
    training: train.beginTraining(model),
  };
  const hints: Record<BeginWith, string> = {
    new: refusal.value ? (isHead() ? none.head.trainOn(currentModel.value.name) : refusal.value) : train.beginNewHint,
    weights: train.beginWeightsHint,
    training: train.beginTrainingHint,
  };
  return (
    <div class="field">
      <label for="train-begin">{train.beginWith}</label>
      <select
        id="train-begin"
        data-testid="train-begin"
        disabled={busy.value}
        value={beginWith.value}
        aria-describedby="train-begin-hint"
        onChange={(event) => chooseBeginning(event.currentTarget.value as BeginWith)}
      >
        {canBeginWith.value.map((id) => (
          <option key={id} value={id}>
            {names[id]}
          </option>
        ))}
      </select>
      <small id="train-begin-hint" class="muted">
        {hints[beginWith.value]}
        {beginWith.value === "new" && refusal.value && isHead() && (
          <>
            {" "}
            <a href={address("data")}>{train.toData}</a>
          </>
        )}
      </small>
    </div>
  );
}

/** Whether the model in use learned on another network's features: it trains on under Data. */
function isHead(): boolean {
  return Boolean(currentModel.value.facts?.head ?? headOf(modelInfo.value));
}
