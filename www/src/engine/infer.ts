import { WorkerClient } from "./client";
import { fetchFiles } from "./dataset-files";
import type { EngineError } from "./error";
import { transferOf } from "./picture";
import {
  type BuiltInId,
  type DatasetId,
  type InferCalls,
  type InferNews,
  isOwn,
  type LookedThrough,
  type OpenedLayers,
  type PhotoAnswer,
  type Picture,
  type Sample,
  type Slot,
} from "./protocol";
import type { DrawingPrediction, ModelInfo } from "./types";

/** Deaths in a row, without an answer between them, after which the engine is not started again by itself. */
const MOST_DEATHS = 3;

/** Inference in its worker. Keeps the files that are open, so that a new worker has what the dead one had. */
export class InferEngine {
  /** Called when a worker died; `back` is false when it died too often to be brought back. */
  onDeath: ((error: EngineError, back: boolean) => void) | undefined;
  /** How far the download of the package is: see `OnBytes`. */
  onLoading: ((loaded: number, total: number) => void) | undefined;
  #files = new Map<Slot, Uint8Array>();
  /** The file that is looked into. */
  #layers: Uint8Array | null = null;
  /** The test images that the worker holds, and how many. */
  #samples: { dataset: DatasetId; count: number } | null = null;
  #deaths = 0;
  #client = new WorkerClient<InferCalls, InferNews>({
    spawn: () => new Worker(new URL("./infer.worker.ts", import.meta.url), { type: "module" }),
    // Opening a large file blocks the worker for seconds on a slow phone.
    patience: 15,
    onNews: ({ loaded, total }) => this.onLoading?.(loaded, total),
    onDeath: (error) => this.#bringBack(error),
  });

  /** Fetches and compiles the package, before there is a file to open. */
  start(): void {
    this.#client.start();
  }

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

  /** A photo's `top` likeliest classes. A bitmap is transferred. `thumbnail`: see `PhotoCalls`. */
  async predictPhoto(slot: Slot, picture: Picture, top: number, thumbnail = 0): Promise<PhotoAnswer> {
    const transfer = transferOf(picture);
    const answer = await this.#client.call("predictPhoto", { slot, picture, top, thumbnail }, { transfer });
    this.#deaths = 0;
    return answer;
  }

  /** The file that is open in a slot. */
  file(slot: Slot): Uint8Array | undefined {
    return this.#files.get(slot);
  }

  /** Opens a file to look into; when it cannot be opened the one before stays open. `mostWeights`: see `OpenedLayers`. */
  async openLayers(onnx: Uint8Array, mostWeights: number): Promise<OpenedLayers> {
    const opened = await this.#client.call("openLayers", { onnx, mostWeights });
    this.#layers = onnx;
    return opened;
  }

  /** What a drawing becomes at these stages; null where there is no ink. The image's buffer is transferred. */
  async lookAtDrawing(image: ImageData, stages: readonly number[]): Promise<LookedThrough | null> {
    const rgba = new Uint8Array(image.data.buffer as ArrayBuffer);
    const { width, height } = image;
    const looked = await this.#client.call(
      "lookAtDrawing",
      { rgba, width, height, stages },
      { transfer: [rgba.buffer] },
    );
    this.#deaths = 0;
    return looked;
  }

  /** What a photo becomes at these stages; null where a network for what is drawn finds no ink. */
  lookAtPhoto(picture: Picture, stages: readonly number[]): Promise<LookedThrough | null> {
    return this.#client.call("lookAtPhoto", { picture, stages }, { transfer: transferOf(picture) });
  }

  lookAtPixels(pixels: Uint8Array, stages: readonly number[]): Promise<LookedThrough> {
    return this.#client.call("lookAtPixels", { pixels, stages });
  }

  /** What the last image becomes at other stages; empty where the worker that had seen it is gone. */
  stageValues(stages: readonly number[]): Promise<Float32Array> {
    return this.#client.call("stageValues", { stages });
  }

  layerWeights(layer: number): Promise<Float32Array> {
    return this.#client.call("layerWeights", { layer });
  }

  /** One of a dataset's test images; which, `choose` says of their number. Fetches them when first asked. */
  async sample(dataset: DatasetId, choose: (count: number) => number): Promise<Sample> {
    // What a person's own dataset holds may have changed.
    if (this.#samples?.dataset !== dataset || isOwn(dataset)) {
      const count = isOwn(dataset)
        ? await this.#client.call("openOwnSamples", { dataset })
        : await this.#openBuiltIn(dataset);
      this.#samples = { dataset, count };
    }
    return { split: "test", ...(await this.#client.call("sample", { index: choose(this.#samples.count) })) };
  }

  async #openBuiltIn(dataset: BuiltInId): Promise<number> {
    const names = ["test-images", "test-labels"] as const;
    const never = new AbortController().signal;
    const [images, labels] = await fetchFiles(dataset, names, document.baseURI, never, () => {});
    const transfer = [images.buffer as ArrayBuffer, labels.buffer as ArrayBuffer];
    return this.#client.call("openSamples", { dataset, images, labels }, { transfer });
  }

  /** Lets the worker go with all that is open in it. */
  rest(): void {
    this.#client.retire();
    this.#files.clear();
    this.#layers = null;
    this.#samples = null;
    this.#deaths = 0;
  }

  #bringBack(error: EngineError): void {
    this.onLoading?.(0, 0);
    this.#deaths += 1;
    this.#samples = null;
    const back = this.#deaths <= MOST_DEATHS;
    if (back) {
      // Calls are handled in order, so whatever is asked from now on finds the files open.
      for (const [slot, onnx] of this.#files) this.#client.call("open", { slot, onnx }).catch(() => {});
      if (this.#layers) this.#client.call("openLayers", { onnx: this.#layers, mostWeights: 0 }).catch(() => {});
    }
    this.onDeath?.(error, back);
  }
}
