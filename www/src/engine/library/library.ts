/**
 * The store room of own images: datasets, their samples, the files these came in. Every write is one transaction: it is
 * done as a whole or not at all, and what has been answered survives the tab, the browser and the power.
 *
 * Pages and workers open it alike. One tab writes: a dataset names it, and the writes of any other are refused.
 */
import type { DBSchema } from "idb";
import { connection, whole } from "../connection";
import { EngineError } from "../error";
import {
  type Counts,
  type NewSample,
  type OwnDataset,
  type OwnId,
  type OwnSample,
  type SamplePatch,
  SPLITS,
  type Split,
} from "./records";

type Place = [dataset: string, sample: number];
/** `copy`: 0 is the image itself. */
export type FeaturePlace = [dataset: string, sample: number, backbone: string, copy: number];
type Bytes = Uint8Array<ArrayBuffer>;

interface Schema extends DBSchema {
  datasets: { key: string; value: OwnDataset };
  samples: { key: Place; value: OwnSample };
  /** Files up to `INLINE` bytes lie in the database itself: a file for each of 70,000 digits would be slow. */
  originals: { key: Place; value: Bytes | Blob };
  thumbnails: { key: Place; value: Bytes };
  looks: { key: Place; value: Uint8Array };
  /** What networks make of the images: see `features.ts`. */
  features: { key: FeaturePlace; value: Float32Array };
}

/** What goes with its sample. */
const PARTS = ["samples", "originals", "thumbnails", "looks"] as const;
const STORES = ["datasets", ...PARTS] as const;
const ALL = [...STORES, "features"] as const;
/** Bytes of a file that is kept without a file of its own. */
export const INLINE = 64 * 1024;

/** Samples that are read in one go, where all are looked through. */
const AT_ONCE = 1000;

export const inLibrary = connection<Schema>("hearth-images", 2, (db, before) => {
  if (before < 1) {
    db.createObjectStore("datasets", { keyPath: "id" });
    db.createObjectStore("samples", { keyPath: ["dataset", "id"] });
    db.createObjectStore("originals");
    db.createObjectStore("thumbnails");
    db.createObjectStore("looks");
  }
  if (before < 2) db.createObjectStore("features");
});

/** All samples of a dataset whose ids come after `after`. */
function range(dataset: OwnId, after = -1): IDBKeyRange {
  return IDBKeyRange.bound([dataset, after], [dataset, Number.POSITIVE_INFINITY], true);
}

/** All features of one sample: of every network and copy. */
function featuresOf(dataset: OwnId, sample: number): IDBKeyRange {
  return IDBKeyRange.bound([dataset, sample], [dataset, sample, []]);
}

/** A write as it is kept, with the disk behind it: what was answered must outlast a power cut. */
const DURABLE = { durability: "strict" } as const;

/** A request whose failure is that of its transaction, which is waited for. */
function ask(request: Promise<unknown>): void {
  request.catch(() => {});
}

/** In the order in which they were made, without those that were removed. */
export async function ownDatasets(): Promise<OwnDataset[]> {
  const all = await inLibrary((db) => db.getAll("datasets"));
  return all.filter(({ gone }) => gone === undefined).sort((a, b) => a.created - b.created);
}

export function ownDataset(id: OwnId): Promise<OwnDataset | undefined> {
  return inLibrary((db) => db.get("datasets", id));
}

export function createDataset(dataset: OwnDataset): Promise<void> {
  return inLibrary(async (db) => {
    const transaction = db.transaction("datasets", "readwrite", DURABLE);
    await whole(transaction, () => transaction.store.add(dataset));
  });
}

/**
 * Makes `writer` the one that may write; whoever could before is refused from now on.
 *
 * @throws EngineError `dataset-gone`
 */
export function claim(id: OwnId, writer: string): Promise<OwnDataset> {
  return inLibrary(async (db) => {
    const transaction = db.transaction("datasets", "readwrite");
    return whole(transaction, async () => {
      const claimed = { ...present(await transaction.store.get(id)), writer };
      await transaction.store.put(claimed);
      return claimed;
    });
  });
}

/** Changes what is kept of a dataset itself. Returns it as it is now. */
export function changeDataset(
  id: OwnId,
  writer: string,
  change: (dataset: OwnDataset) => OwnDataset,
): Promise<OwnDataset> {
  return inLibrary(async (db) => {
    const transaction = db.transaction("datasets", "readwrite", DURABLE);
    return whole(transaction, async () => {
      const changed = raised(change(mine(await transaction.store.get(id), writer)));
      await transaction.store.put(changed);
      return changed;
    });
  });
}

export interface Added {
  dataset: OwnDataset;
  samples: OwnSample[];
}

