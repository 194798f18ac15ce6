/**
 * The photos that are labelled, in the order in which they came. They live here, so that the work of several workers,
 * which have the model to themselves, goes on whichever page is shown and whatever model that page uses; what comes to
 * wait meanwhile is answered when the photos are shown again. What a model said of a photo is kept for as long as the
 * photo is: going back to that model asks nothing anew.
 */
import { batch, computed, effect, type Signal, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { pathOf } from "../engine/file-path";
import { macrotask } from "../engine/macrotask";
import { PhotoEngine } from "../engine/photos";
import type { PhotoAnswer } from "../engine/protocol";
import { pictureOf } from "../engine/svg";
import type { Prediction } from "../engine/types";
import { explain, strings } from "../i18n";
import { PhotoKeeping } from "./photo-keeping";
import { isNone, type Reject, rejectOf } from "./rejecting";
import { currentModel, currentModelId, infer, labels, type Model, modelInfo, modelState } from "./session";
import { toast } from "./toasts";

/** Classes that are kept of each answer. */
const TOP = 5;
/** The longer side of a small picture, in pixels: sharp on the cards of a dense display. */
const THUMBNAIL = 384;
/** So few are answered by the worker that is warm before others would have started. */
const FEW = 6;
/** Photos that turn to another model in one task: each draws its card anew, and a task must not hold up a click. */
const AT_ONCE = 20;
/** Answers of several workers are shown so often: each drawing of the page takes from the processor what they work with. */
const SHOW_EVERY_MS = 200;

export interface Answer {
  /** Best first. None where a network for digits finds no ink. */
  predictions: readonly Prediction[];
  /** How unlike everything the model has learned it is, and what that is measured by; null where the model has no score. */
  novelty: number | null;
  reject: Reject | null;
  /** The names of all the model's classes. */
  classes: readonly string[];
  model: Model;
  /** Scaling and running, without decoding. */
  ms: number;
  /** Whether a part of the picture was missing. */
  incomplete: boolean;
}

export interface Photo {
  id: number;
  name: string;
  /** In the folder it came with; the name where it came alone. */
  path: string;
  file: File;
  /** Under which it is kept in this browser; null where it is not, or not yet. */
  key: number | null;
  /** Of the picture as it stands upright; null until it has been decoded. */
  size: Signal<{ width: number; height: number } | null>;
  /** The address of a small picture; empty until the photo has been decoded. */
  thumbnail: Signal<string>;
  /** The model whose answer it shows: the one in use, when its turn has come. */
  model: Signal<string>;
  /** By the model's id. */
  outcomes: Signal<ReadonlyMap<string, Answer | EngineError>>;
}

export interface Batch {
  photos: number;
  seconds: number;
  workers: number;
}

export type PhotoState = "waiting" | "done" | "failed";

const engine = new PhotoEngine();
const keeping = new PhotoKeeping();
export const photos = signal<readonly Photo[]>([]);
/** Whether photos are being answered. */
export const labelling = signal(false);
/** Whether the work was cancelled: the photos that wait then wait for a person. */
export const cancelled = signal(false);
/** What the work took, from the first photo to the last, that several workers shared. */
export const lastBatch = signal<Batch | null>(null);
export const waiting = computed(() => photos.value.filter(waits).length);
/** Networks for what is drawn by hand read a sign on paper; the others are for photos. */
export const takesPhotos = computed(() => modelInfo.value?.takesDrawings === false);
/** The model that the page that shows them asks; null where another page is shown, whose model is none of theirs. */
const asked = signal<string | null>(null);

/** The model that is asked, and how it tells what it does not know. */
interface Asked {
  model: Model;
  reject: Reject | null;
  classes: readonly string[];
}

interface Work {
  model: string;
  /** With the one worker whose model every page shares. */
  shared: boolean;
  abort: AbortController;
}

let nextId = 1;
let work: Work | null = null;
/** Whether the work that was done last left its helpers waiting. */
let helped = false;

/** What its model said of a photo. */
export function outcomeOf(photo: Photo): Answer | EngineError | undefined {
  return photo.outcomes.value.get(photo.model.value);
}

function waits(photo: Photo): boolean {
  return photo.model.value !== currentModelId.value || outcomeOf(photo) === undefined;
}

export function answerOf(photo: Photo): Answer | null {
  const outcome = outcomeOf(photo);
  return outcome && !(outcome instanceof EngineError) ? outcome : null;
}

export function stateOf(photo: Photo): PhotoState {
  const outcome = outcomeOf(photo);
  if (!outcome) return "waiting";
  return outcome instanceof EngineError ? "failed" : "done";
}

export function addPhotos(files: readonly File[]): void {
  if (files.length === 0) {
    toast("info", strings.value.photos.noPictures);
    return;
  }
  cancelled.value = false;
  // First, so that these are not taken for those of the last visit.
  void restorePhotos();
  const added = files.map((file) => newPhoto(file, pathOf(file)));
  photos.value = [...photos.peek(), ...added];
  void keeping.keep(added);
}

function newPhoto(file: File, path: string, key: number | null = null): Photo {
  return {
    id: nextId++,
    name: file.name,
    path,
    file,
    key,
    size: signal(null),
    thumbnail: signal(""),
    model: signal(currentModelId.peek()),
    outcomes: signal(new Map()),
  };
}

export function clearPhotos(): void {
  const gone = photos.value;
  photos.value = [];
  lastBatch.value = null;
  stop("Cleared.");
  void keeping.forget(gone);
  toast("info", strings.value.photos.cleared(gone.length), {
    undo() {
      photos.value = [...gone, ...photos.peek()];
      // Another model may have been chosen meanwhile.
      void turn();
      void keeping.keep(gone);
    },
    gone() {
      for (const photo of gone) URL.revokeObjectURL(photo.thumbnail.value);
    },
  });
}

let restoring: Promise<void> | undefined;

/** Brings back the photos of the last visit, once. */
export function restorePhotos(): Promise<void> {
  restoring ??= keeping.restore().then((kept) => {
    const restored = kept.map(({ key, file, path }) => newPhoto(file, path, key));
    if (restored.length > 0) photos.value = [...restored, ...photos.peek()];
  });
  return restoring;
}

export function cancelPhotos(): void {
  cancelled.value = true;
  stop("Cancelled.");
}

function stop(why: string): void {
  work?.abort.abort(new EngineError("aborted", why));
}

/** Takes up what was cancelled. */
export function resumePhotos(): void {
  cancelled.value = false;
}

/** To be called by the page that shows the photos: which model it asks, and null when it goes. */
export function askModel(id: string | null): void {
  asked.value = id;
}

let turning = false;

effect(() => {
  currentModelId.value;
  void turn();
});

/** To the model in use, a few at a time. */
async function turn(): Promise<void> {
  if (turning) return;
  turning = true;
  for (;;) {
    const id = currentModelId.peek();
    const next = photos.peek().filter(({ model }) => model.peek() !== id);
    if (next.length === 0) break;
    batch(() => {
      for (const photo of next.slice(0, AT_ONCE)) photo.model.value = id;
    });
    await macrotask();
  }
  turning = false;
}

effect(() => {
  const [here, everywhere] = [asked.value, currentModelId.value];
  if (!work) return;
  const other = here !== null && here !== work.model;
  if (other || (work.shared && everywhere !== work.model)) stop("Another model is in use.");
});

effect(() => {
  const open = asked.value === currentModelId.value && modelState.value === "ready";
  const ready = open && !cancelled.value;
  if (ready && waiting.value > 0 && !labelling.value) void label();
});

/** Asks the model in use about what waits. What comes meanwhile is asked next. */
async function label(): Promise<void> {
  const model = currentModel.peek();
  const asking = { model, reject: rejectOf(modelInfo.peek()), classes: labels.peek() };
  const onnx = infer.file("current");
  const list = photos.peek().filter((photo) => !photo.outcomes.peek().has(model.id));
  if (!onnx || list.length === 0) return;
  const abort = new AbortController();
  const following = helped;
  // Helpers that are there already are quicker than one worker, however few photos are left.
  const shared = list.length <= FEW && !following;
  work = { model: model.id, shared, abort };
  labelling.value = true;
  try {
    if (shared) await labelFew(list, asking, abort.signal);
    else await labelMany(list, asking, onnx, following, abort.signal);
    helped = list.length > FEW || following;
  } catch (error) {
    if (!abort.signal.aborted) {
      cancelled.value = true;
      toast("error", explain(error));
    }
  } finally {
    work = null;
    // What came meanwhile is begun at once, with the workers that are there.
    labelling.value = false;
    if (!labelling.peek()) dismiss();
  }
}

/** Lets the helpers go: each holds a module and a model. */
function dismiss(): void {
  engine.dismiss();
  helped = false;
}

/** With the worker that has the model open and has run it before. */
async function labelFew(list: readonly Photo[], asking: Asked, signal: AbortSignal): Promise<void> {
  for (const photo of list) {
    signal.throwIfAborted();
    try {
      const picture = await pictureOf(photo.file);
      if (signal.aborted && picture instanceof ImageBitmap) picture.close();
      signal.throwIfAborted();
      const answer = await infer.predictPhoto("current", picture, TOP, thumbnailFor(photo));
      // Of another model, where one has been opened meanwhile.
      signal.throwIfAborted();
      settle(photo, asking, answer);
    } catch (error) {
      signal.throwIfAborted();
      keep(photo, asking.model, EngineError.from(error));
    }
  }
}

async function labelMany(
  list: readonly Photo[],
  asking: Asked,
  onnx: Uint8Array,
  following: boolean,
  signal: AbortSignal,
): Promise<void> {
  const before = following ? lastBatch.peek() : null;
  const began = performance.now();
  const at = (index: number) => list[index] as Photo;
  const show = together(SHOW_EVERY_MS);
  try {
    await engine.run(onnx, list.length, {
      signal,
      top: TOP,
      thumbnail: (index) => thumbnailFor(at(index)),
      picture: (index) => pictureOf(at(index).file),
      onAnswer: (index, answer) => show.later(() => settle(at(index), asking, answer)),
      onFailed: (index, error) => show.later(() => keep(at(index), asking.model, error)),
    });
  } finally {
    show.now();
  }
  const seconds = (performance.now() - began) / 1000 + (before?.seconds ?? 0);
  const count = list.length + (before?.photos ?? 0);
  lastBatch.value = { photos: count, seconds, workers: Math.min(engine.workers, count) };
}

/** Collects what is to be shown, and shows it all at once. */
function together(everyMs: number) {
  let due: ReturnType<typeof setTimeout> | undefined;
  let collected: (() => void)[] = [];
  const now = () => {
    clearTimeout(due);
    due = undefined;
    const all = collected;
    collected = [];
    batch(() => {
      for (const one of all) one();
    });
  };
  const later = (one: () => void) => {
    collected.push(one);
    due ??= setTimeout(now, everyMs);
  };
  return { later, now };
}

/** Whether the answer to a photo is *none of these*. Nothing found is not nothing known. */
export function isRefused(answer: Answer | null): boolean {
  return answer !== null && answer.predictions.length > 0 && isNone(answer.novelty, answer.reject?.threshold);
}

/** 0, none, where another model's answer has brought one. */
function thumbnailFor(photo: Photo): number {
  return photo.thumbnail.peek() ? 0 : THUMBNAIL;
}

function settle(
  photo: Photo,
  { model, reject, classes }: Asked,
  { predictions, novelty, ms, width, height, thumbnail, incomplete }: PhotoAnswer,
): void {
  // Cleared while it was under way: nobody would ever let go of its small picture.
  if (!photos.peek().includes(photo)) return;
  batch(() => {
    photo.size.value = { width, height };
    if (thumbnail && !photo.thumbnail.peek()) photo.thumbnail.value = URL.createObjectURL(thumbnail);
    keep(photo, model, {
      predictions: predictions.map((prediction) => named(prediction, model)),
      novelty,
      reject,
      classes,
      model,
      ms,
      incomplete,
    });
  });
}

/** By the names that came beside the model's file, where there are any. */
function named(prediction: Prediction, model: Model): Prediction {
  return { ...prediction, label: model.labels?.[prediction.index] ?? prediction.label };
}

function keep(photo: Photo, model: Model, outcome: Answer | EngineError): void {
  photo.outcomes.value = new Map(photo.outcomes.peek()).set(model.id, outcome);
}
