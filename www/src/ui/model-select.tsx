import type { TargetedEvent } from "preact";
import type { DatasetId } from "../engine/protocol";
import { percent } from "../i18n/format";
import { datasetIds, datasetName } from "../store/datasets";
import { accuracyOf } from "../store/models";
import { currentDataset, currentModelId, type Model, models, use } from "../store/session";

/** Of the one select on a page, which the strip points at. */
export const MODEL_SELECT = "model-select";

interface Props {
  testId: string;
  /** Above the select, and its name. */
  label: string;
  className?: string;
}

/** The session's model, chosen where its answers stand: the only select of models on its page. */
export function ModelSelect({ testId, label, className = "field" }: Props) {
  return (
    <label class={className}>
      <span>{label}</span>
      <select
        id={MODEL_SELECT}
        data-testid={testId}
        aria-label={label}
        value={currentModelId.value}
        onChange={chooseModel}
      >
        <ModelOptions />
      </select>
    </label>
  );
}

export function ModelOptions() {
  return (
    <>
      {models.value.map((model) => (
        <option key={model.id} value={model.id}>
          {modelTitle(model)}
        </option>
      ))}
    </>
  );
}

/** `name`: what an option says, where its name alone is not enough. */
export function DatasetOptions({ name = datasetName }: { name?: (id: DatasetId) => string }) {
  return (
    <>
      {datasetIds.value.map((id) => (
        <option key={id} value={id}>
          {name(id)}
        </option>
      ))}
    </>
  );
}

/** For a select of datasets: makes the chosen one current. */
export function chooseDataset(event: TargetedEvent<HTMLSelectElement>): void {
  currentDataset.value = event.currentTarget.value as DatasetId;
}

/** Its name, and how good it is where that is known: "Digits · 99.6%". */
export function modelTitle(model: Model): string {
  const accuracy = accuracyOf(model);
  return accuracy === undefined ? model.name : `${model.name} · ${percent(accuracy)}`;
}

/** For a select of models: makes the chosen one current. */
export function chooseModel(event: TargetedEvent<HTMLSelectElement>): void {
  void use(event.currentTarget.value);
}
