/** What lies in the store room of own images, read past the page. */
import type { Page } from "@playwright/test";

export interface KeptImage {
  id: number;
  name: string;
  /** The class's name; null for none. */
  label: string | null;
  split: string;
  pinned: boolean;
  origin: string;
  type: string;
  bytes: number;
  group: number;
  /** As the record has it. */
  hash: string;
  /** Of the file itself; null where there is none. */
  sha256: string | null;
  /** Bytes of its look; 0 where there is none. */
  look: number;
}

export interface KeptDataset {
  id: string;
  name: string;
  classes: string[];
  input: { channels: number; side: number };
  fit: unknown;
  shares: unknown;
  seed: number;
  /** Images that the dataset itself says it has. */
  counted: number;
  images: KeptImage[];
  /** Files, looks, thumbnails and features that belong to no image. */
  strays: number;
}

/** Every dataset, in the order they were made, with its images in theirs. */
export function keptDatasets(page: Page): Promise<KeptDataset[]> {
  return page.evaluate(async () => {
    const ask = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const hex = async (file: Blob | Uint8Array<ArrayBuffer> | undefined) => {
      if (!file) return null;
      const bytes = file instanceof Blob ? await file.arrayBuffer() : file;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const db = await ask(indexedDB.open("hearth-images"));
    const store = (name: string) => db.transaction(name).objectStore(name);
    const all = (await ask(store("datasets").getAll())).sort((a, b) => a.created - b.created);
    const kept = [];
    for (const { id, name, classes, input, fit, shares, seed, counts } of all) {
      const range = IDBKeyRange.bound([id, -1], [id, Number.POSITIVE_INFINITY]);
      const samples = await ask(store("samples").getAll(range));
      const places = new Set(samples.map((sample) => sample.id));
      let strays = 0;
      for (const of of ["originals", "thumbnails", "looks", "features"]) {
        const keys = (await ask(store(of).getAllKeys(range))) as [string, number][];
        strays += keys.filter(([, sample]) => !places.has(sample)).length;
      }
      const names = new Map(classes.map((each: { id: string; name: string }) => [each.id, each.name]));
      const images = [];
      for (const sample of samples) {
        const look = await ask(store("looks").get([id, sample.id]));
        const { id: place, name, split, pinned, origin, type, bytes, group, hash, label } = sample;
        images.push({
          ...{ id: place, name, split, pinned, origin, type, bytes, group, hash },
          label: label === null ? null : (names.get(label) ?? "?"),
          sha256: await hex(await ask(store("originals").get([id, place]))),
          look: look?.length ?? 0,
        });
      }
      const counted = Object.values(counts as Record<string, number[]>).reduce(
        (sum, of) => sum + of.reduce((a, b) => a + b),
        0,
      );
      kept.push({ id, name, classes: [...names.values()], input, fit, shares, seed, counted, images, strays });
    }
    db.close();
    return kept as never;
  });
}

/** The last dataset that was made. */
export async function keptDataset(page: Page): Promise<KeptDataset> {
  const last = (await keptDatasets(page)).at(-1);
  if (!last) throw new Error("no dataset is kept");
  return last;
}

/** What is wrong with what is kept: nothing may ever be. */
export function faultsOf({ name, images, counted, strays }: KeptDataset): string[] {
  const faults = images.flatMap(({ id, hash, sha256, look }) => [
    ...(sha256 === hash ? [] : [`${name}: image ${id} has ${sha256 ? "another file" : "no file"}`]),
    ...(look === 1024 ? [] : [`${name}: image ${id} has a look of ${look} bytes`]),
  ]);
  if (counted !== images.length) faults.push(`${name}: ${images.length} images, counted ${counted}`);
  if (strays > 0) faults.push(`${name}: ${strays} files without an image`);
  return faults;
}
