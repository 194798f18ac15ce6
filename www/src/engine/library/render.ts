/** Own images as networks are given them, in the worker that needs them. */
import { EngineError } from "../error";
import type { OnBytes } from "../fetched";
import { pixelsOf } from "../picture";
import type { Fit } from "../pkg/train/train";
import { originals, ownDataset, placeOf, samplesAfter } from "./library";
import type { OwnDataset, OwnId, OwnSample, Split } from "./records";

/** A package's `render`: a picture's pixels at a network's size, `[channel, row, column]`, 0–255. */
export type Render = (
  rgba: Uint8Array,
  width: number,
  height: number,
  channels: number,
  rows: number,
  columns: number,
  fit: Fit,
) => Uint8Array;

/** Labelled images at one size, in the order of their samples' ids. */
export interface Rendered {
  dataset: OwnDataset;
  classes: string[];
  channels: number;
  height: number;
  width: number;
  /** `[image, channel, height, width]`, 0–255. */
  pixels: Uint8Array;
  labels: Uint16Array;
  /** 0 train, 1 validation, 2 test. */
  splits: Uint8Array;
  /** The samples' ids. */
  samples: Uint32Array;
}

/** What a network is given of a picture: channels, pixels along the sides, and how it is brought to that. */
export interface Input {
  channels: number;
  height: number;
  width: number;
  fit: Fit;
}

/** Samples that are read in one transaction, and pictures that are decoded at once. */
const AT_ONCE = 64;
const DECODED_AT_ONCE = 4;
/** More does not fit beside a network in the 4 GB that a module has, nor in a small machine. */
const MOST_BYTES = 700_000_000;

/**
 * The labelled images of the splits. A file that can no longer be read is left out.
 *
 * @param onBytes Of the files, as they are worked on.
 * @param as Another size and fit than the dataset's.
 * @throws EngineError `dataset-gone`, `dataset-empty`, `dataset-too-large`
 */
export async function rendered(
  id: OwnId,
  splits: readonly Split[],
  render: Render,
  onBytes: OnBytes,
  signal: AbortSignal,
  as: Input | null = null,
): Promise<Rendered> {
  const dataset = await ownDataset(id);
  if (!dataset) throw new EngineError("dataset-gone", "This dataset has been removed.");
  const wanted = await labelled(dataset, splits);
  if (wanted.length === 0) throw new EngineError("dataset-empty", "There are no labelled images to work on.");
  const { side } = dataset.input;
  const own = { channels: dataset.input.channels, height: side, width: side, fit: dataset.fit };
  const { channels, height: rows, width: columns, fit } = as ?? own;
  const size = channels * rows * columns;
  if (wanted.length * size > MOST_BYTES) {
    const most = Math.floor(MOST_BYTES / size);
    throw new EngineError("dataset-too-large", `At this size at most ${most} images fit into memory.`);
  }
  const places = new Map(dataset.classes.map((each, place) => [each.id, place]));
  const pixels = new Uint8Array(wanted.length * size);
  const made: OwnSample[] = [];
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let loaded = 0;
  try {
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      signal.throwIfAborted();
      const some = wanted.slice(from, from + AT_ONCE);
      const files = await originals(some);
      const images = await inTurns(files, async (file) => (file ? imageOf(file) : null));
      for (const [place, image] of images.entries()) {
        const sample = some[place] as OwnSample;
        if (image) {
          pixels.set(image, made.length * size);
          made.push(sample);
        }
        loaded += sample.bytes;
      }
      onBytes(loaded, total);
    }
  } finally {
    onBytes(0, 0);
  }
  return {
    dataset,
    classes: dataset.classes.map(({ name }) => name),
    channels,
    height: rows,
    width: columns,
    pixels: made.length === wanted.length ? pixels : pixels.slice(0, made.length * size),
    labels: Uint16Array.from(made, ({ label }) => places.get(label ?? "") ?? 0),
    splits: Uint8Array.from(made, ({ split }) => placeOf(split)),
    samples: Uint32Array.from(made, (sample) => sample.id),
  };

  async function imageOf(file: Blob): Promise<Uint8Array | null> {
    const decoded = await pixelsOf(file, 0).catch(() => null);
    if (!decoded || !dataset) return null;
    const { data, width, height } = decoded.pixels;
    return render(new Uint8Array(data.buffer), width, height, channels, rows, columns, fit);
  }
}

async function labelled(dataset: OwnDataset, splits: readonly Split[]): Promise<OwnSample[]> {
  const classes = new Set(dataset.classes.map(({ id }) => id));
  const found: OwnSample[] = [];
  for (let after = -1; ; ) {
    const some = await samplesAfter(dataset.id, after, 1000);
    for (const sample of some) {
      const wanted = sample.gone === undefined && sample.label !== null && classes.has(sample.label);
      if (wanted && splits.includes(sample.split)) found.push(sample);
    }
    if (some.length < 1000) return found;
    after = some.at(-1)?.id ?? after;
  }
}

/** Like `map`, a few at once; the results in their order. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const turns = async () => {
    while (next < items.length) {
      const mine = next++;
      results[mine] = await work(items[mine] as T);
    }
  };
  await Promise.all(Array.from({ length: DECODED_AT_ONCE }, turns));
  return results;
}
