import { computed, effect } from "@preact/signals";
import { className, explain, strings } from "../../i18n";
import { percent, sureness, whole } from "../../i18n/format";
import { address } from "../../router";
import { clear, handDrawing as drawing } from "../../store/drawings";
import { lookInto } from "../../store/look";
import { answering, currentModel, infer, labels, modelInfo, modelState, use } from "../../store/session";
import { toast } from "../../store/toasts";
import { Bars } from "../../ui/drawing/bars";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { asks, Recogniser } from "../../ui/drawing/recogniser";
import { Seen } from "../../ui/drawing/seen";
import { sureText } from "../../ui/drawing/sure";
import { Icon } from "../../ui/icons";
import { ModelSelect } from "../../ui/model-select";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const TRAINING_IMAGES = 60_000;
/** Signs of a label that can be shown as large as a digit. */
const SHORT_LABEL = 3;
/** ImageNet's training photos (ILSVRC 2012). */
const IMAGENET_PHOTOS = 1_281_167;
/** How the code of an answer that is no number ends. */
const NOT_FINITE = "not-finite";
/** In percent of the area's side. */
const WIDTHS = { min: 2, max: 14 };

const recogniser = new Recogniser(
  asks(infer, "current"),
  () => drawing,
  (error) => {
    // What Draw shows in the answer's place.
    if (!error.code.endsWith(NOT_FINITE)) toast("error", explain(error));
  },
);
const takesPhotos = computed(() => answering.value?.takesDrawings === false);
/** Of the answer that stands, or of the network that will answer next. */
const shownLabels = computed(() => recogniser.answer.value?.labels ?? answering.value?.labels ?? DIGITS);
const best = computed(() => recogniser.answer.value?.predictions[0]);
const bestLabel = computed(() => className(best.value?.label ?? ""));
const isOfClothes = computed(() => answering.value !== null && modelInfo.value?.dataset === "fashion-mnist");

effect(() => recogniser.answersFrom(answering.value?.takesDrawings ? answering.value : null));

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
          hint={hint()}
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
          <p
            class={bestLabel.value.length > SHORT_LABEL ? "draw-top word" : "draw-top"}
            data-testid="draw-top"
            data-state={recogniser.state}
            data-seq={recogniser.sequence}
          >
            {bestLabel}
          </p>
          <p class="draw-sure">{sureLine()}</p>
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
      {!takesPhotos.value ? (
        <Bars
          labels={shownLabels.value}
          predictions={recogniser.answer.value?.predictions ?? null}
          testId="draw-bar"
          caption={draw.bars}
        />
      ) : (
        <TakesPhotos />
      )}
      <div class="draw-under">
        <ModelSelect testId="draw-model" label={draw.model} className="draw-model" />
        <LookInside />
      </div>
      <p class="unseen" role="status">
        {spoken()}
      </p>
    </section>
  );
}

/** In place of a thousand bars: what this network is for, and the way back. */
function TakesPhotos() {
  const { draw } = strings.value;
  return (
    <div class="draw-refusal" data-testid="draw-takes-photos">
      <p>{draw.takesPhotos(currentModel.value.name)}</p>
      <button type="button" class="button" onClick={() => void use("digits")}>
        {draw.useDigits}
      </button>
    </div>
  );
}

function Tools() {
  const { draw } = strings.value;
  const { width, isBlank, canUndo, canRedo } = drawing;
  return (
    <div class="draw-tools">
      <button
        type="button"
        class="button"
        data-testid="draw-undo"
        aria-label={draw.undo}
        title={draw.undo}
        disabled={!canUndo.value}
        onClick={() => drawing.undo()}
      >
        <Icon name="undo" />
        <span class="draw-tool-name">{draw.undo}</span>
      </button>
      <button
        type="button"
        class="button"
        data-testid="draw-redo"
        aria-label={draw.redo}
        title={draw.redo}
        disabled={!canRedo.value}
        onClick={() => drawing.redo()}
      >
        <Icon name="redo" />
        <span class="draw-tool-name">{draw.redo}</span>
      </button>
      <button
        type="button"
        class="button"
        data-testid="draw-clear"
        disabled={isBlank.value}
        onClick={() => clear(drawing)}
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

/** The way to what every layer makes of this drawing. */
function LookInside() {
  return (
    <a
      class="button"
      href={address("layers")}
      data-testid="draw-look-inside"
      onClick={() => lookInto("session", drawing)}
    >
      {strings.value.layers.link}
    </a>
  );
}

function hint(): string {
  const { draw } = strings.value;
  if (takesPhotos.value) return draw.takesPhotos(currentModel.value.name);
  return isOfClothes.value ? draw.hintClothes : draw.hint;
}

function sureLine(): string {
  const { draw } = strings.value;
  if (modelState.value === "failed") return draw.failed;
  if (modelState.value === "loading") return draw.loading;
  if (takesPhotos.value) return "";
  if (recogniser.failure.value) return explain(recogniser.failure.value);
  return best.value ? sureText(best.value.p) : draw.blank;
}

/** For those who listen: only what stands when the drawing rests. */
function spoken(): string {
  if (recogniser.state.value !== "ready" || !best.value) return "";
  return strings.value.draw.spoken(bestLabel.value, sureness(best.value.p));
}

function learned(): string {
  const { draw } = strings.value;
  if (currentModel.value.origin !== "shipped") return draw.ownNetwork;
  const accuracy = modelInfo.value?.test?.accuracy;
  const count = whole(TRAINING_IMAGES);
  if (isOfClothes.value) return draw.learnedClothes(count);
  if (modelInfo.value?.dataset === "imagenet")
    return draw.learnedPhotos(whole(IMAGENET_PHOTOS), whole(labels.value.length));
  return accuracy === undefined ? draw.learned(count) : draw.learnedAnd(count, percent(accuracy));
}
