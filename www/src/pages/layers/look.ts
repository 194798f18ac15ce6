/** What the Layers page shows: the network, the image, what each layer makes of it, and the cell in question. */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { LookedThrough, Sample } from "../../engine/protocol";
import { pictureOf } from "../../engine/svg";
import type { LayersInfo } from "../../engine/types";
import { explain, strings } from "../../i18n";
import { isSample, type Looked, type LookedPhoto, lookedDrawing, lookedImage, subject } from "../../store/look";
import { photos } from "../../store/photos";
import { busy, progress, takeSnapshot } from "../../store/run";
import { fetchSamplePhoto, type SamplePhoto } from "../../store/sample-photos";
import { answering, currentDataset, infer, modelState } from "../../store/session";
import { toast } from "../../store/toasts";
import { Recogniser } from "../../ui/drawing/recogniser";
import { type Cell, Net, place, Run } from "./net";

/** How often the net of the moment is taken out of a training that is looked into. */
const EVERY_MS = 1000;
/** Weights that are fetched at once; of a network with more, those of the stage that is shown. */
const MOST_WEIGHTS = 2_000_000;

export const net = signal<Net | null>(null);
/** Why the network in use cannot be looked into. */
export const refusal = signal<string | null>(null);
/** The step of the training whose net is open; null where it is none. */
export const step = signal<number | null>(null);
/** The stage that is shown large. */
export const stage = signal(1);
export const cell = signal<Cell | null>(null);
/** Whether the cell stays while the pointer moves on. */
export const held = signal(false);
/** Raised when weights have come that were fetched later than their network. */
export const weightsCame = signal(0);
/** What a network for photos is shown where no photo was brought along. */
const standIn = signal<LookedPhoto | null>(null);
/** What is looked at in place of the drawing. */
export const picture = computed<Looked | null>(() => {
  const brought = lookedImage.value;
  if (net.value?.info.takesDrawings !== false) return brought;
  return brought && !isSample(brought) ? brought : standIn.value;
});

export const recogniser = new Recogniser<Run, Net>(
  (image, by) => asked(by, (stages) => infer.lookAtDrawing(image, stages)),
  () => lookedDrawing.value,
  (error) => toast("error", explain(error)),
);
/** What a network made of a picture; `run` is null where one for digits found no ink. */
const ofPicture = signal<{ by: Net; picture: Looked; run: Run | null } | null>(null);
/** Whether the picture has been looked at. */
export const looked = computed(() => ofPicture.value !== null && ofPicture.value.picture === picture.value);
const fits = (run: Run | null) => (run && run.overview.length === net.value?.overviewSize ? run : null);
/** What every stage holds; null where nothing is shown. */
export const run = computed(() =>
  fits(picture.value ? (looked.value ? (ofPicture.value?.run ?? null) : null) : recogniser.answer.value),
);
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

/** Asks a net about an image, for the stages that are needed now. */
async function asked(
  by: Net,
  question: (stages: readonly number[]) => Promise<LookedThrough | null>,
): Promise<Run | null> {
  const stages = by.needed(stage.peek());
  const through = await question(stages);
  return through && new Run(through.overview, by.cut(stages, through.values));
}

/** Keeps the page like its network while it is shown. Returns what ends that. */
export function begin(): () => void {
  const timed = setInterval(followTraining, EVERY_MS);
  const [drawing, version] = [lookedDrawing.peek(), lookedDrawing.peek().version.peek()];
  const effects = [
    effect(() => {
      if (subject.value === "training") return;
      const { value: by } = answering;
      const onnx = by && infer.file("current");
      if (onnx) void open(onnx, null, by.labels);
      else if (modelState.value === "loading") close();
      else if (modelState.value === "failed") refuse(new EngineError("no-model", strings.value.draw.failed));
    }),
    effect(() => {
      if (subject.value === "training") void followTraining();
    }),
    effect(() => {
      // A stroke takes another image's place.
      if (lookedDrawing.value === drawing && drawing.version.value !== version) lookedImage.value = null;
    }),
    effect(() => {
      if (net.value && picture.value) void lookAtPicture(net.value, picture.value);
      // What it is for is at once what it is shown with.
      else if (net.value?.info.takesDrawings === false) void showFirstPhoto();
    }),
    effect(() => {
      const [of, shown] = [net.value, run.value];
      if (of && shown) void fetchStage(of, shown, stage.value);
    }),
  ];
  return () => {
    for (const end of effects) end();
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
    const { info, weights } = await infer.openLayers(onnx, MOST_WEIGHTS);
    const opened = new Net(named(info, labels), weights);
    // Weights and values change together: sums that are shown would not add up in between.
    const again = await lookAgain(opened);
    if (mine === newest) settle(opened, ofStep, again);
  } catch (error) {
    if (mine === newest) refuse(EngineError.from(error));
  }
}

function named(info: LayersInfo, labels?: readonly string[]): LayersInfo {
  return labels ? { ...info, labels: [...labels] } : info;
}

