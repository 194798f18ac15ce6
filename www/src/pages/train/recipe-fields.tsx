import type { ComponentChildren } from "preact";
import { LOSSES, OPTIMIZERS, RECIPE_LIMITS, SCHEDULES } from "../../engine/constants";
import type { Loss, OptimizerSpec, Recipe, Schedule } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { factsOf } from "../../store/datasets";
import { change, chooseOptimizer, handwriting, preset, recipe, report } from "../../store/plan";
import { busy } from "../../store/run";
import { currentDataset } from "../../store/session";
import { beginWith } from "../../store/source";
import type { TermId } from "../../ui/formulas";
import { NumberInput } from "../../ui/number-input";
import { Term } from "../../ui/term";
import { batchHint } from "./batch-hint";

export function RecipeFields() {
  const { train } = strings.value;
  return (
    <>
      <RecipeNumber name="epochs" testId="train-epochs" term="epoch" label={train.epochs} hint={train.epochsHint} />
      {/* Of a training that is taken up, everything else is settled. */}
      {beginWith.value !== "training" && <NewRecipeFields />}
    </>
  );
}

function NewRecipeFields() {
  const { train } = strings.value;
  return (
    <>
      <BatchField />
      <OptimizerFields />
      <RecipeNumber
        name="learningRate"
        testId="train-lr"
        term="learningRate"
        label={train.rate}
        hint={train.rateHint}
        step="any"
      />
      <ScheduleField />
      <LossField />
      <AugmentationField />
      <RecipeNumber name="seed" testId="train-seed" label={train.seed} hint={train.seedHint} />
      <ValidationField />
    </>
  );
}

/** Which images are held out: a dataset may say so itself. */
function ValidationField() {
  const { train } = strings.value;
  const { validation } = factsOf(currentDataset.value);
  if (validation > 0) {
    return (
      <p class="field muted small" data-testid="train-validation-given">
        {train.validationGiven(validation, whole(validation))}
      </p>
    );
  }
  return (
    <RecipeNumber
      name="validationShare"
      testId="train-validation"
      label={train.validation}
      hint={train.validationHint}
      step="any"
    />
  );
}

/** A batch that there is no memory for is said here, and keeps the form from starting. */
function BatchField() {
  const { train } = strings.value;
  const sizes = report.value?.batchSizes;
  return (
    <RecipeNumber
      name="batchSize"
      testId="train-batch"
      term="batchSize"
      label={train.batch}
      hint={batchHint(recipe.value?.batchSize, sizes)}
      {...(sizes && { limits: sizes })}
    />
  );
}

type OptimizerKind = OptimizerSpec["kind"];

/** The optimiser, and what it alone has to set. */
function OptimizerFields() {
  const { train, terms } = strings.value;
  const optimizer = recipe.value?.optimizer;
  const kind = optimizer?.kind ?? "adam";
  const kinds = Object.keys(OPTIMIZERS) as OptimizerKind[];
  return (
    <>
      <Choice
        testId="train-optimizer"
        term={kind}
        label={train.optimizer}
        value={kind}
        options={kinds.map((id) => [id, terms[id].name])}
        onChoose={chooseOptimizer}
      />
      {optimizer?.kind === "sgd" && (
        <NumberField
          testId="train-momentum"
          term="sgd"
          label={train.momentum}
          hint={train.momentumHint}
          limits={RECIPE_LIMITS.momentum}
          step="any"
          value={optimizer.momentum}
          onChange={(momentum) => change({ optimizer: { ...optimizer, momentum } })}
        />
      )}
      {optimizer && "weightDecay" in optimizer && (
        <NumberField
          testId="train-weight-decay"
          term="weightDecay"
          label={train.weightDecay}
          hint={train.weightDecayHint}
          limits={RECIPE_LIMITS.weightDecay}
          step="any"
          value={optimizer.weightDecay}
          onChange={(weightDecay) => change({ optimizer: { ...optimizer, weightDecay } })}
        />
      )}
    </>
  );
}

