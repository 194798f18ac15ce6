import { WorkerClient } from "./client";
import type { CallMap } from "./protocol";
import type { ModelInfo } from "./types";

export interface ModelWorkerOptions<C extends CallMap<C>, News, Info = ModelInfo> {
  spawn(): Worker;
  open(client: WorkerClient<C, News>, onnx: Uint8Array): Promise<Info>;
  onNews?(news: News): void;
}

/** A worker with the model that is open in it: the last one that was asked for. */
export class ModelWorker<C extends CallMap<C>, News = never, Info = ModelInfo> {
  readonly client: WorkerClient<C, News>;
  #opened: { onnx: Uint8Array; info: Promise<Info> } | null = null;

  constructor(private readonly options: ModelWorkerOptions<C, News, Info>) {
    this.client = new WorkerClient<C, News>({
      spawn: options.spawn,
      // Opening a large file blocks the worker for seconds on a slow phone.
      patience: 20,
      onNews: (news) => options.onNews?.(news),
      onDeath: () => {
        this.#opened = null;
      },
    });
  }

  open(onnx: Uint8Array): Promise<Info> {
    if (this.#opened?.onnx === onnx) return this.#opened.info;
    const info = this.options.open(this.client, onnx);
    const opened = { onnx, info };
    this.#opened = opened;
    // A file that could not be opened left the one before it in place.
    info.catch(() => {
      if (this.#opened === opened) this.#opened = null;
    });
    return info;
  }

  retire(): void {
    this.client.retire();
    this.#opened = null;
  }
}

/**
 * Shares `count` pieces of work: each worker takes the next as soon as it has done its last, so a slow core holds nobody
 * up. Where one fails, or `signal` aborts, no more is begun, and the promise is rejected.
 */
export async function share<W>(
  workers: W[],
  count: number,
  signal: AbortSignal,
  work: (worker: W, piece: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const turns = async (worker: W) => {
    while (next < count) {
      either.throwIfAborted();
      await work(worker, next++, either);
    }
  };
  await Promise.all(
    workers.map((worker) =>
      turns(worker).catch((error) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
}
