import type { CallOptions } from "./client";
import { EngineError } from "./error";
import type { Input } from "./library/render";
import { ModelWorker, share } from "./pool";
import type { Answers, DatasetId, Judged, TestCalls, TestImages, TestNews, TestSplit } from "./protocol";
import type { Comparison, CostReport, Costs, ModelInfo, Report } from "./types";

/** More workers than this gain little: they share the memory's bandwidth, and each holds the module and the model. */
const MOST_WORKERS = 4;
/**
 * Images that a worker is given at once: few enough that cancelling and progress are prompt, and that a large network on
 * a slow phone still answers before its worker counts as dead.
 */
const CHUNK = 32;

export interface RunOptions {
  signal: AbortSignal;
  onProgress(done: number): void;
}

type Tester = ModelWorker<TestCalls, TestNews>;

/**
 * Tests: a model on many images. Several workers share the images of a run and go when it is over; the first stays, to
 * count and to answer single images again. The worker that answers drawings is left alone.
 */
export class TestEngine {
  /** How far the download of the package or of the images is: see `OnBytes`. */
  onLoading: ((what: TestNews["what"], loaded: number, total: number) => void) | undefined;
  #lead = tester(({ what, loaded, total }) => this.onLoading?.(what, loaded, total));
  #helpers: Tester[] = [];

  /** `seen`: what a person's own pictures are brought to. */
  load(dataset: DatasetId, split: TestSplit, seen: Input | null, options: CallOptions): Promise<TestImages> {
    return this.#lead.client.call("load", { dataset, split, seen, base: document.baseURI }, options);
  }

  /** Opens a file and says what is in it. */
  open(onnx: Uint8Array): Promise<ModelInfo> {
    return this.#lead.open(onnx);
  }

  /** The workers that a run is shared among. */
  get workers(): number {
    return Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2);
  }

  /** Calls the helpers of a run, so that they are ready when its images are. */
  prepare(onnx: Uint8Array): void {
    while (this.#helpers.length < this.workers - 1) this.#helpers.push(tester());
    // A file that cannot be opened is noticed when it is opened for the run.
    for (const helper of this.#helpers) helper.open(onnx).catch(() => {});
  }

  async run(onnx: Uint8Array, images: TestImages, options: RunOptions): Promise<Judged> {
    this.prepare(onnx);
    return judge([this.#lead, ...this.#helpers], onnx, images, options);
  }

  /** Lets the helpers go: the run is over, or will not be. */
  dismiss(): void {
    for (const helper of this.#helpers) helper.retire();
    this.#helpers = [];
  }

  /** The probabilities of all classes for one image. */
  async probabilities(onnx: Uint8Array, pixels: Uint8Array): Promise<Float32Array> {
    // Both are sent before either is answered, so no other model can come between them.
    const opened = this.#lead.open(onnx);
    const answer = this.#lead.client.call("probabilities", { pixels });
    const [, probabilities] = await Promise.all([opened, answer]);
    return probabilities;
  }

  report(judged: Judged, classes: number): Promise<Report> {
    return this.#lead.client.call("report", { judged, classes });
  }

  compare(first: Judged, second: Judged): Promise<Comparison> {
    return this.#lead.client.call("compare", { first, second });
  }

  cost(judged: Judged, classes: number, costs: Costs): Promise<CostReport> {
    return this.#lead.client.call("cost", { judged, classes, costs });
  }

  /** Lets the worker go that is kept; the next call starts another. */
  rest(): void {
    this.#lead.retire();
  }
}

function tester(onNews: (news: TestNews) => void = () => {}): Tester {
  return new ModelWorker<TestCalls, TestNews>({
    spawn: () => new Worker(new URL("./test.worker.ts", import.meta.url), { type: "module" }),
    open: (client, onnx) => client.call("open", { onnx }),
    onNews,
  });
}

/** The images go to the testers in chunks. */
async function judge(testers: Tester[], onnx: Uint8Array, images: TestImages, options: RunOptions): Promise<Judged> {
  const { labels, pixels } = images;
  const size = images.channels * images.height * images.width;
  const answers: Answers = {
    predicted: new Uint16Array(labels.length),
    confidence: new Float32Array(labels.length),
    rank: new Uint16Array(labels.length),
    novelty: new Float32Array(0),
  };
  let done = 0;
  await share(testers, Math.ceil(labels.length / CHUNK), options.signal, async (tester, piece, signal) => {
    const from = piece * CHUNK;
    const to = Math.min(from + CHUNK, labels.length);
    const ask = async () => {
      const chunk = { pixels: pixels.slice(from * size, to * size), labels: labels.slice(from, to) };
      const transfer = [chunk.pixels.buffer, chunk.labels.buffer];
      // Both are sent before either is answered, so no other model can come between them: the first worker also answers
      // single images, of the model that a comparison is against.
      const opened = tester.open(onnx);
      const [, judged] = await Promise.all([opened, tester.client.call("test", chunk, { transfer, signal })]);
      return judged;
    };
    // A worker that dies is replaced by the next call, and only its piece is asked again.
    const answer = await ask().catch((error) => {
      if (EngineError.from(error).code !== "worker-died") throw error;
      return ask();
    });
    answers.predicted.set(answer.predicted, from);
    answers.confidence.set(answer.confidence, from);
    answers.rank.set(answer.rank, from);
    if (answer.novelty.length > 0) {
      if (answers.novelty.length === 0) answers.novelty = new Float32Array(labels.length);
      answers.novelty.set(answer.novelty, from);
    }
    done += to - from;
    options.onProgress(done);
  });
  return { ...answers, truth: labels };
}
