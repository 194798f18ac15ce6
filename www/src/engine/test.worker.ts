/** Owns an `infer` module (tract) for tests: reads datasets, answers their images, and counts what came out. */
import { fetchFiles } from "./dataset-files";
import { EngineError } from "./error";
import { fetchedInTurn, throttled } from "./fetched";
import { rendered } from "./library/render";
import init, { Classifier, render, TestAnswers, TestImages } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import { type Answers, isOwn, type Judged, type TestCalls, type TestNews } from "./protocol";
import { serve } from "./serve";

/** Images that tract works on at once; more no longer fit the processor's cache. */
const BATCH = 16;

let model: Classifier | null = null;

function open(): Classifier {
  if (!model) throw new EngineError("no-model", "No model is open.");
  return model;
}

/** What the module holds is freed as soon as it has been used: a test asks for it a hundred times. */
function using<H extends { free(): void }, T>(handle: H, use: (handle: H) => T): T {
  try {
    return use(handle);
  } finally {
    handle.free();
  }
}

function judge<T>({ truth, predicted, confidence, rank }: Judged, use: (answers: TestAnswers) => T): T {
  return using(new TestAnswers(truth, predicted, confidence, rank), use);
}

const tell = serve<TestCalls, TestNews>({
  async load({ dataset, split, seen, base }, signal) {
    const progress = throttled((loaded, total) => tell({ kind: "loading", what: "images", loaded, total }));
    if (isOwn(dataset)) {
      await ready;
      const images = await rendered(dataset, [split], render, progress, signal, seen);
      const { dataset: own, splits: _, ...rest } = images;
      return { ...rest, dataset, split, revision: own.revision };
    }
    // None that comes with Hearth has images of its own to validate on.
    const of = split === "test" ? "test" : "train";
    const files = [`${of}-images`, `${of}-labels`] as const;
    const [images, labels] = await fetchFiles(dataset, files, base, signal, progress);
    await ready;
    return using(TestImages.fromIdx(dataset, images, labels), (read) => ({
      dataset,
      split,
      classes: read.classes,
      channels: 1,
      height: read.height,
      width: read.width,
      pixels: read.pixels,
      labels: read.labels,
    }));
  },

  async open({ onnx }) {
    await ready;
    const next = Classifier.batched(onnx, BATCH);
    model?.free();
    model = next;
    return next.info();
  },

  test({ pixels, labels }): Answers {
    return using(open().test(pixels, labels), (answers) => ({
      predicted: answers.predicted(),
      confidence: answers.confidence(),
      rank: answers.rank(),
      novelty: answers.novelty(),
    }));
  },

  probabilities({ pixels }) {
    return open().predictPixels(pixels, 1);
  },

  async report({ judged, classes }) {
    await ready;
    return judge(judged, (answers) => answers.report(classes));
  },

  async compare({ first, second }) {
    await ready;
    return judge(first, (one) => judge(second, (other) => one.compare(other)));
  },

  async cost({ judged, classes, costs }) {
    await ready;
    return judge(judged, (answers) => answers.cost(classes, costs));
  },
});

// Last: what is told of the download goes by way of `tell`.
const loading = throttled((loaded, total) => tell({ kind: "loading", what: "package", loaded, total }));
const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), loading, { bytes }),
});
