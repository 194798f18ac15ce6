/**
 * Photos by their likeness to some of them. What a network makes of a photo before its last layer is kept for as long as
 * the photo is here: asking again only searches.
 */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { AlikeEngine, type Features } from "../engine/photo-alike";
import { pictureOf } from "../engine/svg";
import { explain, strings } from "../i18n";
import { type Photo, photos } from "./photos";
import { currentModel, currentModelId, fileOf, type Model, modelInfo, modelState, models } from "./session";
import { toast } from "./toasts";

/** Whose features are compared where the model in use is not for photos, or has none. */
const LITE0 = "lite0";

export interface AlikePhotos {
  /** What was asked for. */
  to: readonly Photo[];
  /** The others, the most alike first; cosine of the features, −1 to 1. */
  results: readonly { photo: Photo; similarity: number }[];
  /** Whose features were compared. */
  model: Model;
  /** Photos that could not be read. */
  unread: number;
}

/** Photos that are looked at for their features; nothing done while the network is on its way. */
export interface Seeking {
  to: readonly Photo[];
  done: number;
  total: number;
}

/** null where the photos are in their usual order. */
export const alikePhotos = signal<AlikePhotos | null>(null);
export const seekingAlike = signal<Seeking | null>(null);
/** Whether likeness takes the place of the usual order. */
export const alikeShown = computed(() => alikePhotos.value !== null || seekingAlike.value !== null);
/** Photos that are chosen to be asked for together, in the order in which they were chosen. */
export const chosenPhotos = signal<readonly Photo[]>([]);

const engine = new AlikeEngine();
/** Of each photo, by the features' id; null where it cannot be read. */
const known = new WeakMap<Photo, Map<string, Float32Array | null>>();
/** Models that have no features. */
const without = new Set<string>();
let cancelling: AbortController | null = null;

export function toggleChosen(photo: Photo): void {
  const chosen = chosenPhotos.peek();
  chosenPhotos.value = chosen.includes(photo) ? chosen.filter((other) => other !== photo) : [...chosen, photo];
}

export function chooseNone(): void {
  chosenPhotos.value = [];
}

/** Finds what is most like all of these photos together. What was being found before is left. */
export async function findAlikePhotos(to: readonly Photo[]): Promise<void> {
  stop();
  const abort = new AbortController();
  cancelling = abort;
  const list = photos.peek();
  seekingAlike.value = { to, done: 0, total: list.length };
  try {
    const found = await find(to, list, abort.signal);
    if (!abort.signal.aborted) show(found);
  } catch (error) {
    if (!abort.signal.aborted) toast("error", explain(error));
  } finally {
    if (cancelling === abort) {
      cancelling = null;
      seekingAlike.value = null;
    }
  }
}

function show(found: AlikePhotos): void {
  batch(() => {
    seekingAlike.value = null;
    alikePhotos.value = found;
    chooseNone();
  });
}

/** Ends what is being found; the photos are in their usual order again. */
export function cancelAlike(): void {
  if (!cancelling) return;
  closeAlike();
  toast("info", strings.peek().none.alike.cancelled);
}

/** Back to the usual order. */
export function closeAlike(): void {
  stop();
  alikePhotos.value = null;
}

/** To be called when the page that shows the photos goes: nobody waits for an answer, and the worker is let go. */
export function leaveAlike(): void {
  closeAlike();
  chooseNone();
  engine.rest();
}

function stop(): void {
  cancelling?.abort(new EngineError("aborted", "Cancelled."));
  cancelling = null;
  seekingAlike.value = null;
}

async function find(to: readonly Photo[], list: readonly Photo[], signal: AbortSignal): Promise<AlikePhotos> {
  const { model, onnx, features } = await network(signal);
  await look(list, onnx, features.id, signal);
  const readable = list.filter((photo) => featuresOf(photo, features.id));
  const places = to.map((photo) => readable.indexOf(photo));
  if (places.includes(-1)) throw new EngineError("alike-unread", strings.peek().none.alike.queryUnread);
  const rows = new Float32Array(readable.length * features.dimension);
  for (const [place, photo] of readable.entries()) {
    rows.set(featuresOf(photo, features.id) as Float32Array, place * features.dimension);
  }
  const found = await engine.search(rows, features.dimension, Uint32Array.from(places), signal);
  const results = Array.from(found.places, (place, rank) => ({
    photo: readable[place] as Photo,
    similarity: found.similarities[rank] ?? 0,
  }));
  return { to, results, model, unread: list.length - readable.length };
}

/** The model in use, where it takes photos and has features; otherwise the shipped one that has. */
async function network(signal: AbortSignal): Promise<{ model: Model; onnx: Uint8Array; features: Features }> {
  const current = currentModel.peek();
  const fits = modelState.peek() === "ready" && modelInfo.peek()?.takesDrawings === false;
  const lite0 = models.peek().find(({ id }) => id === LITE0);
  const candidates = fits && !without.has(current.id) ? [current, lite0] : [lite0];
  for (const model of candidates) {
    if (!model) continue;
    const onnx = await fileOf(model);
    signal.throwIfAborted();
    const features = await engine.open(onnx, signal);
    if (features) return { model, onnx, features };
    without.add(model.id);
  }
  throw new EngineError("no-model", "No model has features.");
}

function featuresOf(photo: Photo, id: string): Float32Array | null | undefined {
  return known.get(photo)?.get(id);
}

/** Computes what is not known yet. What is known by the time that it is cancelled stays. */
async function look(list: readonly Photo[], onnx: Uint8Array, id: string, signal: AbortSignal): Promise<void> {
  const missing = list.filter((photo) => featuresOf(photo, id) === undefined);
  if (missing.length === 0) return;
  const at = (index: number) => missing[index] as Photo;
  const took = (index: number, features: Float32Array | null) => {
    const of = known.get(at(index)) ?? new Map<string, Float32Array | null>();
    known.set(at(index), of.set(id, features));
    const seeking = seekingAlike.peek();
    if (seeking && !signal.aborted) seekingAlike.value = { ...seeking, done: seeking.done + 1 };
  };
  const seeking = seekingAlike.peek();
  if (seeking) seekingAlike.value = { ...seeking, done: 0, total: missing.length };
  await engine.run(onnx, missing.length, {
    signal,
    picture: (index) => pictureOf(at(index).file),
    onFeatures: took,
    onFailed: (index) => took(index, null),
  });
}

let before = { list: photos.peek(), model: currentModelId.peek() };

effect(() => {
  const now = { list: photos.value, model: currentModelId.value };
  const same = now.list === before.list && now.model === before.model;
  const gone = now.list !== before.list;
  before = now;
  if (same) return;
  // Likeness is of the photos that there were, by the model that there was.
  closeAlike();
  if (gone) chosenPhotos.value = chosenPhotos.peek().filter((photo) => now.list.includes(photo));
});
