/**
 * What the page and its workers say to each other: types only.
 * Every call has an id and is answered once, with a result or an error. Pixel and model buffers are transferred where
 * the sender is done with them.
 */
import type { DATASETS } from "./constants";
import type { Origin, OwnDataset, OwnId, OwnSample, SamplePatch, Split } from "./library/records";
import type { Input } from "./library/render";
import type {
  Comparison,
  CostReport,
  Costs,
  DatasetSummary,
  DrawingPrediction,
  LayersInfo,
  ModelGraph,
  ModelInfo,
  ModelSpec,
  NetworkInfo,
  Prediction,
  Preprocessing,
  Preset,
  Proposal,
  Recipe,
  Report,
  SelfTest,
  Settings,
  SpecReport,
  TrainingEvent,
  Tried,
  Weighed,
} from "./types";

/** What a worker's calls must look like: what each is asked with and what it answers. */
export type CallMap<C> = { [K in keyof C]: { ask: object; answer: unknown } };

/** A net that is open in the worker: the session's, or the one that is being trained. */
export type Slot = "current" | "training";

/** A network opened up. `weights`: all of them, where `info.parts` says; none where there are more than asked for. */
export interface OpenedLayers {
  info: LayersInfo;
  weights: Float32Array;
}

/** What an image became in it: every stage small, and the values of the stages that were asked for, in that order. */
export interface LookedThrough {
  overview: Float32Array;
  values: Float32Array;
}

/** One of a dataset's test images: `pixels` row-major, `label` the place of its class, `name` what that is called. */
export interface Sample {
  split: TestSplit;
  index: number;
  label: number;
  name: string;
  pixels: Uint8Array;
  height: number;
  width: number;
}

/** The one network that is looked into, and the last image that it was given. */
export interface LayersCalls {
  openLayers: { ask: { onnx: Uint8Array; mostWeights: number }; answer: OpenedLayers };
  /** null where there is no ink. */
  lookAtDrawing: {
    ask: { rgba: Uint8Array; width: number; height: number; stages: readonly number[] };
    answer: LookedThrough | null;
  };
  /** null where a network for what is drawn finds no ink. */
  lookAtPhoto: { ask: { picture: Picture; stages: readonly number[] }; answer: LookedThrough | null };
  /** `pixels`: of the network's own size. */
  lookAtPixels: { ask: { pixels: Uint8Array; stages: readonly number[] }; answer: LookedThrough };
  /** More of the last image; empty where a new worker has not seen it. */
  stageValues: { ask: { stages: readonly number[] }; answer: Float32Array };
  layerWeights: { ask: { layer: number }; answer: Float32Array };
  /** The two IDX files, unpacked; answers how many images there are. */
  openSamples: { ask: { dataset: BuiltInId; images: Uint8Array; labels: Uint8Array }; answer: number };
  /** The test images of a person's own dataset, or all where there are none. */
  openOwnSamples: { ask: { dataset: OwnId }; answer: number };
  sample: { ask: { index: number }; answer: Omit<Sample, "split"> };
}

/**
 * A photo: a file of any kind that the browser decodes (but for SVG, which workers cannot: `picture.ts`), a bitmap, such
 * as a camera's frame, which is transferred, or pixels.
 */
export type Picture = Blob | ImageBitmap | ImageData;

export interface PhotoAnswer {
  /** Best first. None where a network for digits finds no ink. */
  predictions: Prediction[];
  /** How unlike everything the model has learned the photo is; null where the model has no such score, or nothing was found. */
  novelty: number | null;
  /** What bringing the pixels to the network's size and running it took, without decoding. */
  ms: number;
  /** Of the picture as it stands upright, in pixels. */
  width: number;
  height: number;
  /** null where none was asked for. */
  thumbnail: Blob | null;
  /** Whether the file's end is missing, and so a part of the picture. */
  incomplete: boolean;
}

export interface PhotoCalls {
  /**
   * The `top` likeliest classes. `thumbnail`: also a small picture whose longer side is at most so many pixels; 0: none.
   * A file that is no picture is an error `picture-unreadable`; HEIC, where the browser has no decoder, `picture-heic`.
   */
  predictPhoto: { ask: { slot: Slot; picture: Picture; top: number; thumbnail: number }; answer: PhotoAnswer };
}

