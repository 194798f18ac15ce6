/** For tests: an engine whose workers do nothing by themselves. */
import type { EngineError } from "../../engine/error";
import type { TrainNews, WatchedImages } from "../../engine/protocol";
import type { Beginning, Device } from "../../engine/train";
import type { DatasetSummary, NetworkInfo, Preset, SpecReport, TrainingEvent } from "../../engine/types";

export type Begun = Beginning & { how: "start" | "startFrom" | "resume"; onnx?: Uint8Array };

const summary: DatasetSummary = {
  name: "mnist",
  classes: [..."0123456789"],
  channels: 1,
  height: 28,
  width: 28,
  train: 1000,
  validation: 0,
  test: 100,
  contentId: "mnist",
};

export class FakeEngine {
  onNews: ((news: TrainNews) => void) | undefined;
  onDeath: ((device: Device, error: EngineError) => void) | undefined;
  begun: Begun[] = [];
  /** What a file says. */
  info = {} as NetworkInfo;
  known: Preset[] = [];
  /** Rejects what the worker is asked for its network. */
  broken: Error | null = null;

  presets = async () => this.known;
  describe = async () => ({}) as SpecReport;
  load = async () => summary;
  readNetwork = async () => this.info;
  pause = async () => {};
  unpause = async () => {};
  stop = async () => {};
  rest = () => {};
  leaveGpu = () => {};
  snapshot = async () => this.#file(1);
  checkpoint = async () => this.#file(2);
  /** Two black images, of classes 3 and 5. */
  watched: WatchedImages = { pixels: new Uint8Array(2 * 28 * 28), labels: Uint16Array.of(3, 5) };
  start = (beginning: Beginning) => this.#begin({ ...beginning, how: "start" });
  startFrom = (beginning: Beginning, onnx: Uint8Array) => this.#begin({ ...beginning, how: "startFrom", onnx });
  resume = (beginning: Beginning, onnx: Uint8Array) => this.#begin({ ...beginning, how: "resume", onnx });

  /** Of the run that was begun last. */
  tell(...events: TrainingEvent[]): void {
    this.onNews?.({ kind: "progress", run: this.begun.at(-1)?.run ?? 0, events });
  }

  fail(code: string): void {
    const error = { code, message: "So it is.", fatal: false };
    this.onNews?.({ kind: "failed", run: this.begun.at(-1)?.run ?? 0, error });
  }

  async #begin(begun: Begun): Promise<WatchedImages> {
    this.begun.push(begun);
    return this.watched;
  }

  #file(byte: number): Uint8Array {
    if (this.broken) throw this.broken;
    return new Uint8Array([byte]);
  }
}

/** One step of 32 images; epochs of 10 steps. */
export function step(at: number, { loss = 1, correct = 16, seconds = 0.1 } = {}): TrainingEvent {
  const epoch = Math.ceil(at / 10);
  return { kind: "step", epoch, step: at, stepsPerEpoch: 10, totalSteps: 20, loss, correct, images: 32, seconds };
}
