import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { className, strings } from "../../i18n";
import { sureness, whole } from "../../i18n/format";
import { address } from "../../router";
import { clear, padDrawing as drawing } from "../../store/drawings";
import { lookInto } from "../../store/look";
import { isNone, NONE, type Reject, rejectOf } from "../../store/rejecting";
import { dataset, hasNet, progress, runState, takeSnapshot } from "../../store/run";
import { currentDataset, infer } from "../../store/session";
import { Bars } from "../../ui/drawing/bars";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { asks, type Named, Recogniser } from "../../ui/drawing/recogniser";
import { noneText } from "../../ui/none";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** How often the net of the moment is taken out of the training and asked. */
const EVERY_MS = 1000;

/** The step of the net that is open; null before there is one. */
const openStep = signal<number | null>(null);
/** How that net tells what it does not know; null where it cannot. */
const reject = signal<Reject | null>(null);
// A pad that cannot answer now will be asked again in a second, with the next net.
const recogniser = new Recogniser(
  asks(infer, "training"),
  () => drawing,
  () => {},
);
let opening = false;
/** The run's names for its classes: what it said of the drawing stays until it says something newer, or is over. */
let answering: Named | null = null;

effect(() => {
  if (runState.value === "preparing") silence();
});

function silence(): void {
  openStep.value = null;
  answering = null;
  recogniser.answersFrom(null);
}

/** Opens the net of this moment where it is newer than the one that is open and there is something to answer. */
async function refresh(): Promise<void> {
  const { step } = progress.value;
  if (step === 0) return silence();
  if (opening || drawing.isBlank.value || step === openStep.value) return;
  opening = true;
  try {
    const net = await takeSnapshot();
    if (net.step === openStep.value) return;
    const info = await infer.open("training", net.onnx);
    reject.value = rejectOf(info);
    openStep.value = net.step;
    const labels = dataset.value?.classes ?? DIGITS;
    if (answering?.labels !== labels) answering = { labels };
    recogniser.answersFrom(answering);
    recogniser.again();
  } catch {
    // The run may just have ended or failed: its own state says so.
  } finally {
    opening = false;
  }
}

/** Which net answers, or what to do so that one does. */
function padNote(): string {
  const { train } = strings.value;
  if (runState.value === "idle") return train.padBefore;
  if (drawing.isBlank.value) return train.padBlank;
  return openStep.value === null ? train.padBefore : train.padStep(whole(openStep.value));
}

/** A canvas beside the curves: the net that is being trained answers what is drawn on it. */
export function TrainPad() {
  useEffect(() => {
    const timer = setInterval(refresh, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { train, draw } = strings.value;
  const answer = recogniser.answer.value;
  const predictions = answer?.predictions ?? null;
  const best = predictions?.[0];
  const none = best !== undefined && isNone(answer?.novelty, reject.value?.threshold);
  const labels = answer?.labels ?? dataset.value?.classes ?? DIGITS;
  return (
    <section class="card pad" aria-label={train.pad}>
      <div class="panel-head">
        <h2>{train.pad}</h2>
        <button
          type="button"
          class="button quiet pad-clear"
          data-testid="train-pad-clear"
          aria-label={train.padClear}
          disabled={drawing.isBlank.value}
          onClick={() => clear(drawing)}
        >
          {draw.clear}
        </button>
      </div>
      <p class="muted small pad-help">{train.padHelp}</p>
      <div class="pad-body">
        <DrawingCanvas
          drawing={drawing}
          recogniser={recogniser}
          testId="train-pad"
          label={train.pad}
          help={draw.canvasHelp}
          hint={currentDataset.value === "fashion-mnist" ? draw.hintClothes : draw.hint}
        />
        <div class="pad-answer">
          <p class="pad-top">
            <strong
              data-testid="train-pad-top"
              data-label={none ? NONE : (best?.label ?? "")}
              data-state={recogniser.state}
              data-step={openStep.value ?? ""}
            >
              {none ? noneText(labels) : className(best?.label ?? "")}
            </strong>
            <span class="muted small">{best && !none && sureness(best.p)}</span>
          </p>
          <Bars labels={labels} predictions={predictions} testId="train-pad-bar" caption={draw.bars} none={none} />
        </div>
      </div>
      <div class="pad-foot">
        <p class="muted small">{padNote()}</p>
        {hasNet.value && (
          <a
            class="button quiet"
            href={address("layers")}
            data-testid="train-look-inside"
            onClick={() => lookInto("training", drawing)}
          >
            {strings.value.layers.link}
          </a>
        )}
      </div>
    </section>
  );
}
