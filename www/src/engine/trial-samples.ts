/** The pictures that a file from elsewhere is tried on. */
import { fetchFiles } from "./dataset-files";
import { pixelsOf } from "./picture";
import type { BuiltInId, NamedFile, TrialSample } from "./protocol";
import type { ModelInfo } from "./types";

/** Of each class of a dataset: a hundred in all for a network of small images, fewer for one that takes its time. */
const OF_EACH_CLASS = 10;
const OF_EACH_CLASS_LARGE = 2;
/** Pixels up to which images are small. */
const SMALL = 64 * 64;
/** A photo's longer side, in pixels: more than networks see of it. */
const PHOTO_PIXELS = 1024;
/** Photos that come with the page (`store/sample-photos.ts`). */
const SHIPPED_PHOTOS = ["chelsea", "coffee", "rocket"] as const;
/** A file this large takes seconds for each image: it is tried on as few as there can be. */
const LARGE_FILE = 60e6;

/** `index`: of its class in the dataset. */
export interface PickedSample extends TrialSample {
  dataset: BuiltInId;
  index: number;
}

/** What Rust reads of a dataset's files. */
export interface ReadSamples {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  label(index: number): number;
  className(index: number): string;
  image(index: number): Uint8Array;
  free(): void;
}

/** How many samples of each class a network is tried on. */
export function ofEachClass({ height, width, bytes }: Pick<ModelInfo, "height" | "width" | "bytes">): number {
  if (bytes > LARGE_FILE) return 1;
  return height * width > SMALL ? OF_EACH_CLASS_LARGE : OF_EACH_CLASS;
}

/** A few test images of each class, the classes in turn. */
export async function pickedFrom(
  dataset: BuiltInId,
  each: number,
  base: string,
  signal: AbortSignal,
  read: (images: Uint8Array, labels: Uint8Array) => ReadSamples,
): Promise<{ samples: PickedSample[]; classes: string[] }> {
  const files = ["test-images", "test-labels"] as const;
  const [images, labels] = await fetchFiles(dataset, files, base, signal, () => {});
  const all = read(images, labels);
  try {
    return picked(dataset, all, each);
  } finally {
    all.free();
  }
}

export function picked(dataset: BuiltInId, all: ReadSamples, each: number) {
  const classes: string[] = [];
  const byClass: PickedSample[][] = [];
  for (let at = 0; at < all.count; at++) {
    const index = all.label(at);
    const some = byClass[index] ?? [];
    byClass[index] = some;
    if (some.length === each) continue;
    const label = all.className(at);
    classes[index] = label;
    const picture = pictureOf(all.image(at), all.width, all.height);
    some.push({ dataset, index, name: `${dataset} ${at}`, drawn: true, label, picture });
  }
  const rounds = Array.from({ length: each }, (_, round) => byClass.flatMap((some) => some[round] ?? []));
  return { samples: rounds.flat(), classes };
}

/** Grey bytes as a picture. */
function pictureOf(grey: Uint8Array, width: number, height: number): ImageData {
  const picture = new ImageData(width, height);
  for (const [at, value] of grey.entries()) picture.data.set([value, value, value, 255], at * 4);
  return picture;
}

/** One of the first, one of the second, and so on: the few that are shown are of both. */
export function pickedInTurn(first: readonly PickedSample[], second: readonly PickedSample[]): PickedSample[] {
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, at) => [first[at], second[at]].filter((each) => each !== undefined)).flat();
}

/**
 * The sample's place among the network's classes, −1 where it is not known. Networks of ten classes may be of digits or
 * of clothes; those of more that read digits have them first (letters come after them in EMNIST).
 */
export function labelOf(dataset: BuiltInId, index: number, classes: number): number {
  const fits = dataset === "mnist" ? classes >= 10 : classes === 10;
  return fits ? index : -1;
}

/** The photos that come with the page, then the person's own. What cannot be fetched or decoded is left out. */
export async function photoSamples(
  own: readonly NamedFile[],
  base: string,
  { bytes }: Pick<ModelInfo, "bytes">,
  signal: AbortSignal,
): Promise<TrialSample[]> {
  const shipped = SHIPPED_PHOTOS.map(async (name) => {
    const response = await fetch(new URL(`samples/${name}.jpg`, base), { signal });
    if (!response.ok) throw new Error(response.statusText);
    return photoOf(name, await response.blob());
  });
  const others = bytes > LARGE_FILE ? [] : own.map(({ name, file }) => photoOf(name, file));
  const photos = await Promise.allSettled([...shipped, ...others]);
  signal.throwIfAborted();
  return photos.flatMap((photo) => (photo.status === "fulfilled" ? [photo.value] : []));
}

async function photoOf(name: string, file: Blob): Promise<TrialSample> {
  const { pixels } = await pixelsOf(file, 0, { longest: PHOTO_PIXELS });
  return { name, drawn: false, label: null, picture: pixels };
}