/** How far the download of the package is: see `OnBytes`. */
export interface InferNews {
  kind: "loading";
  loaded: number;
  total: number;
}

export interface InferCalls extends LayersCalls, PhotoCalls {
  open: { ask: { slot: Slot; onnx: Uint8Array }; answer: ModelInfo };
  /** `rgba`: row-major, not premultiplied, width × height × 4 bytes. */
  predictDrawing: {
    ask: { slot: Slot; rgba: Uint8Array; width: number; height: number };
    answer: DrawingPrediction;
  };
  close: { ask: { slot: Slot }; answer: null };
}

/** A file that was chosen or dropped together with others. `name`: with the folders it lies in, as far as they are known. */
export interface NamedFile {
  name: string;
  file: Blob;
}

/** A model's file as Hearth keeps it, with what it says of itself. */
export interface InspectedFile {
  onnx: Uint8Array;
  info: ModelInfo;
}

export interface ArrivedFile extends InspectedFile {
  /** SHA-256 of the file with its weights, as it was given: hexadecimal digits. */
  hash: string;
  /** Which of the files beside it hold weights of it. */
  used: string[];
}

/** What files from elsewhere are asked, away from the worker that answers. */
export interface OpeningCalls {
  /**
   * Reads a model's file, takes in the weights that lie in files beside it, and opens it as it is opened to answer.
   *
   * @throws EngineError what the file cannot be opened for; `onnx-external` names the files that are missing, in one
   * list and then each.
   */
  arrive: { ask: { file: Blob; beside: readonly NamedFile[] }; answer: ArrivedFile };
  inspect: { ask: { onnx: Uint8Array }; answer: ModelInfo };
  /** The file with `settings` in its metadata, and what it says then. */
  withSettings: { ask: { onnx: Uint8Array; settings: Settings }; answer: InspectedFile };
  /** @throws EngineError `labels-unreadable` */
  labels: { ask: { file: Blob }; answer: string[] };
  graph: { ask: { onnx: Uint8Array }; answer: ModelGraph };
  hash: { ask: { onnx: Uint8Array }; answer: string };
}

/** How far a file has been read, in bytes. */
export interface OpeningNews {
  loaded: number;
  total: number;
}

/** A picture that a file is tried on. `label`: the name of its class, where it is known. */
export interface TrialSample {
  name: string;
  /** Whether it is ink on a plain ground; otherwise it is a photo. */
  drawn: boolean;
  label: string | null;
  picture: ImageData;
}

export interface TrialBegun {
  /** The likeliest first, by what the file itself says. */
  proposals: Proposal[];
  /** The first of the samples, which are shown; more may be weighed. */
  samples: TrialSample[];
}

/** The share of each built-in dataset's samples that were answered right, 0–1, and how its classes are called. */
export type Recognised = Partial<Record<BuiltInId, { right: number; classes: string[] }>>;

/** One file that is tried under several preprocessings. */
export interface TrialCalls {
  /** `photos`: a person's own, for a network that sees colours. Samples that cannot be fetched or read are left out. */
  begin: {
    ask: { onnx: Uint8Array; info: ModelInfo; base: string; photos: readonly NamedFile[] };
    answer: TrialBegun;
  };
  weigh: { ask: { preprocessing: Preprocessing }; answer: Weighed };
  /** Which of the proposals is the likeliest, by what each was worth. */
  likeliest: { ask: { weighed: readonly Weighed[] }; answer: number };
  tryOut: { ask: { sample: number; preprocessing: Preprocessing; top: number }; answer: Tried };
  recognised: { ask: { preprocessing: Preprocessing }; answer: Recognised };
}

/** A dataset that comes with Hearth. */
export type BuiltInId = keyof typeof DATASETS;

/** Any dataset: one that comes with Hearth, or a person's own. */
export type DatasetId = BuiltInId | OwnId;

export function isOwn(id: string): id is OwnId {
  return id.startsWith("own-");
}

/** A file on its way in. `path`: its name with the folders it lies in, separated by `/`. */
export interface IncomingFile {
  file: Blob;
  path: string;
}

/** Why a file was not taken. `detail` says more where the code alone does not: a class, a file that is there already. */
export interface Refusal {
  path: string;
  code: RefusalCode;
  detail?: string;
}

