import type {
  CurveReport,
  FeatureRows,
  HeadCalls,
  HeadFile,
  HeadKind,
  HeadNews,
  HeadReport,
  Lesson,
  LessonName,
} from "./learning-protocol";
import type { OwnId } from "./library/records";
import { ModelWorker } from "./pool";

export interface PullOptions {
  signal: AbortSignal;
  onNews(news: HeadNews): void;
}

/** Heads in a worker: see `head.worker.ts`. One thing is done after another; what takes long gets an engine of its own. */
export class HeadEngine {
  #onNews: (news: HeadNews) => void = () => {};
  #worker = new ModelWorker<HeadCalls, HeadNews, null>({
    spawn: () => new Worker(new URL("./head.worker.ts", import.meta.url), { type: "module" }),
    open: (client, onnx) => client.call("open", { onnx }),
    onNews: (news) => this.#onNews(news),
  });

  /** Starts the worker, so that its module is there when the features are. */
  start(): void {
    this.#worker.client.start();
  }

  /** Vectors that the library does not have, or that need not be read again from there. */
  hold(dataset: OwnId, backbone: string, rows: FeatureRows): void {
    const ask = { dataset, backbone, rows };
    // A worker that has died reads what is kept.
    this.#worker.client.call("hold", ask).catch(() => {});
  }

  async quick(onnx: Uint8Array, lesson: Lesson, name: LessonName, signal: AbortSignal): Promise<HeadFile> {
    await this.#worker.open(onnx);
    return this.#worker.client.call("quick", { lesson, name }, { signal });
  }

  /** Rejects where `signal` aborts. Afterwards `make` has every kind. */
  async compare(onnx: Uint8Array, lesson: Lesson, options: PullOptions): Promise<HeadReport> {
    await this.#worker.open(onnx);
    this.#onNews = options.onNews;
    return this.#worker.client.call("compare", { lesson }, options);
  }

  /** @throws EngineError `no-head` where nothing has been compared, or the worker is another */
  make(kind: HeadKind, name: LessonName): Promise<HeadFile> {
    return this.#worker.client.call("make", { head: kind, name });
  }

  curve(lesson: Lesson, options: PullOptions): Promise<CurveReport> {
    this.#onNews = options.onNews;
    return this.#worker.client.call("curve", { lesson }, options);
  }

  /** Lets the worker go, with what it is doing; the next call starts another. */
  rest(): void {
    this.#worker.retire();
  }
}
