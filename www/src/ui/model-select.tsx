import type { TargetedEvent } from "preact";
import { strings } from "../i18n";
import { percent } from "../i18n/format";
import { type Model, models, use } from "../store/session";

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
  return <option value="mnist">{strings.value.session.mnist}</option>;
}

export function modelTitle({ name, accuracy }: Model): string {
  return accuracy === undefined ? name : `${name} · ${percent(accuracy)}`;
}

/** For a select of models: makes the chosen one current. */
export function chooseModel(event: TargetedEvent<HTMLSelectElement>): void {
  void use(event.currentTarget.value);
}
