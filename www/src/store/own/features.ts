/** What a backbone makes of the open dataset's images: computed once for each, and kept. */
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { FeatureEngine } from "../../engine/features";
import { Pace } from "../../engine/fetched";
import type { Backbone, ComputedRows, FeatureRows, FeatureWork } from "../../engine/learning-protocol";
import { keptCopies } from "../../engine/library/features";
import type { OwnSample } from "../../engine/library/records";
import { explain, strings } from "../../i18n";
import { type Model, SHIPPED } from "../models";
import { fileOf, models, modelsRestored } from "../session";
import { toast } from "../toasts";
import { choice, keepChoice } from "./choices";
import { onClose, openDataset, openId, samples } from "./open";

export type ShippedBackbone = "lite0" | "lite2";
/** One that comes with the page, or a head's file among the person's own models. */
export type BackboneId = ShippedBackbone | Model["id"];

export const BACKBONES = ["lite0", "lite2"] as const satisfies readonly ShippedBackbone[];

const BACKBONE = "hearth.backbone";
/** What the features of each network were kept under when it was last opened. */
const KEYS = "hearth.backbone-keys";
/** Vectors that are held where the disk has no room: 20 MB. */
const MOST_LOOSE = 4000;
/** Progress is shown so often: each time all images are gone through. */
const SHOW_EVERY_MS = 200;

/** The network whose features are used, for all datasets; kept in this browser. */
export const backbone = signal<BackboneId>(choice(BACKBONE) ?? BACKBONES[0]);

/** Heads' files of the person's own: each has the network that it was put on, with what fine-tuning has changed in it. */
export const ownBackbones = computed<readonly Model[]>(() =>
  models.value.filter(({ origin, facts }) => origin !== "shipped" && facts?.head),
);

function modelOf(id: BackboneId): Model | undefined {
  const shipped = BACKBONES.some((known) => known === id);
  return (shipped ? SHIPPED : ownBackbones.value).find((model) => model.id === id);
}

/** How far the images are; null while none are worked on. `loading`: the backbone's file is on its way. */
export const featuring = signal<{ done: number; total: number; secondsLeft: number | null; loading: boolean } | null>(
  null,
);

/** Which vectors there are of the open dataset: of each sample its copies as bits, the image itself the lowest. */
let have = new Map<number, number>();
const loose = new Map<number, Float32Array>();
/** Samples whose picture cannot be read: they are left out of everything. */
export const unreadable = signal<ReadonlySet<number>>(new Set());

/** The ids of the open dataset's samples that have features of the backbone. */
export const featured = signal<ReadonlySet<number>>(new Set());

/** How many samples of the open dataset have none yet. */
export const featuresMissing = computed(() => samples.value.filter(isMissing).length);

function isMissing({ id }: OwnSample): boolean {
  return !featured.value.has(id) && !unreadable.value.has(id);
}

const engine = new FeatureEngine();
/** What is under way: more may be asked for meanwhile. */
let abort: AbortController | null = null;
let under = { runs: 0, done: 0, total: 0 };
let pace = new Pace();
let saidFull = false;

/** A network's file with what is known of its features. */
export interface OpenedBackbone extends Backbone {
  onnx: Uint8Array;
}

/**
 * Fetches the backbone, where it has not been, and opens it in a worker. Where one of the person's own cannot be opened,
 * the first that comes with the page takes its place.
 */
export async function openedBackbone(): Promise<OpenedBackbone> {
  const wanted = backbone.value;
  const model = modelOf(wanted);
  let opened: OpenedBackbone;
  try {
    if (!model) throw new EngineError("model-missing", "This network is not there.");
    const onnx = await fileOf(model);
    opened = { ...(await engine.open(onnx)), onnx };
  } catch (error) {
    if (model?.origin === "shipped" || !modelsRestored.peek() || !isOfFile(error)) throw error;
    if (wanted === backbone.peek()) fallBack();
    await looking;
    return openedBackbone();
  }
  if (wanted === backbone.value && keys()[wanted] !== opened.id) {
    keepChoice(KEYS, JSON.stringify({ ...keys(), [wanted]: opened.id }));
    await look();
  }
  return opened;
}

