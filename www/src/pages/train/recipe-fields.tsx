import type { ComponentChildren } from "preact";
import type { Recipe } from "../../engine/types";
import { strings } from "../../i18n";
import { change, recipe } from "../../store/plan";
import { Term } from "../../ui/term";

export function RecipeFields() {
  const { train, terms } = strings.value;
  return (
    <>
      <NumberField
        name="epochs"
        testId="train-epochs"
        label={train.epochs}
        hint={train.epochsHint}
        min={1}
        max={1000}
      />
      <NumberField
        name="batchSize"
        testId="train-batch"
        label={train.batch}
        hint={train.batchHint}
        min={1}
        max={1024}
      />
      <NumberField
        name="learningRate"
        testId="train-lr"
        label={train.rate}
        hint={train.rateHint}
        min={0.000001}
        max={1}
        step="any"
      />
      <Field label={<Term id="adam">{train.optimizer}</Term>} id="train-optimizer-field">
        <select id="train-optimizer-field" data-testid="train-optimizer" aria-label={train.optimizer} value="adam">
          <option value="adam">{terms.adam.name}</option>
        </select>
      </Field>
      <Field label={<Term id="crossEntropy">{train.loss}</Term>} id="train-loss-field">
        <select id="train-loss-field" data-testid="train-loss" aria-label={train.loss} value="crossEntropy">
          <option value="crossEntropy">{train.crossEntropy}</option>
        </select>
      </Field>
      <NumberField name="seed" testId="train-seed" label={train.seed} hint={train.seedHint} min={0} max={4294967295} />
      <NumberField
        name="validationShare"
        testId="train-validation"
        label={train.validation}
        hint={train.validationHint}
        min={0}
        max={0.5}
        step="any"
      />
    </>
  );
}

type NumberName = { [K in keyof Recipe]-?: Recipe[K] extends number ? K : never }[keyof Recipe];

interface NumberFieldProps {
  name: NumberName;
  testId: string;
  label: string;
  hint: string;
  min: number;
  max: number;
  step?: number | "any";
}

function NumberField({ name, testId, label, hint, min, max, step = 1 }: NumberFieldProps) {
  return (
    <Field label={<label for={testId}>{label}</label>} hint={hint} id={testId}>
      <input
        id={testId}
        data-testid={testId}
        type="number"
        inputMode="decimal"
        required
        min={min}
        max={max}
        step={step}
        value={recipe.value?.[name] ?? ""}
        disabled={!recipe.value}
        aria-describedby={`${testId}-hint`}
        onInput={({ currentTarget }) => {
          // What does not fit stays in the field, marked, and is not trained with.
          if (currentTarget.validity.valid) change({ [name]: currentTarget.valueAsNumber });
        }}
      />
    </Field>
  );
}

function Field({
  label,
  hint,
  id,
  children,
}: {
  label: ComponentChildren;
  hint?: string;
  id: string;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      {label}
      {children}
      {hint && (
        <small id={`${id}-hint`} class="muted">
          {hint}
        </small>
      )}
    </div>
  );
}
