/** What both workers that train have in common: the data, the run, and the pulling of it. */
import { fetchFiles } from "./dataset-files";
import { EngineError } from "./error";
import { throttled } from "./fetched";
import { ownDataset } from "./library/library";
import { SPLITS } from "./library/records";
import { type Render, type Rendered, rendered } from "./library/render";
import type { TrainingData } from "./pkg/train/train.js";
import { type BuiltInId, type DatasetId, isOwn, type RunCalls, type TrainNews, type WatchedImages } from "./protocol";
import { type Pulled, Puller } from "./puller";
import type { Handlers } from "./serve";
import type { ModelSpec, Recipe } from "./types";

const FILES = ["train-images", "train-labels", "test-images", "test-labels"] as const;

/** A package that trains, on its device. */
export interface Trains {
  data(dataset: BuiltInId, ...files: [Uint8Array, Uint8Array, Uint8Array, Uint8Array]): Promise<TrainingData>;
  own(images: Rendered): Promise<TrainingData>;
  render(): Promise<Render>;
  start(data: TrainingData, spec: ModelSpec, recipe: Recipe): Promise<Pulled>;
  startFrom(data: TrainingData, onnx: Uint8Array, recipe: Recipe): Promise<Pulled>;
  resume(data: TrainingData, onnx: Uint8Array, epochs: number | undefined): Promise<Pulled>;
}

export class RunRoom {
  /** `revision`: of an own dataset, which may change. */
  #loaded: { id: DatasetId; revision: number; data: TrainingData } | null = null;
  #puller: Puller | null = null;

  constructor(
    private readonly trains: Trains,
    private readonly tell: (news: TrainNews) => void,
  ) {}

  readonly calls: Handlers<RunCalls> = {
    load: ({ dataset, base }, signal) => this.#load(dataset, base, signal),

    start: ({ run, held, spec, recipe }) => this.#begin(run, held, (data) => this.trains.start(data, spec, recipe)),

    startFrom: ({ run, held, onnx, recipe }) =>
      this.#begin(run, held, (data) => this.trains.startFrom(data, onnx, recipe)),

    resume: ({ run, held, onnx, epochs }) =>
      this.#begin(run, held, (data) => this.trains.resume(data, onnx, epochs ?? undefined)),

    pause: () => {
      this.#running().hold();
      return null;
    },

    unpause: () => {
      this.#running().go();
      return null;
    },

    stop: async () => {
      await this.#running().halt();
      return null;
    },

    snapshot: () => this.#running().onnx(),

    checkpoint: () => this.#running().checkpoint(),
  };

  data(): TrainingData {
    if (!this.#loaded) throw new EngineError("no-data", "No data has been loaded.");
    return this.#loaded.data;
  }

  #running(): Puller {
    if (!this.#puller) throw new EngineError("no-run", "No training has been started.");
    return this.#puller;
  }

  async #load(dataset: DatasetId, base: string, signal: AbortSignal) {
    const revision = isOwn(dataset) ? ((await ownDataset(dataset))?.revision ?? -1) : 0;
    if (this.#loaded?.id === dataset && this.#loaded.revision === revision) return this.#loaded.data.summary();
    const progress = throttled((loaded, total) => this.tell({ kind: "loading", what: "images", loaded, total }));
    const data = isOwn(dataset)
      ? await this.trains.own(await rendered(dataset, SPLITS, await this.trains.render(), progress, signal))
      : await this.trains.data(dataset, ...(await fetchFiles(dataset, FILES, base, signal, progress)));
    this.#loaded?.data.free();
    this.#loaded = { id: dataset, revision, data };
    signal.throwIfAborted();
    return data.summary();
  }

  /** Lets go of the last run and pulls a new one. */
  async #begin(run: number, held: boolean, make: (data: TrainingData) => Promise<Pulled>): Promise<WatchedImages> {
    const data = this.data();
    await this.#puller?.drop();
    this.#puller = null;
    const training = await make(data);
    const watched = { pixels: training.watchedPixels(), labels: training.watchedLabels() };
    this.#puller = new Puller(training, {
      onEvents: (events) => this.tell({ kind: "progress", run, events }),
      onError: (error) => this.tell({ kind: "failed", run, error }),
    });
    if (!held) this.#puller.go();
    return watched;
  }
}
