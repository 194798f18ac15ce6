/** What the Layers page shows: the network, the image, what each layer makes of it, and the cell in question. */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { OpenedLayers, Sample } from "../../engine/protocol";
import { explain } from "../../i18n";
import { lookedDrawing, lookedSample as sample, subject } from "../../store/look";
import { busy, progress, takeSnapshot } from "../../store/run";
import { answering, currentDataset, infer, modelState } from "../../store/session";
import { toast } from "../../store/toasts";
import { Recogniser } from "../../ui/drawing/recogniser";
import { type Cell, Net, place } from "./net";

/** How often the net of the moment is taken out of a training that is looked into. */
const EVERY_MS = 1000;

export const net = signal<Net | null>(null);
/** Why the network in use cannot be looked into. */
export const refusal = signal<string | null>(null);
/** The step of the training whose net is open; null where it is none. */
export const step = signal<number | null>(null);
export { lookedDrawing as drawing, lookedSample as sample } from "../../store/look";
export const cell = signal<Cell | null>(null);
/** Whether the cell stays while the pointer moves on. */
export const held = signal(false);

export const recogniser = new Recogniser<Float32Array, Net>(
  (image) => infer.layersOfDrawing(image),
  () => lookedDrawing.value,
  (error) => toast("error", explain(error)),
);
const ofSample = signal<{ sample: Sample; values: Float32Array } | null>(null);
/** What the network makes of the test image that is shown. */
const valuesOfSample = computed(() =>
  ofSample.value?.sample === sample.value ? (ofSample.value?.values ?? null) : null,
);
const fits = (run: Float32Array | null) => (run && run.length === net.value?.size ? run : null);
/** What every stage holds, one after another; null where nothing is shown. */
export const run = computed(() => fits(sample.value ? valuesOfSample.value : recogniser.answer.value));
/** Raised with every image that has been looked through. */
export const sequence = signal(0);
export const canSample = computed(() => net.value?.stage(0).shape.join() === "1,28,28");

/** The newest net of the same layers: of a training, weights change while the page stays as it is. */
export function live(of: Net): Net {
  const newest = net.value;
  return newest?.key === of.key ? newest : of;
}

effect(() => {
  if (run.value) sequence.value = sequence.peek() + 1;
});

/** Keeps the page like its network while it is shown. Returns what ends that. */
export function begin(): () => void {
  const following = effect(() => {
    if (subject.value === "training") return;
    const { value: by } = answering;
    const onnx = by && infer.file("current");
    if (onnx) void open(onnx, null, by.labels);
    else if (modelState.value === "loading") close();
  });
  const timed = setInterval(followTraining, EVERY_MS);
  const training = effect(() => {
    if (subject.value === "training") void followTraining();
  });
  const [drawing, version] = [lookedDrawing.peek(), lookedDrawing.peek().version.peek()];
  const drawn = effect(() => {
    // A stroke takes the test image's place.
    if (lookedDrawing.value === drawing && drawing.version.value !== version) sample.value = null;
  });
  const carried = effect(() => {
    if (sample.value) lookAtSample().catch((error) => toast("error", explain(error)));
  });
  return () => {
    following();
    training();
    carried();
    drawn();
    clearInterval(timed);
  };
}

let newest = 0;
let openFile: Uint8Array | null = null;
let snapping = false;

async function followTraining(): Promise<void> {
  if (subject.peek() !== "training" || snapping) return;
  if (step.peek() !== null && !busy.peek() && progress.peek().step === step.peek()) return;
  snapping = true;
  try {
    const taken = await takeSnapshot();
    if (subject.peek() === "training") await open(taken.onnx, taken.step);
  } catch {
    // The run may just have ended or failed: its own state says so.
  } finally {
    snapping = false;
  }
}

