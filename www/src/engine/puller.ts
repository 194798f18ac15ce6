import { isTrap, toWire } from "./error";
import { macrotask } from "./macrotask";
import type { Training } from "./pkg/train/train.js";
import type { WireError } from "./protocol";
import type { TrainingEvent } from "./types";

/** How long one pull should take: short enough for pause and stop, long enough that asking costs nothing. */
const PULL_MS = 75;
const MOST_UNITS = 256;

/** What is pulled; on the GPU every call is watched as well. */
export type Pulled = Pick<Training, "advance" | "onnx" | "checkpoint" | "free" | "watchedLabels" | "watchedPixels">;

export interface PullerOptions {
  onEvents(events: TrainingEvent[]): void;
  onError(error: WireError): void;
}

/** Pulls a training forward, a little at a time. To pause is to stop pulling. */
export class Puller {
  #going = false;
  #looping: Promise<void> = Promise.resolve();
  // The handle must not be entered twice at once: pulls and snapshots take turns.
  #turn: Promise<unknown> = Promise.resolve();
  #units = 1;

  constructor(
    private readonly training: Pulled,
    private readonly options: PullerOptions,
  ) {}

  go(): void {
    if (this.#going) return;
    this.#going = true;
    this.#looping = this.#looping.then(() => this.#loop());
  }

  hold(): void {
    this.#going = false;
  }

  /** As `hold`; resolves when the pull that was under way has ended and said what happened. */
  async halt(): Promise<void> {
    this.hold();
    await this.#looping;
  }

  onnx(): Promise<Uint8Array> {
    return this.#inTurn(() => this.training.onnx());
  }

  checkpoint(): Promise<Uint8Array> {
    return this.#inTurn(() => this.training.checkpoint());
  }

  async drop(): Promise<void> {
    await this.halt();
    await this.#inTurn(async () => this.training.free());
  }

  async #loop(): Promise<void> {
    try {
      while (this.#going) {
        const events = await this.#pull();
        if (events.length > 0) this.options.onEvents(events);
        if (events.length === 0 || events.at(-1)?.kind === "done") this.#going = false;
        await macrotask();
      }
    } catch (error) {
      this.#going = false;
      if (isTrap(error)) throw error;
      this.options.onError(toWire(error));
    }
  }

  async #pull(): Promise<TrainingEvent[]> {
    const before = performance.now();
    const events = await this.#inTurn(() => this.training.advance(this.#units));
    const perUnit = Math.max((performance.now() - before) / this.#units, 0.01);
    // Halfway to what the last pull says: validation batches are quicker than training steps.
    const wanted = Math.round((this.#units + PULL_MS / perUnit) / 2);
    this.#units = Math.min(Math.max(wanted, 1), MOST_UNITS);
    return events;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
