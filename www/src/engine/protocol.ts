/**
 * What the page and its workers say to each other: types only.
 * Every call has an id and is answered once, with a result or an error. Pixel and model buffers are transferred where
 * the sender is done with them.
 */
import type {
  DatasetSummary,
  DrawingPrediction,
  ModelInfo,
  ModelSpec,
  Preset,
  Recipe,
  SpecReport,
  TrainingEvent,
} from "./types";

/** What a worker's calls must look like: what each is asked with and what it answers. */
export type CallMap<C> = { [K in keyof C]: { ask: object; answer: unknown } };

/** A net that is open in the worker: the session's, or the one that is being trained. */
export type Slot = "current" | "training";

export interface InferCalls {
  open: { ask: { slot: Slot; onnx: Uint8Array }; answer: ModelInfo };
  /** `rgba`: row-major, not premultiplied, width × height × 4 bytes. */
  predictDrawing: {
    ask: { slot: Slot; rgba: Uint8Array; width: number; height: number };
    answer: DrawingPrediction;
  };
  close: { ask: { slot: Slot }; answer: null };
}

export type DatasetId = "mnist";

export interface TrainCalls {
  presets: { ask: object; answer: Preset[] };
  describe: { ask: { spec: ModelSpec }; answer: SpecReport };
  /** `base`: the page's address, against which data files are found. */
  load: { ask: { dataset: DatasetId; base: string }; answer: DatasetSummary };
  start: { ask: { run: number; spec: ModelSpec; recipe: Recipe }; answer: null };
  pause: { ask: object; answer: null };
  resume: { ask: object; answer: null };
  stop: { ask: object; answer: null };
  /** The net of this moment as a complete ONNX file. */
  snapshot: { ask: object; answer: Uint8Array };
}

export type TrainNews =
  | { kind: "loading"; loaded: number; total: number }
  | { kind: "progress"; run: number; events: TrainingEvent[] }
  | { kind: "failed"; run: number; error: WireError };

export type Request<C extends CallMap<C>> = {
  [K in keyof C & string]: { kind: K } & C[K]["ask"];
}[keyof C & string];

export type ToWorker<C extends CallMap<C>> =
  | { type: "call"; id: number; request: Request<C> }
  | { type: "abort"; id: number }
  | { type: "ping" };

export type FromWorker<News> =
  | { type: "answer"; id: number; value: unknown }
  | { type: "error"; id: number; error: WireError }
  | { type: "news"; news: News }
  | { type: "pong" };

/** An error on its way out of a worker. `fatal`: the WebAssembly module behind it is dead. */
export interface WireError {
  code: string;
  message: string;
  fatal: boolean;
}
