import { WorkerClient } from "./client";
import { EngineError } from "./error";
import { photoWorkers } from "./photos";
import { transferOf } from "./picture";
import { share } from "./pool";
import type { Picture } from "./protocol";

/** How opening a network fails that has no features. */
const NO_FEATURES = "output-missing";

/** A network by its features: all files that give the same ones have the same id. */
export interface Features {
  id: string;
  /** Values that one photo becomes. */
  dimension: number;
}

/** Places in what was searched, the most alike first, and the cosine of the features, −1 to 1. */
export interface Found {
  places: Uint32Array;
  similarities: Float32Array;
}

export interface AlikeCalls {
  /** One network is open in a worker: the last one that was asked for. */
  open: { ask: { onnx: Uint8Array }; answer: Features };
  /** What the network makes of a photo before its last layer. */
  embed: { ask: { picture: Picture }; answer: Float32Array };
  /** `features`: `[photo, value]`. All photos but those at `places`, by their likeness to these together. */
  search: { ask: { features: Float32Array; dimension: number; places: Uint32Array }; answer: Found };
}

export interface AlikeOptions {
  signal: AbortSignal;
  /** Called when a worker is free for the photo. */
  picture(index: number): Picture | Promise<Picture>;
  onFeatures(index: number, features: Float32Array): void;
  /** A photo that cannot be read, or that a worker died of; the others go on. */
  onFailed(index: number, error: EngineError): void;
}

type Client = WorkerClient<AlikeCalls>;

/** Likeness of photos: several workers share them, and the first one searches. */
export class AlikeEngine {
  #lead = spawned();
  #helpers: Client[] = [];

  /** Which features a file gives; null where it has none. */
  async open(onnx: Uint8Array, signal: AbortSignal): Promise<Features | null> {
    try {
      return await this.#lead.call("open", { onnx }, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (EngineError.from(error).code === NO_FEATURES) return null;
      throw error;
    }
  }

  /** Rejects where `signal` aborts and where the network cannot be opened. One run at a time. */
  async run(onnx: Uint8Array, photos: number, options: AlikeOptions): Promise<void> {
    const { signal } = options;
    while (this.#helpers.length < Math.min(photoWorkers(), photos) - 1) this.#helpers.push(spawned());
    const clients = [this.#lead, ...this.#helpers];
    const opened = new Map(clients.map((client) => [client, opening(client, onnx, signal)]));
    try {
      await share(clients, photos, signal, async (client, index) => {
        await opened.get(client);
        try {
          const picture = await options.picture(index);
          const transfer = transferOf(picture);
          options.onFeatures(index, await client.call("embed", { picture }, { transfer, signal }));
        } catch (error) {
          signal.throwIfAborted();
          const failure = EngineError.from(error);
          // Whoever comes after a worker that died has nothing open.
          if (failure.code === "worker-died") opened.set(client, opening(client, onnx, signal));
          options.onFailed(index, failure);
        }
      });
    } finally {
      for (const helper of this.#helpers) helper.retire();
      this.#helpers = [];
    }
  }

  search(features: Float32Array, dimension: number, places: Uint32Array, signal: AbortSignal): Promise<Found> {
    return this.#lead.call("search", { features, dimension, places }, { transfer: [features.buffer], signal });
  }

  /** Lets the worker go that is kept; the next call starts another. */
  rest(): void {
    this.#lead.retire();
  }
}

/** A worker that died of it, where memory is short, gets a second chance. What fails is noticed when its next turn comes. */
function opening(client: Client, onnx: Uint8Array, signal: AbortSignal): Promise<Features> {
  const open = () => client.call("open", { onnx }, { signal });
  const opened = open().catch((error) => {
    if (EngineError.from(error).code !== "worker-died") throw error;
    return open();
  });
  opened.catch(() => {});
  return opened;
}

function spawned(): Client {
  return new WorkerClient<AlikeCalls>({
    spawn: () => new Worker(new URL("./photo-alike.worker.ts", import.meta.url), { type: "module" }),
    // Opening a large file blocks the worker for seconds on a slow phone.
    patience: 20,
  });
}
