/**
 * The test that is going on, and what tests have given. It lives here, so that it goes on whichever page is shown.
 * A result is of one choice of model, dataset and split: it is shown with that choice and no other.
 */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { Input } from "../engine/library/render";
import {
  type DatasetId,
  isOwn as isOwnDataset,
  type Judged,
  type TestImages,
  type TestSplit,
} from "../engine/protocol";
import { TestEngine } from "../engine/test";
import type { Comparison, ModelInfo, Report } from "../engine/types";
import { explain, strings } from "../i18n";
import { percent } from "../i18n/format";
import { asSeenBy, knownShape, learnShapes, type Shape, shapeOf, unfit } from "./compatible";
import { datasetName, factsOf } from "./datasets";
import { hearOf } from "./fetching";
import { ownById } from "./own/list";
import {
  currentDataset,
  currentModel,
  currentModelId,
  fileOf,
  type Model,
  modelInfo,
  modelState,
  models,
  use,
} from "./session";
import { toast } from "./toasts";

export type TestState = "idle" | "loading" | "running" | "done" | "failed";

/** What is tested on what. */
export interface Tested {
  model: Model;
  dataset: DatasetId;
  split: TestSplit;
}

/** `compared`: the model is the second one, asked about the images of the result that is shown. */
export interface TestJob extends Tested {
  compared: boolean;
}