/** Adds samples with their files, and the classes that `change` makes of the dataset for them. */
export function addSamples(
  id: OwnId,
  writer: string,
  news: readonly NewSample[],
  change: (dataset: OwnDataset) => OwnDataset = (same) => same,
): Promise<Added> {
  return inLibrary(async (db) => {
    const transaction = db.transaction(STORES, "readwrite", DURABLE);
    return whole(transaction, async () => {
      const stores = {
        datasets: transaction.objectStore("datasets"),
        samples: transaction.objectStore("samples"),
        originals: transaction.objectStore("originals"),
        thumbnails: transaction.objectStore("thumbnails"),
        looks: transaction.objectStore("looks"),
      };
      const dataset = change(mine(await stores.datasets.get(id), writer));
      const counts = new Counting(dataset);
      const samples: OwnSample[] = [];
      for (const [place, { original, thumbnail, look, group, ...facts }] of news.entries()) {
        const own = dataset.next + place;
        const sample = { ...facts, dataset: id, id: own, group: groupOf(group, own, samples) };
        samples.push(sample);
        counts.add(sample, 1);
        const key: Place = [id, own];
        ask(stores.samples.add(sample));
        ask(stores.originals.add(original, key));
        if (thumbnail) ask(stores.thumbnails.add(thumbnail, key));
        ask(stores.looks.add(look, key));
      }
      const next = dataset.next + news.length;
      const changed = raised({ ...dataset, next, counts: counts.value });
      await stores.datasets.put(changed);
      return { dataset: changed, samples };
    });
  });
}

/** −1 is the first sample of the same call, −2 the second. */
function groupOf(group: number | null, own: number, samples: readonly OwnSample[]): number {
  if (group === null) return own;
  return group >= 0 ? group : (samples[-1 - group]?.group ?? own);
}

/**
 * Changes samples, and with them the dataset. Samples that are not there stay away.
 *
 * @throws EngineError `dataset-gone`, `dataset-elsewhere`
 */
export function patchSamples(
  id: OwnId,
  writer: string,
  patches: ReadonlyMap<number, SamplePatch>,
  change: (dataset: OwnDataset) => OwnDataset = (same) => same,
): Promise<Added> {
  return inLibrary(async (db) => {
    const transaction = db.transaction(["datasets", "samples"], "readwrite", DURABLE);
    return whole(transaction, async () => {
      const datasets = transaction.objectStore("datasets");
      const store = transaction.objectStore("samples");
      const dataset = change(mine(await datasets.get(id), writer));
      const counts = new Counting(dataset);
      const before = await Promise.all([...patches.keys()].map((sample) => store.get([id, sample])));
      const samples: OwnSample[] = [];
      for (const sample of before) {
        if (!sample) continue;
        const next = patched(sample, patches.get(sample.id) ?? {});
        counts.add(sample, -1);
        counts.add(next, 1);
        samples.push(next);
        ask(store.put(next));
      }
      const changed = raised({ ...dataset, counts: counts.value });
      await datasets.put(changed);
      return { dataset: changed, samples };
    });
  });
}

export function patched(sample: OwnSample, patch: SamplePatch): OwnSample {
  const { gone, fine, ...rest } = { ...sample, ...patch };
  return { ...rest, ...(fine && { fine }), ...(gone !== undefined && { gone }) };
}

/** At most `count` samples whose ids come after `after`, in their order, those that were removed among them. */
export function samplesAfter(id: OwnId, after: number, count: number): Promise<OwnSample[]> {
  return inLibrary((db) => db.getAll("samples", range(id, after), count));
}

/** The file of a sample, byte for byte; undefined where it has been forgotten. */
export async function original(sample: Pick<OwnSample, "dataset" | "id" | "type">): Promise<Blob | undefined> {
  const kept = await inLibrary((db) => db.get("originals", [sample.dataset, sample.id]));
  return kept && asBlob(kept, sample.type);
}

/** The files of many samples, in their order, in one transaction. */
export async function originals(
  samples: readonly Pick<OwnSample, "dataset" | "id" | "type">[],
): Promise<(Blob | undefined)[]> {
  const kept = await keptOriginals(samples);
  return kept.map((file, place) => file && asBlob(file, samples[place]?.type ?? ""));
}

/** The same as they are kept: small ones as bytes. */
export function keptOriginals(
  samples: readonly Pick<OwnSample, "dataset" | "id">[],
): Promise<(Bytes | Blob | undefined)[]> {
  return inLibrary(async (db) => {
    const { store, done } = db.transaction("originals");
    const kept = await Promise.all(samples.map(({ dataset, id }) => store.get([dataset, id])));
    await done;
    return kept;
  });
}

/** What is kept of a picture: small files lie in the database as bytes. */
export interface KeptPicture {
  kept: Bytes | Blob;
  /** Its MIME type. */
  type: string;
}

