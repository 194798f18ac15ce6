import { useSignalEffect } from "@preact/signals";
import { strings } from "../../i18n";
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
  const { train } = strings.value;
  const model = modelTitle(currentModel.value);
  const names: Record<BeginWith, string> = {
    new: train.beginNew,
    weights: train.beginWeights(model),
    training: train.beginTraining(model),
  };
  const hints: Record<BeginWith, string> = {
    new: refusal.value ? whyNot(refusal.value) : train.beginNewHint,
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
      </small>
    </div>
  );
}

/** Why the model in use is not trained on here: the engine's sentence, or what to do instead. */
function whyNot(reason: string): string {
  const { name, facts } = currentModel.value;
  return (facts?.head ?? headOf(modelInfo.value)) ? strings.value.none.head.trainOn(name) : reason;
}