function ScheduleField() {
  const { train } = strings.value;
  const names: Record<Schedule, string> = { constant: train.scheduleConstant, cosine: train.scheduleCosine };
  return (
    <Choice
      testId="train-schedule"
      term="schedule"
      label={train.schedule}
      value={recipe.value?.schedule ?? "constant"}
      options={SCHEDULES.map((id) => [id, names[id]])}
      onChoose={(schedule) => change({ schedule })}
    />
  );
}

function LossField() {
  const { train } = strings.value;
  const loss = recipe.value?.loss ?? "crossEntropy";
  const names: Record<Loss, string> = {
    crossEntropy: train.crossEntropy,
    meanSquaredError: train.meanSquaredError,
  };
  return (
    <Choice
      testId="train-loss"
      term={loss}
      label={train.loss}
      value={loss}
      options={LOSSES.map((id) => [id, names[id]])}
      onChoose={(chosen) => change({ loss: chosen })}
      {...(loss === "meanSquaredError" && { hint: train.meanSquaredErrorHint })}
    />
  );
}

function AugmentationField() {
  const { train } = strings.value;
  // The preset's own way, where it has one; otherwise that of handwriting.
  const own = preset.value?.recipe.augmentation;
  const kinds: Partial<Record<string, string>> = {
    fashion: train.augmentationClothes,
    photos: train.augmentationPhotos,
  };
  const varied = (own && kinds[preset.value?.id ?? ""]) || train.augmentationOn;
  const options: ["off" | "handwriting", string][] = [
    ["off", train.augmentationOff],
    ["handwriting", varied],
  ];
  return (
    <Choice
      testId="train-augmentation"
      term="augmentation"
      label={train.augmentation}
      value={recipe.value?.augmentation ? "handwriting" : "off"}
      options={options}
      onChoose={(chosen) => change({ augmentation: chosen === "off" ? null : (own ?? handwriting.value ?? null) })}
    />
  );
}

interface ChoiceProps<Id extends string> {
  testId: string;
  term: TermId;
  label: string;
  hint?: string;
  value: Id;
  options: readonly (readonly [Id, string])[];
  onChoose: (chosen: Id) => void;
}

function Choice<Id extends string>({ testId, term, label, hint, value, options, onChoose }: ChoiceProps<Id>) {
  return (
    <Field id={testId} label={<Term id={term}>{label}</Term>} {...(hint && { hint })}>
      <select
        data-testid={testId}
        disabled={busy.value}
        aria-label={label}
        {...(hint && { "aria-describedby": `${testId}-hint` })}
        value={value}
        onChange={({ currentTarget }) => onChoose(currentTarget.value as Id)}
      >
        {options.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

type NumberName = { [K in keyof Recipe]-?: Recipe[K] extends number ? K : never }[keyof Recipe];
type RecipeNumberProps = Omit<NumberFieldProps, "value" | "onChange" | "limits"> & {
  name: NumberName;
  /** Narrower than what every recipe may have. */
  limits?: Limits;
};

function RecipeNumber({ name, limits = RECIPE_LIMITS[name], ...rest }: RecipeNumberProps) {
  return (
    <NumberField
      {...rest}
      limits={limits}
      value={recipe.value?.[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
}

interface Limits {
  least: number;
  most: number;
}

interface NumberFieldProps {
  testId: string;
  /** What explains the label; without one it is a plain label. */
  term?: TermId;
  label: string;
  hint: string;
  limits: Limits;
  step?: number | "any";
  value: number | undefined;
  onChange: (value: number) => void;
}

function NumberField({ testId, term, label, hint, limits, step = 1, value, onChange }: NumberFieldProps) {
  return (
    <Field label={term ? <Term id={term}>{label}</Term> : <label for={testId}>{label}</label>} hint={hint} id={testId}>
      <NumberInput
        id={testId}
        data-testid={testId}
        inputMode="decimal"
        required
        min={limits.least}
        max={limits.most}
        step={step}
        value={value}
        disabled={value === undefined || busy.value}
        {...(term && { "aria-label": label })}
        aria-describedby={`${testId}-hint`}
        onChange={onChange}
      />
    </Field>
  );
}

interface FieldProps {
  label: ComponentChildren;
  hint?: string;
  id: string;
  children: ComponentChildren;
}

function Field({ label, hint, id, children }: FieldProps) {
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
