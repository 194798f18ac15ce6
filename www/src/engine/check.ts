import { WorkerClient } from "./client";
import type { OwnId } from "./library/records";
import type { CheckCalls, CheckNews, Doubted } from "./protocol";

export interface CheckOptions {
  signal: AbortSignal;
  /** 0–1. */
  onProgress(share: number): void;
}

/** Cross-validation of a dataset's labels, in a worker of its own: a training that goes on is not disturbed. */
export class CheckEngine {
  #onProgress: (share: number) => void = () => {};
  #client = new WorkerClient<CheckCalls, CheckNews>({
    spawn: () => new Worker(new URL("./check.worker.ts", import.meta.url), { type: "module" }),
    patience: 20,
    onNews: ({ share }) => this.#onProgress(share),
  });

  /** Rejects where `signal` aborts; the worker is then let go of. */
  async findWrongLabels(dataset: OwnId, { signal, onProgress }: CheckOptions): Promise<Doubted[]> {
    this.#onProgress = onProgress;
    try {
      return await this.#client.call("findWrongLabels", { dataset }, { signal });
    } finally {
      if (signal.aborted) this.rest();
    }
  }

  rest(): void {
    this.#client.retire();
  }
}
