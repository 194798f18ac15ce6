import { WorkerClient } from "./client";
import type { TailCalls, TailCut, TailNews, TailResult } from "./learning-protocol";

export interface TailOptions {
  signal: AbortSignal;
  onNews(news: TailNews): void;
}

/** The fine-tuning of a network's last blocks, in a worker of its own. */
export class TailEngine {
  #onNews: (news: TailNews) => void = () => {};
  #client = new WorkerClient<TailCalls, TailNews>({
    spawn: () => new Worker(new URL("./tail.worker.ts", import.meta.url), { type: "module" }),
    // A step of the largest part takes a slow machine seconds.
    patience: 60,
    onNews: (news) => this.#onNews(news),
  });

  cuts(onnx: Uint8Array): Promise<TailCut[]> {
    return this.#client.call("cuts", { onnx });
  }

  /** `maps` is transferred. */
  tail(ask: TailCalls["tail"]["ask"], options: TailOptions): Promise<TailResult> {
    this.#onNews = options.onNews;
    const transfer = [ask.maps.buffer as ArrayBuffer];
    return this.#client.call("tail", ask, { signal: options.signal, transfer });
  }

  /** Lets the worker go, with what it is doing; the next call starts another. */
  rest(): void {
    this.#client.retire();
  }
}
