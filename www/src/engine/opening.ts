import { type CallOptions, WorkerClient } from "./client";
import { EngineError } from "./error";
import type {
  ArrivedFile,
  InspectedFile,
  NamedFile,
  OpeningCalls,
  OpeningNews,
  Recognised,
  TrialBegun,
  TrialCalls,
} from "./protocol";
import type { ModelGraph, ModelInfo, Preprocessing, Settings, Tried, Weighed } from "./types";

/** So long a worker that nothing is asked of is kept: what it holds of a large file is a gigabyte. */
const IDLE_MS = 20_000;
/** Seconds without a sign of life: opening 200 MB blocks a worker that long on a slow machine. */
const PATIENCE = 60;

/** Counts what is under way, and calls `rest` when nothing has been for a while. */
class Idle {
  #under = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly rest: () => void) {}

  async during<T>(work: Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    this.#under += 1;
    try {
      return await work.catch((error) => {
        throw asOfFile(error);
      });
    } finally {
      this.#under -= 1;
      if (this.#under === 0) this.#timer = setTimeout(this.rest, IDLE_MS);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** A worker ends of the file that it was given: it does nothing else. */
function asOfFile(error: unknown): unknown {
  const { code } = EngineError.from(error);
  if (code !== "worker-died" && code !== "trap") return error;
  return new EngineError(
    "opening-died",
    "This file stopped the engine that opened it: it asks for more memory than there is, or it is damaged. Nothing else was touched.",
  );
}

/** What is found out about files from elsewhere, in a worker of its own: a hostile one cannot end the one that answers. */
export class OpeningEngine {
  #onReading: (news: OpeningNews) => void = () => {};
  #client = new WorkerClient<OpeningCalls, OpeningNews>({
    spawn: () => new Worker(new URL("./opening.worker.ts", import.meta.url), { type: "module" }),
    patience: PATIENCE,
    onNews: (news) => this.#onReading(news),
  });
  #idle = new Idle(() => this.#client.retire());

  /**
   * See `OpeningCalls.arrive`; `onReading` hears how far the file has been read. Where `signal` aborts, the worker is let
   * go, whatever it is at.
   */
  async arrive(
    file: Blob,
    beside: readonly NamedFile[],
    onReading: (news: OpeningNews) => void,
    signal: AbortSignal,
  ): Promise<ArrivedFile> {
    this.#onReading = onReading;
    try {
      return await this.#ask("arrive", { file, beside }, { signal });
    } finally {
      this.#onReading = () => {};
      if (signal.aborted) this.#client.retire();
    }
  }

  /** Opens a file as it is opened to answer, and says what it says of itself. */
  inspect(onnx: Uint8Array): Promise<ModelInfo> {
    return this.#ask("inspect", { onnx });
  }

  /** The file with `settings` in its metadata; what they do not name stays as it is. */
  withSettings(onnx: Uint8Array, settings: Settings): Promise<InspectedFile> {
    return this.#ask("withSettings", { onnx, settings });
  }

  /** The names in a list of labels. */
  labels(file: Blob): Promise<string[]> {
    return this.#ask("labels", { file });
  }

  /** A file's graph by stages. */
  graph(onnx: Uint8Array): Promise<ModelGraph> {
    return this.#ask("graph", { onnx });
  }

  /** SHA-256, in hexadecimal digits. */
  hash(onnx: Uint8Array): Promise<string> {
    return this.#ask("hash", { onnx });
  }

  #ask<K extends keyof OpeningCalls>(kind: K, ask: OpeningCalls[K]["ask"], options?: CallOptions) {
    return this.#idle.during(this.#client.call(kind, ask, options));
  }
}

export const opening = new OpeningEngine();

/** One file on trial, in a worker that is there while something is asked of it. */
export class TrialEngine {
  #begun: Promise<TrialBegun> | null = null;
  #client = new WorkerClient<TrialCalls>({
    spawn: () => new Worker(new URL("./trial.worker.ts", import.meta.url), { type: "module" }),
    patience: PATIENCE,
    onDeath: () => {
      this.#begun = null;
    },
  });
  #idle = new Idle(() => this.#rest());

  /** `photos`: a person's own, beside those that come with the page. */
  constructor(
    private readonly file: InspectedFile,
    private readonly photos: readonly NamedFile[],
  ) {}

  /** Opens the file and its samples, unless that is done. */
  begin(): Promise<TrialBegun> {
    if (this.#begun) return this.#begun;
    const ask = { ...this.file, photos: this.photos, base: document.baseURI };
    const begun = this.#idle.during(this.#client.call("begin", ask));
    this.#begun = begun;
    begun.catch(() => {
      if (this.#begun === begun) this.#begun = null;
    });
    return begun;
  }

  /** What a preprocessing is worth on all samples. */
  weigh(preprocessing: Preprocessing): Promise<Weighed> {
    return this.#ask("weigh", { preprocessing });
  }

  /** Which of the proposals is the likeliest, by what each was worth. */
  likeliest(weighed: readonly Weighed[]): Promise<number> {
    return this.#ask("likeliest", { weighed });
  }

  /** What a sample becomes under a preprocessing, and its `top` likeliest classes. */
  tryOut(sample: number, preprocessing: Preprocessing, top: number): Promise<Tried> {
    return this.#ask("tryOut", { sample, preprocessing, top });
  }

  /** How many images of the built-in datasets it answers rightly. */
  recognised(preprocessing: Preprocessing): Promise<Recognised> {
    return this.#ask("recognised", { preprocessing });
  }

  /** Whatever is under way is rejected. */
  close(): void {
    this.#idle.end();
    this.#rest();
  }

  async #ask<K extends keyof TrialCalls>(kind: K, ask: TrialCalls[K]["ask"]): Promise<TrialCalls[K]["answer"]> {
    await this.begin();
    return this.#idle.during(this.#client.call(kind, ask));
  }

  #rest(): void {
    this.#client.retire();
    this.#begun = null;
  }
}
