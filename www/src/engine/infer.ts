import { WorkerClient } from "./client";
import type { EngineError } from "./error";
import type { InferCalls, Slot } from "./protocol";
import type { DrawingPrediction, ModelInfo } from "./types";

/** Deaths in a row, without an answer between them, after which the engine is not started again by itself. */
const MOST_DEATHS = 3;

/** Inference in its worker. Keeps the files that are open, so that a new worker has what the dead one had. */
export class InferEngine {
  /** Called when a worker died; `back` is false when it died too often to be brought back. */
  onDeath: ((error: EngineError, back: boolean) => void) | undefined;
  #files = new Map<Slot, Uint8Array>();
  #deaths = 0;
  #client = new WorkerClient<InferCalls>({
    spawn: () => new Worker(new URL("./infer.worker.ts", import.meta.url), { type: "module" }),
    // Opening a large file blocks the worker for seconds on a slow phone.
    patience: 8,
    onDeath: (error) => this.#bringBack(error),
  });

  /** Opens a file in place of what the slot held; when it cannot be opened the slot keeps what it had. */
  async open(slot: Slot, onnx: Uint8Array): Promise<ModelInfo> {
    const info = await this.#client.call("open", { slot, onnx });
    this.#deaths = 0;
    this.#files.set(slot, onnx);
    return info;
  }

  async close(slot: Slot): Promise<void> {
    if (this.#files.delete(slot)) await this.#client.call("close", { slot });
  }

  /** The image's buffer is transferred. */
  async predictDrawing(slot: Slot, image: ImageData): Promise<DrawingPrediction> {
    const rgba = new Uint8Array(image.data.buffer as ArrayBuffer);
    const { width, height } = image;
    const answer = await this.#client.call(
      "predictDrawing",
      { slot, rgba, width, height },
      { transfer: [rgba.buffer] },
    );
    this.#deaths = 0;
    return answer;
  }

  #bringBack(error: EngineError): void {
    this.#deaths += 1;
    const back = this.#deaths <= MOST_DEATHS;
    if (back) {
      // Calls are handled in order, so whatever is asked from now on finds the files open.
      for (const [slot, onnx] of this.#files) this.#client.call("open", { slot, onnx }).catch(() => {});
    }
    this.onDeath?.(error, back);
  }
}