/** What a network of the same layers makes of the image that is shown. */
async function lookAgain(opened: Net): Promise<Run | null> {
  const [before, shown] = [net.peek(), run.peek()];
  if (!shown || before?.key !== opened.key) return null;
  const pixels = Uint8Array.from(before.bytes(shown.values(0)));
  return asked(opened, (stages) => infer.lookAtPixels(pixels, stages));
}

function settle(opened: Net, ofStep: number | null, again: Run | null): void {
  batch(() => {
    if (net.peek()?.key !== opened.key) {
      cell.value = null;
      held.value = false;
      // The image is no layer's.
      stage.value = Math.min(Math.max(stage.peek(), 1), opened.stages.length - 1);
    }
    net.value = opened;
    recogniser.answersFrom(opened.info.takesDrawings ? opened : null);
    const shown = picture.peek();
    if (!shown) recogniser.answer.value = again;
    else if (again) ofPicture.value = { by: opened, picture: shown, run: again };
    step.value = ofStep;
    refusal.value = null;
  });
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

let fetching: Run | null = null;

/** Of a network that is not fetched whole: what a stage needs that is shown now. */
async function fetchStage(of: Net, shown: Run, at: number): Promise<void> {
  const needed = of.needed(at);
  const missing = needed.filter((one) => !shown.has(one));
  try {
    if (!of.hasWeights(at)) {
      of.keepWeights(at, await infer.layerWeights(at - 1));
      weightsCame.value += 1;
    }
    if (missing.length === 0 || fetching === shown) return;
    fetching = shown;
    const values = await infer.stageValues(missing);
    if (run.peek() !== shown) return;
    if (values.length === 0) return again(of);
    const came = of.cut(missing, values);
    const whole = shown.with(new Map(needed.map((one) => [one, came.get(one) ?? shown.values(one)] as const)));
    if (picture.peek() && ofPicture.peek())
      ofPicture.value = { ...ofPicture.peek(), run: whole } as typeof ofPicture.value;
    else recogniser.answer.value = whole;
  } catch (error) {
    toast("error", explain(error));
  } finally {
    fetching = null;
  }
}

/** A new worker has not seen the image that the one before had. */
function again(of: Net): void {
  const shown = picture.peek();
  ofPicture.value = null;
  if (shown) void lookAtPicture(of, shown);
  else recogniser.again();
}

/** Shows one of the dataset's test images, another than the one that is shown. */
export async function showSample(): Promise<void> {
  const [by, shown] = [net.peek(), picture.peek()];
  const before = shown && isSample(shown) ? shown.index : null;
  try {
    const next = await infer.sample(currentDataset.peek(), (count) => {
      const index = Math.floor(Math.random() * count);
      return index === before ? (index + 1) % count : index;
    });
    // The image and what the network makes of it change together.
    if (by) await lookAtPicture(by, next);
    lookedImage.value = next;
  } catch (error) {
    toast("error", explain(error));
  }
}

async function showFirstPhoto(): Promise<void> {
  const [own] = photos.peek();
  if (own) standIn.value = { name: own.name, file: own.file };
  else await showSamplePhoto("chelsea");
}

/** Shows one of the photos that come with the page. */
export async function showSamplePhoto(name: SamplePhoto): Promise<void> {
  try {
    const file = await fetchSamplePhoto(name);
    showPhoto({ name: file.name, file });
  } catch (error) {
    toast("error", explain(error));
  }
}

/** Shows a photo to a network for photos; one for what is drawn keeps its drawing. */
export function showPhoto(photo: LookedPhoto): void {
  batch(() => {
    if (lookedImage.peek() && !isSample(lookedImage.peek() as Looked)) lookedImage.value = null;
    standIn.value = photo;
  });
}

async function lookAtPicture(by: Net, shown: Looked): Promise<void> {
  const before = ofPicture.peek();
  if (before?.by === by && before.picture === shown) return;
  try {
    const through = isSample(shown)
      ? await lookAtSample(by, shown)
      : await asked(by, async (stages) => infer.lookAtPhoto(await pictureOf(shown.file), stages));
    if (net.peek() === by) ofPicture.value = { by, picture: shown, run: through };
  } catch (error) {
    toast("error", explain(error));
  }
}

function lookAtSample(by: Net, { pixels, height, width }: Sample): Promise<Run | null> {
  const channels = pixels.length / (height * width);
  const takes = by.stage(0).shape.join() === `${channels},${height},${width}`;
  return takes ? asked(by, (stages) => infer.lookAtPixels(pixels, stages)) : Promise.resolve(null);
}

/** Shows another stage large; the cell that was chosen is none of its. */
export function openStage(to: number): void {
  const last = (net.peek()?.stages.length ?? 1) - 1;
  const next = Math.min(Math.max(to, 0), last);
  if (next === stage.peek()) return;
  batch(() => {
    stage.value = next;
    cell.value = null;
    held.value = false;
  });
}

/** Shows a stage large, with one of its cells held. */
export function openCell(at: Cell): void {
  batch(() => {
    openStage(at.stage);
    cell.value = at;
    held.value = true;
  });
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