export type RefusalCode =
  /** No picture that the browser decodes; an iPhone's HEIC where it does not. */
  | "unreadable"
  | "heic"
  /** Of a kind that Hearth does not take, by what is in it. */
  | "wrong-type"
  | "empty"
  /** More bytes or pixels than are sensible. */
  | "too-large"
  /** The very bytes are in the dataset already. */
  | "duplicate"
  /** A name that leads out of its folder (`../`), or is absolute. */
  | "unsafe-name"
  /** A zip file that is broken or encrypted, or that unpacks to absurdly more than it is. */
  | "zip-broken"
  | "zip-encrypted"
  | "zip-bomb"
  /** A list that cannot be read, or that names a file that is not there. */
  | "csv-broken"
  | "csv-no-file"
  | "idx-broken"
  | "idx-alone"
  | "too-many-classes"
  | "disk-full"
  | "unknown";

export interface ImportReport {
  added: number;
  refused: Refusal[];
  /** Whether a person ended it before all was in. */
  cancelled: boolean;
}

/** What is done with own datasets away from the page: files in and out. */
export interface DataCalls {
  /** Files for the next call of `add`, before those that come with it: of a folder of thousands a few at a time. */
  offer: { ask: { offer: string; files: readonly IncomingFile[] }; answer: null };
  /**
   * Takes files of every kind: pictures, zip, CSV lists, IDX pairs. `label`: the class of all of them, null for none;
   * undefined: as their folders and lists say, with new classes where needed. What comes in is told as news, in
   * transactions of a moderate size; what is refused is in the answer, one by one, and the rest comes in.
   *
   * @throws EngineError `dataset-gone`, `dataset-elsewhere`, `disk-full`: what was told as added is kept.
   */
  add: {
    ask: {
      dataset: OwnId;
      writer: string;
      /** Under which other files were offered. */
      offer?: string;
      files: readonly IncomingFile[];
      label: string | null | undefined;
      origin: Origin;
    };
    answer: ImportReport;
  };
  /** The first `perClass` images of each class in each split of a built-in dataset; null: all. */
  copy: {
    ask: { from: BuiltInId; dataset: OwnId; writer: string; perClass: number | null; base: string };
    answer: ImportReport;
  };
  /** A zip of class folders with `labels.csv` and `dataset.json`; the files byte for byte. */
  exportZip: { ask: { dataset: OwnId }; answer: Blob };
  /** One zip of files as they are, and of whole datasets, each a zip as `exportZip` makes it. */
  pack: {
    ask: { parts: readonly IncomingFile[]; datasets: readonly { dataset: OwnId; path: string }[] };
    answer: Blob;
  };
  /** @throws EngineError `zip-broken` */
  unpack: { ask: { zip: Blob }; answer: IncomingFile[] };
  /** Gives the splits out anew, but for pinned samples; answers what changes. */
  shuffleSplits: { ask: { dataset: OwnId; writer: string; seed: number }; answer: ReadonlyMap<number, SamplePatch> };
}

export type DataNews =
  | { kind: "added"; dataset: OwnDataset; samples: OwnSample[] }
  /** Files and pictures within them: done with, and known of so far. */
  | { kind: "progress"; dataset: OwnId; done: number; total: number };

/** A label that networks contradict which have not learned from it. */
export interface Doubted {
  /** The sample's id. */
  sample: number;
  /** The class's id that they would give. */
  suggested: string;
  /** How much surer they are of that, −1 to 1: the surest first. */
  score: number;
}

export interface CheckCalls {
  /** @throws EngineError `dataset-gone`, `dataset-empty`, `dataset-too-large` */
  findWrongLabels: { ask: { dataset: OwnId }; answer: Doubted[] };
}

/** How far a cross-validation is, 0–1. */
export interface CheckNews {
  share: number;
}

/** What both workers that train answer to: one holds the run of the CPU, the other that of the GPU. */
export interface RunCalls {
  /** `base`: the page's address, against which data files are found. */
  load: { ask: { dataset: DatasetId; base: string }; answer: DatasetSummary };
  start: { ask: { spec: ModelSpec; recipe: Recipe } & Begin; answer: WatchedImages };
  /** A new run that begins with the layers and weights of a file. */
  startFrom: { ask: { onnx: Uint8Array; recipe: Recipe } & Begin; answer: WatchedImages };
  /** Goes on where the run stood that wrote the file with its state; `epochs` altogether, null: as it had planned. */
  resume: { ask: { onnx: Uint8Array; epochs: number | null } & Begin; answer: WatchedImages };
  pause: { ask: object; answer: null };
  unpause: { ask: object; answer: null };
  /** Answered when what was under way has ended and been told. */
  stop: { ask: object; answer: null };
  /** The net of this moment as a complete ONNX file. */
  snapshot: { ask: object; answer: Uint8Array };
  /** The same with the training's state, so that it can be resumed. */
  checkpoint: { ask: object; answer: Uint8Array };
}

