import { type CallOptions, WorkerClient } from "./client";
import { EngineError } from "./error";
import type { DatasetId, GpuCalls, RunCalls, TrainCalls, TrainNews, WatchedImages } from "./protocol";
import type { DatasetSummary, ModelSpec, NetworkInfo, Preset, Recipe, SelfTest, SpecReport } from "./types";

/** Where a network can be trained. */
export type Device = "cpu" | "webgpu";

/** What a worker says of its run. */
export type RunNews = Exclude<TrainNews, { kind: "loading" }>;

/** What each run is begun with: its number, its device, and whether it waits for `unpause`. */
export interface Beginning {
  run: number;
  device: Device;
  held?: boolean;
}

/**
 * Training in workers, one for each device. What happens comes as news; the run itself lives in its worker until the
 * next start. Questions about networks are always the CPU's: its package is small.
 */
export class TrainEngine {
  onNews: ((news: RunNews) => void) | undefined;
  onDeath: ((device: Device, error: EngineError) => void) | undefined;
  /** How far the download of a package or of the images is: see `OnBytes`. */
  onLoading: ((what: Device | "images", loaded: number, total: number) => void) | undefined;
  /** Whose worker has the run; null before there is one, and when it was let go of. */
  #device: Device | null = null;
  #cpu = new WorkerClient<TrainCalls, TrainNews>({
    spawn: () => new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module" }),
    ...this.#options("cpu"),
  });
  #gpu = new WorkerClient<GpuCalls, TrainNews>({
    spawn: () => new Worker(new URL("./webgpu.worker.ts", import.meta.url), { type: "module" }),
    ...this.#options("webgpu"),
  });

  presets(): Promise<Preset[]> {
    return this.#cpu.call("presets", {});
  }

  describe(spec: ModelSpec): Promise<SpecReport> {
    return this.#cpu.call("describe", { spec });
  }

  readNetwork(onnx: Uint8Array): Promise<NetworkInfo> {
    return this.#cpu.call("readNetwork", { onnx });
  }

  load(device: Device, dataset: DatasetId, options?: CallOptions): Promise<DatasetSummary> {
    return this.#of(device).call("load", { dataset, base: document.baseURI }, options);
  }

  /** Tries the GPU against the CPU, with the images that were loaded for it: `most` or fewer at once. */
  selfTest(spec: ModelSpec, recipe: Recipe, most: number, options?: CallOptions): Promise<SelfTest> {
    return this.#gpu.call("selfTest", { spec, recipe, most }, options);
  }

  start(beginning: Beginning, spec: ModelSpec, recipe: Recipe): Promise<WatchedImages> {
    return this.#begin(beginning, "start", { spec, recipe });
  }

  startFrom(beginning: Beginning, onnx: Uint8Array, recipe: Recipe): Promise<WatchedImages> {
    return this.#begin(beginning, "startFrom", { onnx, recipe });
  }

  resume(beginning: Beginning, onnx: Uint8Array, epochs: number | null): Promise<WatchedImages> {
    return this.#begin(beginning, "resume", { onnx, epochs });
  }

  async pause(): Promise<void> {
    await this.#ask("pause");
    this.#watch(false);
  }

  async unpause(): Promise<void> {
    await this.#ask("unpause");
    this.#watch(true);
  }

  /** Resolves when the last news of the run have come. */
  async stop(): Promise<void> {
    await this.#ask("stop");
    this.#watch(false);
  }

  /** Called when the worker said that the run has come to its end. */
  rest(): void {
    this.#watch(false);
  }

  snapshot(): Promise<Uint8Array> {
    return this.#ask("snapshot");
  }

  checkpoint(): Promise<Uint8Array> {
    return this.#ask("checkpoint");
  }

  /** Gives the GPU back, with the run that may be on it; what is owed of it is rejected as `aborted`. */
  leaveGpu(): void {
    if (this.#device === "webgpu") this.#device = null;
    this.#gpu.retire();
    this.onLoading?.("webgpu", 0, 0);
  }

  async #ask<K extends "pause" | "unpause" | "stop" | "snapshot" | "checkpoint">(
    kind: K,
  ): Promise<RunCalls[K]["answer"]> {
    if (!this.#device) throw new EngineError("no-run", "No training has been started.");
    return this.#of(this.#device).call(kind, {});
  }

  #watch(watched: boolean): void {
    if (this.#device) this.#of(this.#device).watch(watched);
  }

  #of(device: Device): Pick<WorkerClient<RunCalls, TrainNews>, "call" | "watch"> {
    return device === "webgpu" ? this.#gpu : this.#cpu;
  }

  async #begin<K extends "start" | "startFrom" | "resume">(
    { run, device, held = false }: Beginning,
    kind: K,
    ask: Omit<RunCalls[K]["ask"], "run" | "held">,
  ): Promise<WatchedImages> {
    this.#device = device;
    const watched = await this.#of(device).call(kind, { ...ask, run, held } as RunCalls[K]["ask"]);
    this.#watch(!held);
    return watched;
  }

  #options(device: Device) {
    return {
      // One step of a large batch takes seconds on a slow phone.
      patience: 20,
      onNews: (news: TrainNews) => this.#hear(device, news),
      onDeath: (error: EngineError) => {
        this.onLoading?.(device, 0, 0);
        this.onDeath?.(device, error);
      },
    };
  }

  #hear(device: Device, news: TrainNews): void {
    if (news.kind !== "loading") this.onNews?.(news);
    else this.onLoading?.(news.what === "package" ? device : "images", news.loaded, news.total);
  }
}