/** `labels`: names that came beside the file; without them, the file's own. */
async function open(onnx: Uint8Array, ofStep: number | null, labels?: readonly string[]): Promise<void> {
  if (onnx === openFile) return;
  const mine = ++newest;
  openFile = onnx;
  try {
    const opened = new Net(named(await infer.openLayers(onnx), labels));
    // Weights and values change together: sums that are shown would not add up in between.
    const values = await lookAgain(opened);
    if (mine === newest) settle(opened, ofStep, values);
  } catch (error) {
    if (mine === newest) refuse(EngineError.from(error));
  }
}

function named(opened: OpenedLayers, labels?: readonly string[]): OpenedLayers {
  return labels ? { ...opened, info: { ...opened.info, labels: [...labels] } } : opened;
}

/** What a network of the same layers makes of the image that is shown. */
async function lookAgain(opened: Net): Promise<Float32Array | null> {
  const [before, values] = [net.peek(), run.peek()];
  if (!values || before?.key !== opened.key) return null;
  return infer.layersOfPixels(Uint8Array.from(before.image(values)));
}

function settle(opened: Net, ofStep: number | null, values: Float32Array | null): void {
  batch(() => {
    if (net.peek()?.key !== opened.key) {
      cell.value = null;
      held.value = false;
    }
    net.value = opened;
    recogniser.answersFrom(opened.info.takesDrawings ? opened : null);
    const shown = sample.peek();
    if (shown) ofSample.value = values && { sample: shown, values };
    else recogniser.answer.value = values;
    step.value = ofStep;
    refusal.value = null;
  });
  lookAtSample().catch((error) => toast("error", explain(error)));
}

function refuse(error: EngineError): void {
  batch(() => {
    close();
    refusal.value = error.message;
  });
}

/** Another network is on its way, or none can be shown: what was shown of the last is not said of it. */
function close(): void {
  newest += 1;
  // Asked for again, it is tried again.
  openFile = null;
  batch(() => {
    recogniser.answersFrom(null);
    net.value = null;
    step.value = null;
    cell.value = null;
    held.value = false;
    refusal.value = null;
  });
}

/** Shows one of the dataset's test images, another than the one that is shown. */
export async function showSample(): Promise<void> {
  try {
    const before = sample.peek()?.index;
    const next = await infer.sample(currentDataset.peek(), (count) => {
      const index = Math.floor(Math.random() * count);
      return index === before ? (index + 1) % count : index;
    });
    const values = await infer.layersOfPixels(next.pixels);
    // The image and what the network makes of it change together.
    batch(() => {
      ofSample.value = { sample: next, values };
      sample.value = next;
    });
  } catch (error) {
    sample.value = null;
    toast("error", explain(error));
  }
}

async function lookAtSample(): Promise<void> {
  const shown = sample.peek();
  if (!shown || ofSample.peek()?.sample === shown) return;
  if (net.peek()?.stage(0).shape.join() !== `1,${shown.height},${shown.width}`) return;
  const values = await infer.layersOfPixels(shown.pixels);
  if (sample.peek() === shown) ofSample.value = { sample: shown, values };
}

/** Chooses a cell; a cell that is held gives way only to another that is to be held. */
export function point(at: Cell, hold = false): void {
  if (held.peek() && !hold) return;
  const same = held.peek() && cell.peek()?.stage === at.stage && cell.peek()?.index === at.index;
  cell.value = at;
  held.value = hold && !same;
}

/** Moves the chosen cell within its map, or within its list. */
export function nudge(across: number, down: number): void {
  const [of, at] = [net.peek(), cell.peek()];
  if (!of || !at) return;
  const shape = of.shape(at.stage);
  const list = shape.height * shape.width === 1;
  const { channel, row, column } = place(shape, at.index);
  const within = (value: number, side: number) => Math.min(Math.max(value, 0), side - 1);
  const index = list
    ? within(at.index + across + down, shape.channels)
    : (channel * shape.height + within(row + down, shape.height)) * shape.width + within(column + across, shape.width);
  cell.value = { stage: at.stage, index };
  held.value = true;
}

export function letGo(): void {
  held.value = false;
}
