/**
 * The test that is going on, and what the last one gave. It lives here, so that it goes on whichever page is shown.
 */
import { computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { DatasetId, Judged, TestImages, TestSplit } from "../engine/protocol";
import { TestEngine } from "../engine/test";
import type { Comparison, ModelInfo, Report } from "../engine/types";
import { explain, strings } from "../i18n";
import { type BuiltIn, builtIn } from "./datasets";
import {
  currentDataset,
  currentModel,
  currentModelId,
  fileOf,
  type Model,
  modelInfo,
  modelState,
  models,
} from "./session";

export type TestState = "idle" | "loading" | "running" | "done" | "failed";

/** What a test gave. It keeps the file it was made with: the session's model may be another by now. */
export interface TestResult {
  model: Pick<Model, "id" | "name">;
  onnx: Uint8Array;
  info: ModelInfo;
  images: TestImages;
  judged: Judged;
  report: Report;
  /** From the first image to the last. */
  seconds: number;
  workers: number;
}

/** The result against another model's on the same images. */
export interface TestComparison {
  first: TestResult;
  second: TestResult;
  comparison: Comparison;
}

export const tester = new TestEngine();
export const testState = signal<TestState>("idle");
export const testSplit = signal<TestSplit>("test");
/** Images that have been answered, and how many there are. */
export const testProgress = signal({ done: 0, total: 0 });
/** 0–1 while images are fetched. */
export const testLoading = signal<number | null>(null);
export const testResult = signal<TestResult | null>(null);
export const testComparison = signal<TestComparison | null>(null);
/** The sentence of a test that failed. */
export const testFailure = signal<string | null>(null);
/** What is being tested: the model of the test itself, or the one it is compared with. */
export const testing = signal<"first" | "second" | null>(null);
export const testBusy = computed(() => testing.value !== null);
/** Whether the page that shows the result is open: otherwise no worker is kept for its questions. */
export const testShown = signal(false);

/** Why the session's model cannot be tested on the session's dataset; empty where it can, or is not open yet. */
export const misfit = computed(() => {
  const open = modelState.value === "ready" ? modelInfo.value : null;
  return open ? unfit(open, builtIn[currentDataset.value]) : "";
});

let cancelling: AbortController | null = null;
let images: TestImages | null = null;

tester.onLoading = (loaded, total) => {
  if (testState.value === "loading") testLoading.value = total > 0 ? loaded / total : null;
};

/** Tests the session's model on the session's dataset. */
export async function startTest(): Promise<void> {
  if (testBusy.value) return;
  testResult.value = null;
  testComparison.value = null;
  const [model, dataset, split] = [currentModel.value, currentDataset.value, testSplit.value];
  await attempt("first", async (signal) => {
    // The module compiles in the helpers while the images are on their way.
    void fileOf(model)
      .then((onnx) => {
        if (!signal.aborted) tester.prepare(onnx);
      })
      .catch(() => {});
    const wanted = await load(dataset, split, signal);
    testResult.value = await run(model, wanted, signal);
  });
}

/** Tests another model on the images of the result, and compares. */
export async function compareWith(id: string): Promise<void> {
  const first = testResult.value;
  const model = models.value.find((known) => known.id === id);
  if (!first || !model || testBusy.value) return;
  testComparison.value = null;
  await attempt("second", async (signal) => {
    const second = await run(model, first.images, signal);
    const comparison = await tester.compare(first.judged, second.judged);
    testComparison.value = { first, second, comparison };
  });
}

effect(() => {
  // What a test said that failed is not said of another choice.
  void [currentModelId.value, currentDataset.value, testSplit.value];
  testFailure.value = null;
});

effect(() => {
  // It holds a module and a model that nobody asks any more.
  if (!testShown.value && !testBusy.value) tester.rest();
});

export function cancelTest(): void {
  cancelling?.abort(new EngineError("aborted", "Cancelled."));
}

async function attempt(which: "first" | "second", work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  cancelling = abort;
  testing.value = which;
  testFailure.value = null;
  testState.value = "loading";
  testProgress.value = { done: 0, total: 0 };
  try {
    await work(abort.signal);
    testState.value = "done";
  } catch (error) {
    if (!abort.signal.aborted) testFailure.value = sentence(error);
    testState.value = abort.signal.aborted ? rested() : "failed";
  } finally {
    tester.dismiss();
    testing.value = null;
    testLoading.value = null;
    cancelling = null;
  }
}

/** After a comparison was cancelled, the result that it was for is still there. */
function rested(): TestState {
  return testResult.value ? "done" : "idle";
}

async function load(dataset: DatasetId, split: TestSplit, signal: AbortSignal): Promise<TestImages> {
  if (images?.dataset !== dataset || images.split !== split) {
    images = await tester.load(dataset, split, { signal });
  }
  testLoading.value = null;
  return images;
}

async function run(model: Model, on: TestImages, signal: AbortSignal): Promise<TestResult> {
  const onnx = await orAborted(fileOf(model), signal);
  const info = await orAborted(tester.open(onnx), signal);
  const reason = unfit(info, { ...on, classes: on.classes.length });
  if (reason) throw new EngineError("model-unfit", reason);
  const total = on.labels.length;
  testProgress.value = { done: 0, total };
  testState.value = "running";
  const began = performance.now();
  const onProgress = (done: number) => {
    testProgress.value = { done, total };
  };
  const judged = await tester.run(onnx, on, { signal, onProgress });
  const seconds = (performance.now() - began) / 1000;
  const report = await tester.report(judged, on.classes.length);
  const { id, name } = model;
  return { model: { id, name }, onnx, info, images: on, judged, report, seconds, workers: tester.workers };
}

/** What cannot be stopped itself: nobody waits for it any longer. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** Why a model cannot be tested on these images; empty where it can. */
function unfit(info: ModelInfo, on: Omit<BuiltIn, "fit">): string {
  const { test } = strings.value;
  if (info.labels.length !== on.classes) return test.unfitClasses(info.labels.length, on.classes);
  const same = info.channels === on.channels && info.height === on.height && info.width === on.width;
  const size = ({ height, width, channels }: { height: number; width: number; channels: number }) =>
    `${height} × ${width} × ${channels}`;
  return same ? "" : test.unfitSize(size(info), size(on));
}

/** A test that stopped lost less than a training does, whose sentence this code has. */
function sentence(error: unknown): string {
  const { code } = EngineError.from(error);
  return code === "worker-died" ? strings.value.test.died : explain(error);
}
