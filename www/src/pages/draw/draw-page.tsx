import { computed, effect } from "@preact/signals";
import { explain, strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { address } from "../../router";
import { currentModel, currentModelId, infer, labels, modelInfo, modelState } from "../../store/session";
import { toast } from "../../store/toasts";
import { Bars } from "../../ui/drawing/bars";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { Drawing } from "../../ui/drawing/drawing";
import { Recogniser } from "../../ui/drawing/recogniser";
import { Seen } from "../../ui/drawing/seen";
import { Icon } from "../../ui/icons";
import { chooseModel, ModelOptions } from "../../ui/model-select";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const TRAINING_IMAGES = 60_000;
const NEARLY = 0.999;
/** In percent of the area's side. */
const WIDTHS = { min: 2, max: 14 };

// Here and not in the component: the drawing is still there when the person comes back to it.
const drawing = new Drawing();
const recogniser = new Recogniser(infer, "current", drawing, (error) => toast("error", explain(error)));
const shownLabels = computed(() => (labels.value.length > 0 ? labels.value : DIGITS));
const best = computed(() => {
  const first = recogniser.answer.value?.predictions[0];
  return first && { label: shownLabels.value[first.index] ?? first.label, p: first.p };
});
const bestLabel = computed(() => best.value?.label ?? "");

effect(() => {
  // Another net may take the open one's place at once, without a time of loading between them.
  modelInfo.value;
  recogniser.open.value = modelState.value === "ready";
  recogniser.again();
});

export function DrawPage() {
  const { draw } = strings.value;
  return (
    <div class="draw">
      <h1 class="unseen">{draw.heading}</h1>
      <section class="draw-left" aria-label={draw.canvas}>
        <DrawingCanvas
          drawing={drawing}
          recogniser={recogniser}
          testId="draw-canvas"
          label={draw.canvas}
          help={draw.canvasHelp}
          hint={draw.hint}
        />
        <Tools />
      </section>
      <Answer />
      <section class="next-step">
        <p>{learned()}</p>
        <a class="button primary" href={address("train")} data-testid="draw-train-yours">
          {draw.trainYours}
          <Icon name="next" />
        </a>
      </section>
    </div>
  );
}

function Answer() {
  const { draw } = strings.value;
  return (
    <section class="draw-right card" aria-label={draw.bars}>
      <div class="draw-answer">
        <div class="draw-best">
          <p class="draw-top" data-testid="draw-top" data-state={recogniser.state} data-seq={recogniser.sequence}>
            {bestLabel}
          </p>
          <p class="draw-sure">{sureness()}</p>
        </div>
        <figure class="draw-seen">
          <Seen
            answer={recogniser.answer.value}
            testId="draw-seen"
            label={recogniser.answer.value ? draw.seen : draw.seenEmpty}
          />
          <figcaption>{draw.seen}</figcaption>
        </figure>
      </div>
      <Bars
        labels={shownLabels.value}
        predictions={recogniser.answer.value?.predictions ?? null}
        testId="draw-bar"
        caption={draw.bars}
      />
      <ModelSelect />
      <p class="unseen" role="status">
        {spoken()}
      </p>
    </section>
  );
}

function Tools() {
  const { draw } = strings.value;
  const { width, isBlank } = drawing;
  return (
    <div class="draw-tools">
      <button
        type="button"
        class="button"
        data-testid="draw-undo"
        disabled={isBlank.value}
        onClick={() => drawing.undo()}
      >
        <Icon name="undo" />
        {draw.undo}
      </button>
      <button
        type="button"
        class="button"
        data-testid="draw-clear"
        disabled={isBlank.value}
        onClick={() => drawing.clear()}
      >
        <Icon name="clear" />
        {draw.clear}
      </button>
      <label class="draw-width">
        <span>{draw.width}</span>
        <input
          type="range"
          data-testid="draw-width"
          min={WIDTHS.min}
          max={WIDTHS.max}
          step={0.5}
          value={width.value * 100}
          onInput={(event) => {
            width.value = event.currentTarget.valueAsNumber / 100;
          }}
        />
      </label>
    </div>
  );
}

/** The session's model, chosen where its answer stands. */
function ModelSelect() {
  return (
    <label class="draw-model">
      <span>{strings.value.draw.model}</span>
      <select data-testid="draw-model" value={currentModelId.value} onChange={chooseModel}>
        <ModelOptions />
      </select>
    </label>
  );
}

function sureness(): string {
  const { draw } = strings.value;
  if (modelState.value === "failed") return draw.failed;
  if (modelState.value === "loading") return draw.loading;
  return best.value ? sure(best.value.p) : draw.blank;
}

/** A network is never wholly sure, even where rounding says so. */
function sure(p: number): string {
  const { draw } = strings.value;
  return p > NEARLY ? draw.overSure(percent(NEARLY)) : draw.sure(percent(p));
}

/** For those who listen: only what stands when the drawing rests. */
function spoken(): string {
  if (recogniser.state.value !== "ready" || !best.value) return "";
  return strings.value.draw.spoken(best.value.label, percent(best.value.p, 0));
}

function learned(): string {
  const { draw } = strings.value;
  if (currentModel.value.origin !== "shipped") return draw.ownNetwork;
  const accuracy = modelInfo.value?.test?.accuracy;
  const count = whole(TRAINING_IMAGES);
  return accuracy === undefined ? draw.learned(count) : draw.learnedAnd(count, percent(accuracy, 2));
}
