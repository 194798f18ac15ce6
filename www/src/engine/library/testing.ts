/** Datasets and samples for tests. */
import type { NewSample, OwnDataset } from "./records";

export const WRITER = "this tab";

export function dataset(changes: Partial<OwnDataset> = {}): OwnDataset {
  return {
    id: "own-1",
    name: "Pets",
    classes: [],
    input: { channels: 3, side: 64 },
    fit: { photo: { crop: 1 } },
    shares: { validation: 0.2, test: 0.2 },
    seed: 1,
    counts: {},
    created: 1,
    changed: 1,
    revision: 0,
    next: 0,
    writer: WRITER,
    ...changes,
  };
}

/** Each number another one. */
export function newSample(number: number, changes: Partial<NewSample> = {}): NewSample {
  const text = new TextEncoder();
  const original = text.encode(`file ${number}`);
  return {
    label: null,
    split: "train",
    pinned: false,
    origin: "file",
    name: `${number}.jpg`,
    type: "image/jpeg",
    bytes: original.length,
    width: 4,
    height: 3,
    hash: String(number),
    brightness: 0.5,
    contrast: 0.2,
    sharpness: 200,
    colour: 0,
    added: number,
    group: null,
    original,
    thumbnail: text.encode(`small ${number}`),
    look: new Uint8Array(1024).fill(number),
    ...changes,
  };
}
