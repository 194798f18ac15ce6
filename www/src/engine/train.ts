import { type CallOptions, WorkerClient } from "./client";
import type { EngineError } from "./error";
import type { DatasetId, TrainCalls, TrainNews } from "./protocol";
import type { DatasetSummary, ModelSpec, Preset, Recipe, SpecReport } from "./types";

/** Training in its worker. What happens comes as news; the run itself lives in the worker until the next start. */
export class TrainEngine {
  onNews: ((news: TrainNews) => void) | undefined;
  onDeath: ((error: EngineError) => void) | undefined;
  #client = new WorkerClient<TrainCalls, TrainNews>({
    spawn: () => new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module" }),
    // One step of a large batch takes seconds on a slow phone.
    patience: 20,
    onNews: (news) => this.onNews?.(news),
    onDeath: (error) => this.onDeath?.(error),
  });

  presets(): Promise<Preset[]> {
    return this.#client.call("presets", {});
  }

  describe(spec: ModelSpec): Promise<SpecReport> {
    return this.#client.call("describe", { spec });
  }

  load(dataset: DatasetId, options?: CallOptions): Promise<DatasetSummary> {
    return this.#client.call("load", { dataset, base: document.baseURI }, options);
  }

  async start(run: number, spec: ModelSpec, recipe: Recipe): Promise<void> {
    await this.#client.call("start", { run, spec, recipe });
    this.#client.watch(true);
  }

  async pause(): Promise<void> {
    await this.#client.call("pause", {});
    this.#client.watch(false);
  }

  async resume(): Promise<void> {
    await this.#client.call("resume", {});
    this.#client.watch(true);
  }

  async stop(): Promise<void> {
    await this.#client.call("stop", {});
    this.#client.watch(false);
  }

  /** Called when the worker said that the run has come to its end. */
  rest(): void {
    this.#client.watch(false);
  }

  snapshot(): Promise<Uint8Array> {
    return this.#client.call("snapshot", {});
  }
}