/** Whether it is the file, and not the machine, that opening it fails of. */
function isOfFile(error: unknown): boolean {
  const { code } = EngineError.from(error);
  return code === "model-missing" || code === "model-unfit" || code.startsWith("onnx-");
}

function fallBack(): void {
  const [first] = BACKBONES;
  keepChoice(BACKBONE, first);
  backbone.value = first;
  toast("info", strings.peek().head.backboneLost);
}

function keys(): Partial<Record<BackboneId, string>> {
  try {
    return JSON.parse(choice(KEYS) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

let looking = Promise.resolve();

/** Looks which features are kept of the open dataset. */
function look(): Promise<void> {
  const [of, key] = [openId.peek(), keys()[backbone.peek()]];
  forget();
  looking = (async () => {
    if (!of || !key) return;
    const kept = await keptCopies(of, key);
    if (of !== openId.peek() || key !== keys()[backbone.peek()]) return;
    for (const [sample, bits] of kept) have.set(sample, (have.get(sample) ?? 0) | bits);
    showFeatured();
  })().catch(() => {});
  return looking;
}

function forget(): void {
  have = new Map();
  loose.clear();
  saidFull = false;
  batch(() => {
    featured.value = new Set();
    unreadable.value = new Set();
  });
}

effect(() => {
  openId.value;
  backbone.value;
  void look();
});

effect(() => {
  // Before the person's own have been read nobody knows whether it is among them.
  if (!modelsRestored.value || modelOf(backbone.value)) return;
  untracked(() => {
    cancelFeatures();
    fallBack();
  });
});

onClose(() => {
  cancelFeatures();
  engine.rest();
});

export function chooseBackbone(id: BackboneId): void {
  if (id === backbone.value) return;
  cancelFeatures();
  keepChoice(BACKBONE, id);
  backbone.value = id;
}

/** Which vectors there are of a sample, as bits. */
export function copiesOf(sample: number): number {
  return have.get(sample) ?? 0;
}

function isUnreadable(sample: number): boolean {
  return unreadable.peek().has(sample);
}

/** Vectors of these samples that the library has no room for; null where it has them all. */
export function looseRows(ids: Iterable<number>): FeatureRows | null {
  const wanted = new Set(ids);
  const rows = [...loose].filter(([key]) => wanted.has(Math.floor(key / 256)));
  const [first] = rows;
  if (!first) return null;
  const features = new Float32Array(rows.length * first[1].length);
  for (const [row, [, vector]] of rows.entries()) features.set(vector, row * vector.length);
  return {
    samples: Uint32Array.from(rows, ([key]) => Math.floor(key / 256)),
    copies: Uint8Array.from(rows, ([key]) => key % 256),
    features,
  };
}

/** Samples and the vectors that are wanted of each, as bits. Only what is missing is to be done. Pure. */
export function missingOf(
  wanted: ReadonlyMap<number, number>,
  known: (sample: number) => number,
): { sample: number; copies: number[] }[] {
  const works: { sample: number; copies: number[] }[] = [];
  for (const [sample, bits] of wanted) {
    const missing = bits & ~known(sample);
    const copies = [...Array(32 - Math.clz32(missing)).keys()].filter((copy) => (missing >> copy) & 1);
    if (copies.length > 0) works.push({ sample, copies });
  }
  return works;
}

/**
 * Computes what is missing of these vectors. Resolves when all are there, but for pictures that cannot be read; rejects
 * where it is cancelled.
 *
 * @param onRows What is computed, as it comes.
 */
export async function ensureRows(
  wanted: ReadonlyMap<number, number>,
  signal: AbortSignal | undefined,
  onRows?: (rows: ComputedRows, from: OpenedBackbone) => void,
): Promise<OpenedBackbone> {
  const dataset = openDataset.peek()?.id;
  if (!dataset) throw new EngineError("dataset-none", "No dataset of your own is open.");
  abort ??= new AbortController();
  const either = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
  either.throwIfAborted();
  begin(missingOf(wanted, (sample) => (isUnreadable(sample) ? -1 : copiesOf(sample))));
  let [counted, done] = [0, 0];
  try {
    await looking;
    const opened = await openedBackbone();
    either.throwIfAborted();
    const works = missingOf(wanted, (sample) => (isUnreadable(sample) ? -1 : copiesOf(sample)));
    counted = works.reduce((sum, { copies }) => sum + copies.length, 0);
    under.total += counted;
    if (counted > 0) {
      show();
      const types = new Map(samples.peek().map(({ id, type }) => [id, type]));
      const typed: FeatureWork[] = works.map((work) => ({ ...work, type: types.get(work.sample) ?? "" }));
      await engine.run(opened.onnx, dataset, typed, {
        signal: either,
        keep: true,
        onRows: (rows) => {
          if (dataset !== openId.peek()) return;
          done += rows.samples.length;
          under.done += rows.samples.length;
          heed(rows);
          onRows?.(rows, opened);
          show();
        },
      });
    }
    return opened;
  } catch (error) {
    // A module that could not be loaded may come the next time.
    if (!either.aborted && under.runs === 1) engine.rest();
    throw error;
  } finally {
    showFeatured();
    // What was left out is not waited for.
    under.done -= done;
    under.total -= counted;
    end();
  }

  function begin(works: readonly unknown[]): void {
    under.runs += 1;
    if (works.length > 0) featuring.value ??= { done: 0, total: 0, secondsLeft: null, loading: true };
  }
}

function end(): void {
  under.runs -= 1;
  if (under.runs > 0) return;
  under = { runs: 0, done: 0, total: 0 };
  pace = new Pace();
  abort = null;
  clearTimeout(showing);
  showing = undefined;
  batch(() => {
    showFeatured();
    featuring.value = null;
  });
}

function heed(rows: ComputedRows): void {
  const dimension = rows.features.length / Math.max(1, rows.samples.length);
  for (const [row, sample] of rows.samples.entries()) {
    const copy = rows.copies[row] ?? 0;
    have.set(sample, (have.get(sample) ?? 0) | (1 << copy));
    if (rows.kept || loose.size >= MOST_LOOSE) continue;
    loose.set(sample * 256 + copy, rows.features.slice(row * dimension, (row + 1) * dimension));
  }
  if (rows.broken.length > 0) unreadable.value = new Set([...unreadable.value, ...rows.broken]);
  if (rows.kept || saidFull) return;
  saidFull = true;
  const full = "What was computed of the images finds no room on the disk: it is used, but computed again next time.";
  toast("info", explain(new EngineError("features-not-kept", full)));
}

let showing: ReturnType<typeof setTimeout> | undefined;

function show(): void {
  showing ??= setTimeout(() => {
    showing = undefined;
    if (under.runs === 0) return;
    const { done, total } = under;
    pace.hear(done, performance.now());
    batch(() => {
      showFeatured();
      featuring.value = { done, total, secondsLeft: pace.secondsLeft(total), loading: false };
    });
  }, SHOW_EVERY_MS);
}

function showFeatured(): void {
  const ids = [...have].filter(([, bits]) => bits & 1).map(([sample]) => sample);
  if (ids.length !== featured.value.size || ids.some((id) => !featured.value.has(id))) featured.value = new Set(ids);
}

/** Computes what is missing. Resolves when all is there; rejects where it is cancelled. */
export async function ensureFeatures(signal?: AbortSignal): Promise<void> {
  await ensureRows(new Map(samples.peek().map(({ id }) => [id, 1])), signal);
}

export function cancelFeatures(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
}