/** The held-out images whose answers every rolling validation tells, in its order; none if nothing is held out. */
export interface WatchedImages {
  /** `[image, channel, height, width]`, 0–255. */
  pixels: Uint8Array;
  /** The true classes, as indices. */
  labels: Uint16Array;
}

/** `held`: the run is there, but does not go before `unpause`. */
interface Begin {
  run: number;
  held: boolean;
}

export interface TrainCalls extends RunCalls {
  presets: { ask: object; answer: Preset[] };
  describe: { ask: { spec: ModelSpec }; answer: SpecReport };
  /** The layers of a file; an error that names the operator where it holds one that is no layer. */
  readNetwork: { ask: { onnx: Uint8Array }; answer: NetworkInfo };
}

export interface GpuCalls extends RunCalls {
  /** One training step on the GPU and on the CPU with the images that are loaded, and how fast each is. */
  selfTest: { ask: { spec: ModelSpec; recipe: Recipe; most: number }; answer: SelfTest };
}

export type TrainNews =
  /** How far a download is: see `OnBytes`. */
  | { kind: "loading"; what: "package" | "images"; loaded: number; total: number }
  | { kind: "progress"; run: number; events: TrainingEvent[] }
  | { kind: "failed"; run: number; error: WireError };

/**
 * The images of a dataset that a model was trained on, those it has never seen, or, of a person's own dataset, those that
 * it was validated on.
 */
export type TestSplit = Split;

/** One split of a dataset, unpacked. Sizes in pixels. */
export interface TestImages {
  dataset: DatasetId;
  split: TestSplit;
  /** Names, by label. */
  classes: string[];
  channels: number;
  height: number;
  width: number;
  /** `[image, channel, height, width]`, 0–255. */
  pixels: Uint8Array;
  /** Of each image. */
  labels: Uint16Array;
  /** Where the dataset is a person's own: the ids of the samples, and which state of it that was. */
  samples?: Uint32Array;
  revision?: number;
}

/** What a model answered to images, in their order. */
export interface Answers {
  /** The most probable class. */
  predicted: Uint16Array;
  /** Its probability, 0–1. */
  confidence: Float32Array;
  /** How many classes were held more probable than the true one. */
  rank: Uint16Array;
  /** How unlike everything the model has learned each image is; empty where the model has no such score. */
  novelty: Float32Array;
}

/** Answers with what is true. */
export interface Judged extends Answers {
  truth: Uint16Array;
}

export interface TestCalls {
  /** `seen`: what a person's own pictures are brought to; null: what the dataset says. */
  load: { ask: { dataset: DatasetId; split: TestSplit; seen: Input | null; base: string }; answer: TestImages };
  /** One model is open in a worker: the last one that was asked for. */
  open: { ask: { onnx: Uint8Array }; answer: ModelInfo };
  test: { ask: { pixels: Uint8Array; labels: Uint16Array }; answer: Answers };
  /** The probabilities of all classes for one image. */
  probabilities: { ask: { pixels: Uint8Array }; answer: Float32Array };
  report: { ask: { judged: Judged; classes: number }; answer: Report };
  compare: { ask: { first: Judged; second: Judged }; answer: Comparison };
  cost: { ask: { judged: Judged; classes: number; costs: Costs }; answer: CostReport };
}

/** How far a download is: see `OnBytes`. */
export type TestNews = { kind: "loading"; what: "package" | "images"; loaded: number; total: number };

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
  /** Rust panicked: what it said. The trap that follows says only "unreachable". */
  | { type: "panic"; sentence: string }
  | { type: "pong" };

/** An error on its way out of a worker. `values`: see `EngineError`. `fatal`: the WebAssembly module behind it is dead. */
export interface WireError {
  code: string;
  message: string;
  values?: readonly string[];
  fatal: boolean;
}
