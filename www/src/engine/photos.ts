import { EngineError } from "./error";
import { transferOf } from "./picture";
import { ModelWorker, share } from "./pool";
import type { InferCalls, PhotoAnswer, Picture } from "./protocol";

/** More workers than this gain little: they share the memory's bandwidth. */
const MOST_WORKERS = 8;
/** Where the browser does not tell how much memory there is, in GB. */
const LIKELY_MEMORY = 4;
/** The pool's workers have nothing but this one net open. */
const SLOT = "current";

export interface PhotosOptions {
  signal: AbortSignal;
  /** Classes for each photo. */
  top: number;
  /** The longer side of a small picture that comes with a photo's answer, in pixels; 0: none. */
  thumbnail(index: number): number;
  /** Called when a worker is free for the photo, so that no more are held than are worked on. */
  picture(index: number): Picture | Promise<Picture>;
  onAnswer(index: number, answer: PhotoAnswer): void;
  /** A photo that cannot be read, or that a worker died of; the others go on. */
  onFailed(index: number, error: EngineError): void;
}

type PhotoWorker = ModelWorker<InferCalls>;

/** As many as there are cores, but each takes up to 250 MB. */
export function photoWorkers(): number {
  const { deviceMemory = LIKELY_MEMORY } = navigator as Navigator & { deviceMemory?: number };
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2, Math.floor(deviceMemory)));
}

/**
 * Many photos, answered by several workers: answers come as they are ready, by the photo's place. The worker that answers
 * single photos and drawings is left alone.
 */
export class PhotoEngine {
  #workers: PhotoWorker[] = [];

  get workers(): number {
    return photoWorkers();
  }

  /** Calls the workers, so that they are ready when the photos are. */
  prepare(onnx: Uint8Array, photos: number): void {
    while (this.#workers.length < Math.min(this.workers, photos)) this.#workers.push(photoWorker());
    // A file that cannot be opened is noticed when it is opened for the run.
    for (const worker of this.#workers) worker.open(onnx).catch(() => {});
  }

  /** Rejects where `signal` aborts and where the model cannot be opened. One run at a time. */
  async run(onnx: Uint8Array, photos: number, options: PhotosOptions): Promise<void> {
    this.prepare(onnx, photos);
    await share(this.#workers, photos, options.signal, async (worker, index, signal) => {
      await opened(worker, onnx);
      await answer(worker, index, options, signal);
    });
  }

  /** Lets the workers go; the next run starts others. */
  dismiss(): void {
    for (const worker of this.#workers) worker.retire();
    this.#workers = [];
  }
}

/** A worker that died of opening the model, where memory is short, gets a second chance: the others have gone on. */
function opened(worker: PhotoWorker, onnx: Uint8Array) {
  return worker.open(onnx).catch((error) => {
    if (EngineError.from(error).code !== "worker-died") throw error;
    return worker.open(onnx);
  });
}

async function answer(worker: PhotoWorker, index: number, options: PhotosOptions, signal: AbortSignal): Promise<void> {
  const { top } = options;
  try {
    const thumbnail = options.thumbnail(index);
    const picture = await options.picture(index);
    const ask = { slot: SLOT, picture, top, thumbnail } as const;
    options.onAnswer(index, await worker.client.call("predictPhoto", ask, { transfer: transferOf(picture), signal }));
  } catch (error) {
    signal.throwIfAborted();
    options.onFailed(index, EngineError.from(error));
  }
}

function photoWorker(): PhotoWorker {
  return new ModelWorker<InferCalls>({
    spawn: () => new Worker(new URL("./infer.worker.ts", import.meta.url), { type: "module" }),
    open: (client, onnx) => client.call("open", { slot: SLOT, onnx }),
  });
}
