import type { TargetedEvent } from "preact";
import type { DatasetId } from "../engine/protocol";
import { strings } from "../i18n";
import { percent } from "../i18n/format";
import { currentDataset, type Model, models, use } from "../store/session";

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

export function DatasetOptions() {
  const { session } = strings.value;
  return (
    <>
      <option value="mnist">{session.mnist}</option>
      <option value="fashion-mnist">{session.fashionMnist}</option>
    </>
  );
}

/** For a select of datasets: makes the chosen one current. */
export function chooseDataset(event: TargetedEvent<HTMLSelectElement>): void {
  currentDataset.value = event.currentTarget.value as DatasetId;
}

export function modelTitle({ name, accuracy }: Model): string {
  return accuracy === undefined ? name : `${name} · ${percent(accuracy)}`;
}

/** For a select of models: makes the chosen one current. */
export function chooseModel(event: TargetedEvent<HTMLSelectElement>): void {
  void use(event.currentTarget.value);
}
