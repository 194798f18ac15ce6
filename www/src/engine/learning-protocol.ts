/**
 * What the page says to the workers that learn from a handful of own images, and to those that find and lay out images by
 * their features. Types only.
 */
import type { FeatureRow, FeatureRows } from "./library/features";
import type { OwnId } from "./library/records";
import type { CurveReport, HeadFacts, HeadKind, HeadReport, RejectFacts, TailCut } from "./pkg/train/train";
import type { Fit } from "./types";

/** A network that features are taken from. Sizes in pixels. */
export interface Backbone {
  /** The same for all files that give the same features: what they are kept under. */
  id: string;
  /** Values in a vector. */
  dimension: number;
  channels: number;
  height: number;
  width: number;
  fit: Fit;
}

/** One own image, and which copies of it are to be looked at; 0 is the image itself. */
export interface FeatureWork {
  sample: number;
  /** The file's MIME type. */
  type: string;
  copies: readonly number[];
}

export interface ComputedRows extends FeatureRows {
  /** Whether the library has them; a full disk does not. */
  kept: boolean;
  /** Samples whose file is gone, or is no picture that the browser reads. */
  broken: Uint32Array;
}

export interface FeatureCalls {
  /** `tensor`: another one than `features`, by its name in the file. */
  open: { ask: { onnx: Uint8Array; tensor: string | null }; answer: Backbone };
  /** Looks at images of a dataset, and keeps what comes of it where `keep`. */
  compute: { ask: { dataset: OwnId; works: readonly FeatureWork[]; keep: boolean }; answer: ComputedRows };
}

/** What a head learns from: labelled samples by their places, and which of their vectors. */
export interface Lesson {
  dataset: OwnId;
  /** As the features are kept under. */
  backbone: string;
  /** The samples' ids. */
  ids: Uint32Array;
  /** Of each, as the place of its class. */
  labels: Uint16Array;
  /** Of each: near duplicates share one, and are never parted. */
  groups: Uint32Array;
  /** Of each, as bits, the image itself the lowest. */
  copies: Uint32Array;
  classes: readonly string[];
  seed: number;
}

/** A head that has learned, in a file. */
export interface HeadFile {
  onnx: Uint8Array;
  facts: HeadFacts;
  /** null where it cannot tell what it does not know. */
  reject: RejectFacts | null;
  /** What fitting it took, in milliseconds. */
  ms: number;
}

/** What the file says of the images. */
export interface LessonName {
  dataset: string;
  datasetId: string;
}

export interface TailResult {
  onnx: Uint8Array;
  facts: HeadFacts;
  reject: RejectFacts | null;
  /** On held-out images, 0–1, and what a head on features as they were comes to on the same; null where none are held out. */
  accuracy: number | null;
  baseline: number | null;
}

export interface HeadCalls {
  /** The file that heads are written behind. */
  open: { ask: { onnx: Uint8Array }; answer: null };
  /** Vectors that the library does not have, or that need not be read again from there. */
  hold: { ask: { dataset: OwnId; backbone: string; rows: FeatureRows }; answer: null };
  /** A first head, fast. @throws EngineError `features-missing` */
  quick: { ask: { lesson: Lesson; name: LessonName }; answer: HeadFile };
  /** Every kind by cross-validation; the worker then has all of them. */
  compare: { ask: { lesson: Lesson }; answer: HeadReport };
  /** One of those that were compared last. @throws EngineError `no-head` */
  make: { ask: { head: HeadKind; name: LessonName }; answer: HeadFile };
  curve: { ask: { lesson: Lesson }; answer: CurveReport };
}

/** How far what was asked for is. */
export interface HeadNews {
  /** 0–1. */
  share: number;
}

export interface TailCalls {
  /** Where a file can be cut, so that what lies behind learns too. */
  cuts: { ask: { onnx: Uint8Array }; answer: TailCut[] };
  /** `maps`: what the network makes of each row of the lesson at that tensor, in the order of samples and copies. */
  tail: {
    ask: {
      onnx: Uint8Array;
      lesson: Lesson;
      name: LessonName;
      tensor: string;
      maps: Float32Array;
      epochs: number;
    };
    answer: TailResult;
  };
}

export interface TailNews extends HeadNews {
  /** In progress, of so many: first without the held-out images, then with all. */
  epoch: number;
  epochs: number;
  /** 0–1, on held-out images; null before there is one. */
  accuracy: number | null;
  /** Of a head on features as they were, on the same. */
  baseline: number | null;
}

/** Images that were found, the most alike first. */
export interface FoundAlike {
  ids: Uint32Array;
  /** Cosines, −1 to 1. */
  similarities: Float32Array;
  /** Of the search itself. */
  ms: number;
}

/** Points in a plane, of whatever size. */
export interface Plane {
  ids: Uint32Array;
  /** `[image, 2]` */
  points: Float32Array;
}

/** One index: the images of a dataset, by their ids. */
export interface SearchCalls {
  /** An empty one in place of what there was. */
  begin: { ask: { dimension: number }; answer: null };
  add: { ask: { ids: Uint32Array; features: Float32Array }; answer: null };
  /** Those that the library has of these images; answers how many were not there. */
  addKept: { ask: { dataset: OwnId; backbone: string; ids: Uint32Array }; answer: number };
  /** The most alike to all of these together, without them. `among`: those that may be found; null: all. */
  alike: { ask: { ids: Uint32Array; count: number; among: Uint32Array | null }; answer: FoundAlike };
  plane: { ask: { among: Uint32Array | null }; answer: Plane };
}

export interface MapCalls {
  /** `given`: vectors that the library does not have. Positions come as news; answers the last. */
  layOut: {
    ask: { dataset: OwnId; backbone: string; ids: Uint32Array; given: FeatureRows | null; seed: number };
    answer: Plane;
  };
}

export interface MapNews extends Plane {
  /** 0–1. */
  share: number;
}

export type { CurveReport, FeatureRow, FeatureRows, HeadFacts, HeadKind, HeadReport, RejectFacts, TailCut };