/** What a test gave. It keeps the file it was made with: the session's model may be another by now. */
export interface TestResult {
  model: Model;
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

/** Results that are kept, so that going back to an earlier choice shows them at once. Each may hold its images. */
const MOST_RESULTS = 4;

export const tester = new TestEngine();
export const testSplit = signal<TestSplit>("test");
/** Images that have been answered, and how many there are. */
export const testProgress = signal({ done: 0, total: 0 });
/** Foreseen from the pace so far; null until there is one. */
export const testSecondsLeft = computed(() => {
  const { done, total } = testProgress.value;
  const seconds = (performance.now() - began) / 1000;
  return done > 0 && done < total && seconds >= LEAST_SECONDS ? Math.max(1, (seconds / done) * (total - done)) : null;
});
/** What is being tested; null while nothing is. */
export const testing = signal<TestJob | null>(null);
export const testBusy = computed(() => testing.value !== null);
/** Whether the page that shows the result is open: otherwise no worker is kept for its questions. */
export const testShown = signal(false);

const results = signal<readonly TestResult[]>([]);
const comparison = signal<TestComparison | null>(null);
const phase = signal<"loading" | "running">("loading");
const failure = signal<{ of: Tested; sentence: string } | null>(null);

const choice = computed<Tested>(() => ({
  model: currentModel.value,
  dataset: currentDataset.value,
  split: testSplit.value,
}));
/** What the current model gave on the current dataset's split; null where it has not been tested on it. */
export const testResult = computed(() => results.value.find((result) => same(testedBy(result), choice.value)) ?? null);
/** The comparison that was last made with the result that is shown. */
export const testComparison = computed(() => (comparison.value?.first === testResult.value ? comparison.value : null));
/** The sentence of a test of the current choice that failed. */
export const testFailure = computed(() =>
  failure.value && same(failure.value.of, choice.value) ? failure.value.sentence : null,
);
export const testState = computed<TestState>(() => {
  if (testing.value) return phase.value;
  if (testFailure.value) return "failed";
  return testResult.value ? "done" : "idle";
});

/** Whether what goes on is told in the result's place: a comparison is told beside the result, while that is shown. */
export const testRunning = computed(() => testing.value !== null && !(testing.value.compared && testResult.value));

/** Why the session's model cannot be tested on the session's dataset; empty where it can, or nothing is known of it yet. */
export const misfit = computed(() => {
  const open = modelState.value === "ready" ? modelInfo.value : null;
  const shape = open ? shapeOf(open) : knownShape(currentModel.value);
  return shape ? unfit(shape, imagesFor(shape, currentDataset.value)) : "";
});

/** A dataset's images as a network is given them. */
export function imagesFor(network: Shape, dataset: DatasetId): Shape {
  return asSeenBy(network, factsOf(dataset), isOwnDataset(dataset));
}

/** What is foreseen from less than this is a guess. */
const LEAST_SECONDS = 1;
/** When the images of the test that is going on were begun with. */
let began = 0;
let cancelling: AbortController | null = null;
let ended = Promise.resolve();

tester.onLoading = (what, loaded, total) =>
  hearOf(({ package: "tester", images: "testImages" } as const)[what], loaded, total);

/** Tests the session's model on the session's dataset. */
export async function startTest(): Promise<void> {
  if (testBusy.value) return;
  const { dataset, split } = choice.value;
  const model = currentModel.value;
  await attempt({ model, dataset, split, compared: false }, async (signal) => {
    // The module compiles in the helpers while the images are on their way.
    void fileOf(model)
      .then((onnx) => {
        if (!signal.aborted) tester.prepare(onnx);
      })
      .catch(() => {});
    const wanted = await load(model, dataset, split, signal);
    keep(await run(model, wanted, signal));
  });
}

/**
 * Makes a model and a dataset the current ones and tests at once, on images the model has not seen. A test that is going
 * on gives way.
 */
export async function testNow(modelId: string, dataset: DatasetId): Promise<void> {
  cancelTest();
  await ended;
  batch(() => {
    currentDataset.value = dataset;
    testSplit.value = "test";
  });
  if (currentModelId.peek() !== modelId) await use(modelId);
  // A model that could not be opened left another one in place.
  if (currentModelId.peek() === modelId) await startTest();
}

/** Tests another model on the images of the result, and compares. */
export async function compareWith(id: string): Promise<void> {
  const first = testResult.value;
  const model = models.value.find((known) => known.id === id);
  if (!first || !model || testBusy.value) return;
  comparison.value = null;
  const { dataset, split } = first.images;
  await attempt({ model, dataset, split, compared: true }, async (signal) => {
    const second = await run(model, first.images, signal);
    comparison.value = { first, second, comparison: await tester.compare(first.judged, second.judged) };
  });
}

/** Finds out which models could be compared, as far as that is not known; not while a test needs the worker. */
export function learnModels(over: AbortSignal): Promise<void> {
  return learnShapes(models.peek(), async (model) => tester.open(await fileOf(model)), over);
}

effect(() => {
  // Only a person's own dataset can have images to validate on.
  if (testSplit.value === "validation" && factsOf(currentDataset.value).validation === 0) testSplit.value = "test";
});

effect(() => {
  // What a test said that failed is not said again when its choice comes back.
  void choice.value;
  failure.value = null;
});

effect(() => {
  // It holds a module and a model that nobody asks any more.
  if (!testShown.value && !testBusy.value) tester.rest();
});

export function cancelTest(): void {
  cancelling?.abort(new EngineError("aborted", "Cancelled."));
}

function attempt(job: TestJob, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  ended = carryOut(job, work);
  return ended;
}

async function carryOut(job: TestJob, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  cancelling = abort;
  // Of a comparison that failed the result is told.
  const of = job.compared ? choice.value : job;
  batch(() => {
    testing.value = job;
    phase.value = "loading";
    failure.value = null;
    testProgress.value = { done: 0, total: 0 };
  });
  let sentence = "";
  try {
    await work(abort.signal);
  } catch (error) {
    testProgress.value = { done: 0, total: 0 };
    if (!abort.signal.aborted) sentence = sentenceOf(error);
  }
  // Helpers that were still to be made ready for it are not.
  abort.abort(new EngineError("aborted", "It is over."));
  tester.dismiss();
  batch(() => {
    testing.value = null;
    // A worker that died in a download does not tell its end.
    hearOf("tester", 0, 0);
    hearOf("testImages", 0, 0);
    if (sentence && same(of, choice.value)) failure.value = { of, sentence };
  });
  cancelling = null;
  // Who has chosen something else meanwhile sees neither the failure nor the result on the page.
  if (sentence && !testFailure.value) toast("error", sentence);
}

/** The newest first. */
function keep(result: TestResult): void {
  const of = testedBy(result);
  results.value = [result, ...results.value.filter((other) => !same(testedBy(other), of))].slice(0, MOST_RESULTS);
  if (!same(of, choice.value)) {
    const title = strings.value.test.result(of.model.name, datasetName(of.dataset));
    toast("info", `${title}: ${percent(result.report.accuracy)}`);
  }
}

function testedBy({ model, images: { dataset, split } }: TestResult): Tested {
  return { model, dataset, split };
}

function same(a: Tested, b: Tested): boolean {
  return a.model.id === b.model.id && a.dataset === b.dataset && a.split === b.split;
}

let images: TestImages | null = null;

async function load(model: Model, dataset: DatasetId, split: TestSplit, signal: AbortSignal): Promise<TestImages> {
  const seen = isOwnDataset(dataset) ? await inputOf(model, dataset, signal) : null;
  const known = [images, ...results.peek().map((result) => result.images)];
  const revision = ownById(dataset)?.revision;
  const same = (each: TestImages) =>
    each.dataset === dataset &&
    each.split === split &&
    each.revision === revision &&
    (seen === null || (each.channels === seen.channels && each.height === seen.height && each.width === seen.width));
  images = known.find((each) => each !== null && same(each)) ?? null;
  images ??= await tester.load(dataset, split, seen, { signal });
  return images;
}

/** What own pictures are brought to for this network; the dataset's own size and fit where they are the same. */
async function inputOf(model: Model, dataset: DatasetId, signal: AbortSignal): Promise<Input> {
  const onnx = await orAborted(fileOf(model), signal);
  const info = await orAborted(tester.open(onnx), signal);
  const of = factsOf(dataset);
  const { channels, height, width } = asSeenBy(shapeOf(info), of, true);
  const same = channels === of.channels && height === of.height && width === of.width;
  return { channels, height, width, fit: same ? of.fit : info.preprocessing.fit };
}

async function run(model: Model, on: TestImages, signal: AbortSignal): Promise<TestResult> {
  const onnx = await orAborted(fileOf(model), signal);
  const info = await orAborted(tester.open(onnx), signal);
  const reason = unfit(shapeOf(info), { ...on, classes: on.classes.length });
  if (reason) throw new EngineError("model-unfit", reason);
  const total = on.labels.length;
  batch(() => {
    testProgress.value = { done: 0, total };
    phase.value = "running";
  });
  began = performance.now();
  const onProgress = (done: number) => {
    testProgress.value = { done, total };
  };
  const judged = await tester.run(onnx, on, { signal, onProgress });
  const seconds = (performance.now() - began) / 1000;
  const report = await tester.report(judged, on.classes.length);
  return { model, onnx, info, images: on, judged, report, seconds, workers: tester.workers };
}

/** What cannot be stopped itself: nobody waits for it any longer. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A test that stopped lost less than a training does, whose sentence this code has. */
function sentenceOf(error: unknown): string {
  const { code } = EngineError.from(error);
  return code === "worker-died" ? strings.value.test.died : explain(error);
}
