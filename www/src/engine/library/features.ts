/**
 * What networks make of own images, kept beside them: a vector for each image, network and changed copy. They can be
 * computed again, so nothing else waits for them, and a disk that is full does without.
 *
 * As 32-bit numbers: 16 would halve 5 KB to 2.5 KB beside images of 50 KB and more, but not every browser reads them.
 */
import { whole } from "../connection";
import { type FeaturePlace, inLibrary } from "./library";
import type { OwnId } from "./records";

/** One vector's place: of an image (copy 0), or of a changed copy of it. */
export interface FeatureRow {
  sample: number;
  copy: number;
}

/** Vectors with their places, one after the other. */
export interface FeatureRows {
  samples: Uint32Array;
  copies: Uint8Array;
  /** `[row, value]` */
  features: Float32Array;
}

/** Records that are read in one go: 1,000 vectors are 5 MB. */
const AT_ONCE = 1000;
/** From this share of a dataset on it is read from one end to the other, and not image by image. */
const MANY = 64;

/** Keeps vectors in one transaction; of samples that have been forgotten meanwhile they are not kept. */
export function keepFeatures(dataset: OwnId, backbone: string, rows: FeatureRows): Promise<void> {
  const dimension = rows.features.length / Math.max(1, rows.samples.length);
  return inLibrary(async (db) => {
    // Not waited for until they are on the disk: after a power cut they are computed again.
    const transaction = db.transaction(["samples", "features"], "readwrite", { durability: "relaxed" });
    await whole(transaction, async () => {
      const [known, store] = [transaction.objectStore("samples"), transaction.objectStore("features")];
      const there = new Map<number, boolean>();
      await Promise.all(
        [...new Set(rows.samples)].map(async (sample) => {
          there.set(sample, (await known.getKey([dataset, sample])) !== undefined);
        }),
      );
      for (const [row, sample] of rows.samples.entries()) {
        if (!there.get(sample)) continue;
        const vector = rows.features.slice(row * dimension, (row + 1) * dimension);
        // A failure is that of the transaction, which is waited for.
        store.put(vector, [dataset, sample, backbone, rows.copies[row] ?? 0]).catch(() => {});
      }
    });
  });
}

/** Which vectors of a network are kept: of each sample its copies as bits, the image itself the lowest. */
export async function keptCopies(dataset: OwnId, backbone: string): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  let after: FeaturePlace | null = null;
  for (;;) {
    const range = rangeAfter(dataset, after);
    const keys: FeaturePlace[] = await inLibrary((db) => db.getAllKeys("features", range, AT_ONCE));
    for (const [, sample, of, copy] of keys) {
      if (of === backbone) found.set(sample, (found.get(sample) ?? 0) | (1 << copy));
    }
    if (keys.length < AT_ONCE) return found;
    after = keys.at(-1) ?? null;
  }
}

function rangeAfter(dataset: OwnId, after: FeaturePlace | null): IDBKeyRange {
  return IDBKeyRange.bound(after ?? [dataset], [dataset, Number.POSITIVE_INFINITY], after !== null);
}

/**
 * The vectors at these places, as far as they are kept, each told of as it is read: `tell(place, vector)`, the place that
 * in `rows`. Of many rows the whole dataset is read, block by block, which takes a tenth of the time.
 */
export async function readFeatures(
  dataset: OwnId,
  backbone: string,
  rows: readonly FeatureRow[],
  tell: (place: number, vector: Float32Array) => void,
): Promise<void> {
  if (rows.length < MANY) {
    const found = await inLibrary(async (db) => {
      const { store, done } = db.transaction("features");
      const vectors = await Promise.all(rows.map(({ sample, copy }) => store.get([dataset, sample, backbone, copy])));
      await done;
      return vectors;
    });
    for (const [place, vector] of found.entries()) if (vector) tell(place, vector);
    return;
  }
  const places = new Map(rows.map(({ sample, copy }, place) => [sample * 256 + copy, place]));
  let after: FeaturePlace | null = null;
  for (;;) {
    const range = rangeAfter(dataset, after);
    const [keys, vectors]: [FeaturePlace[], Float32Array[]] = await inLibrary(async (db) => {
      const { store, done } = db.transaction("features");
      const read = await Promise.all([store.getAllKeys(range, AT_ONCE), store.getAll(range, AT_ONCE), done]);
      return [read[0], read[1]];
    });
    for (const [i, [, sample, of, copy]] of keys.entries()) {
      const place = of === backbone ? places.get(sample * 256 + copy) : undefined;
      const vector = vectors[i];
      if (place !== undefined && vector) tell(place, vector);
    }
    if (keys.length < AT_ONCE) return;
    after = keys.at(-1) ?? null;
  }
}