/** A small picture of each: its thumbnail, or the file itself where that is small. */
export function pictures(
  samples: readonly Pick<OwnSample, "dataset" | "id" | "type">[],
): Promise<(KeptPicture | undefined)[]> {
  return inLibrary(async (db) => {
    const transaction = db.transaction(["thumbnails", "originals"]);
    const [small, whole] = [transaction.objectStore("thumbnails"), transaction.objectStore("originals")];
    return Promise.all(
      samples.map(async ({ dataset, id, type }) => {
        const thumbnail = await small.get([dataset, id]);
        if (thumbnail) return { kept: thumbnail, type: "image/jpeg" };
        const file = await whole.get([dataset, id]);
        return file && { kept: file, type };
      }),
    );
  });
}

/** At most `count` looks of samples whose ids come after `after`. */
export function looksAfter(id: OwnId, after: number, count: number): Promise<{ id: number; look: Uint8Array }[]> {
  return inLibrary(async (db) => {
    const { store, done } = db.transaction("looks");
    const [keys, looks] = await Promise.all([
      store.getAllKeys(range(id, after), count),
      store.getAll(range(id, after), count),
      done,
    ]);
    return looks.map((look, place) => ({ id: keys[place]?.[1] ?? -1, look }));
  });
}

/**
 * Forgets the samples that were removed before `before` (milliseconds since 1970), with their files. `among`: the ids of
 * those that may be, where they are known.
 */
export function forgetGone(id: OwnId, writer: string, before: number, among?: readonly number[]): Promise<number> {
  return inLibrary(async (db) => {
    const transaction = db.transaction(ALL, "readwrite");
    return whole(transaction, async () => {
      mine(await transaction.objectStore("datasets").get(id), writer);
      const store = transaction.objectStore("samples");
      let forgotten = 0;
      const forget = (sample: OwnSample | undefined) => {
        if (sample?.gone === undefined || sample.gone >= before) return;
        forgotten += 1;
        for (const name of PARTS) ask(transaction.objectStore(name).delete([id, sample.id]));
        ask(transaction.objectStore("features").delete(featuresOf(id, sample.id)));
      };
      if (among) {
        for (const sample of await Promise.all(among.map((one) => store.get([id, one])))) forget(sample);
        return forgotten;
      }
      for (let after = -1; ; ) {
        const some = await store.getAll(range(id, after), AT_ONCE);
        for (const sample of some) forget(sample);
        const last = some.at(-1);
        if (!last) return forgotten;
        after = last.id;
      }
    });
  });
}

/** Datasets that were removed before `before`, with all that is in them. */
export async function forgetGoneDatasets(before: number): Promise<void> {
  const all = await inLibrary((db) => db.getAll("datasets"));
  for (const { id, gone } of all) if (gone !== undefined && gone < before) await forgetDataset(id);
}

export function forgetDataset(id: OwnId): Promise<void> {
  return inLibrary(async (db) => {
    const transaction = db.transaction(ALL, "readwrite");
    await whole(transaction, async () => {
      await transaction.objectStore("datasets").delete(id);
      for (const name of PARTS) await transaction.objectStore(name).delete(range(id));
      await transaction.objectStore("features").delete(range(id));
    });
  });
}

/** A small file as it is kept: without a file of its own. */
export async function keepable(file: Blob): Promise<Bytes | Blob> {
  return file.size <= INLINE ? new Uint8Array(await file.arrayBuffer()) : file;
}

function asBlob(kept: Bytes | Blob, type: string): Blob {
  return kept instanceof Blob ? kept : new Blob([kept], { type });
}

function present(dataset: OwnDataset | undefined): OwnDataset {
  if (!dataset) throw new EngineError("dataset-gone", "This dataset has been removed, in another tab perhaps.");
  return dataset;
}

function mine(dataset: OwnDataset | undefined, writer: string): OwnDataset {
  const there = present(dataset);
  if (there.writer !== writer) {
    throw new EngineError("dataset-elsewhere", "Another tab changes this dataset: nothing was changed here.");
  }
  return there;
}

function raised(dataset: OwnDataset): OwnDataset {
  return { ...dataset, revision: dataset.revision + 1, changed: Date.now() };
}

/** How many images each class has in each split, while samples come and go. */
class Counting {
  #counts: Record<string, [number, number, number]>;

  constructor({ counts }: OwnDataset) {
    this.#counts = Object.fromEntries(Object.entries(counts).map(([label, [...of]]) => [label, of as never]));
  }

  add({ label, split, gone }: Pick<OwnSample, "label" | "split" | "gone">, sign: 1 | -1): void {
    if (gone !== undefined) return;
    const key = label ?? "";
    const of = this.#counts[key] ?? [0, 0, 0];
    of[placeOf(split)] += sign;
    this.#counts[key] = of;
  }

  get value(): Record<string, Counts> {
    return this.#counts;
  }
}

export function placeOf(split: Split): 0 | 1 | 2 {
  return SPLITS.indexOf(split) as 0 | 1 | 2;
}

/** Images of a class (of none: ""), in one split or in all. */
export function countOf({ counts }: Pick<OwnDataset, "counts">, label: string, split?: Split): number {
  const of = counts[label] ?? [0, 0, 0];
  return split ? of[placeOf(split)] : of[0] + of[1] + of[2];
}
