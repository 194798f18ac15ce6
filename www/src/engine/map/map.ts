import { WorkerClient } from "../client";
import type { FeatureRows, MapCalls, MapNews, Plane } from "../learning-protocol";
import type { OwnId } from "../library/records";

export interface MapOptions {
  /** Vectors that the library does not have. */
  given: FeatureRows | null;
  seed: number;
  signal: AbortSignal;
  /** Several times a second. */
  onNews(news: MapNews): void;
}

/** The map of a dataset, in a worker of its own. */
export class MapEngine {
  #onNews: (news: MapNews) => void = () => {};
  #client = new WorkerClient<MapCalls, MapNews>({
    spawn: () => new Worker(new URL("./map.worker.ts", import.meta.url), { type: "module" }),
    // To find the neighbours of thousands takes a slow machine as long.
    patience: 60,
    onNews: (news) => this.#onNews(news),
  });

  /** Rejects where `signal` aborts; the worker is then let go of. */
  async layOut(dataset: OwnId, backbone: string, ids: readonly number[], options: MapOptions): Promise<Plane> {
    this.#onNews = options.onNews;
    const { given, seed, signal } = options;
    try {
      return await this.#client.call(
        "layOut",
        { dataset, backbone, ids: Uint32Array.from(ids), given, seed },
        { signal },
      );
    } finally {
      this.rest();
    }
  }

  rest(): void {
    this.#client.retire();
  }
}
