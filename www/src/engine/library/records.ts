/** Datasets of a person's own, as they are kept in this browser. Types only, but for what names their places. */
import type { Fit } from "../pkg/train/train";

/** Of a dataset; distinct from every built-in one's id. */
export type OwnId = `own-${string}`;

export type Split = "train" | "validation" | "test";

/** In the order in which counts have them. */
export const SPLITS = ["train", "validation", "test"] as const satisfies readonly Split[];

/** Where an image came from. `copy`: from a dataset that comes with Hearth. */
export type Origin = "file" | "camera" | "drawing" | "copy";

export interface OwnClass {
  /** Stays when the class gets another name. */
  id: string;
  name: string;
  /** The key that gives this label, where it is not the one of the class's place. */
  key?: string;
}

/** Images of one class (or of none) in train, validation and test. */
export type Counts = readonly [number, number, number];

export interface OwnDataset {
  id: OwnId;
  name: string;
  /** In the order of a network's outputs. */
  classes: readonly OwnClass[];
  /** What networks are given of its images: 1 or 3 channels, pixels along both sides. */
  input: { channels: 1 | 3; side: number };
  /** How a picture is brought to that. */
  fit: Fit;
  /** Of new images, 0–1; the rest is trained on. */
  shares: { validation: number; test: number };
  /** Of the splits. */
  seed: number;
  /** By the class's id; under "" those without a label. */
  counts: Readonly<Record<string, Counts>>;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
  /** Raised with every write. */
  revision: number;
  /** The next sample's id. */
  next: number;
  /** The tab that may write: see `claim`. */
  writer: string;
  /** Removed at that time, and to be forgotten when that can no longer be undone. */
  gone?: number;
}

/** What was measured of a picture when it came, 0–1 where not said otherwise. See `src/pixels/look.rs`. */
export interface LookFacts {
  brightness: number;
  /** 0–0.5. */
  contrast: number;
  /** The variance of its Laplacian, of luma in 0–255. */
  sharpness: number;
  /** The share of pixels that have a colour. */
  colour: number;
}

/** What may be wrong with a sample. */
export type Flaw = "label" | "leak" | "duplicate" | "small" | "dark" | "blurred";

export interface OwnSample extends LookFacts {
  dataset: OwnId;
  /** In the order in which they came. Never given twice. */
  id: number;
  /** The class's id; null where there is no label. */
  label: string | null;
  split: Split;
  /** Whether a person chose the split. */
  pinned: boolean;
  origin: Origin;
  /** The file's, with the folders it lay in. */
  name: string;
  /** Its MIME type. */
  type: string;
  /** Of the file. */
  bytes: number;
  /** Of the picture as it stands upright, in pixels. */
  width: number;
  height: number;
  /** SHA-256 of the file's bytes, in hexadecimal digits. */
  hash: string;
  /** Images that are nearly alike have the same group: the id of the first of them. */
  group: number;
  /** Milliseconds since 1970. */
  added: number;
  /** What a person has looked at and found to be all right. */
  fine?: readonly Flaw[];
  /** Removed at that time, and to be forgotten when that can no longer be undone. */
  gone?: number;
}

/** A sample that comes anew, with all that is kept of it. */
export interface NewSample extends Omit<OwnSample, "dataset" | "id" | "group"> {
  /** A group of samples that are there, or null: a group of its own. Places in the same call count from −1 down. */
  group: number | null;
  /** The file, byte for byte. */
  original: Uint8Array<ArrayBuffer> | Blob;
  /** A small picture of it; null where the file itself is small enough. */
  thumbnail: Uint8Array<ArrayBuffer> | null;
  /** 32 × 32 bytes. */
  look: Uint8Array;
}

/** What can be changed of a sample. `gone: undefined` brings it back. */
export interface SamplePatch {
  label?: string | null;
  split?: Split;
  pinned?: boolean;
  name?: string;
  group?: number;
  fine?: readonly Flaw[] | undefined;
  gone?: number | undefined;
}
