/**
 * The training that is going on, or the last one. It lives here and in its worker, so that it goes on whichever page is
 * shown.
 */
import { computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { DatasetId, TrainNews } from "../engine/protocol";
import { TrainEngine } from "../engine/train";
import type { DatasetSummary, ModelSpec, Recipe, TrainingEvent } from "../engine/types";
import { explain } from "../i18n";
import { Curve, RecentMean, RecentRate } from "./history";

export type RunState = "idle" | "preparing" | "running" | "paused" | "evaluating" | "stopped" | "done" | "failed";

/** What a run is asked to do. */
export interface Plan {
  dataset: DatasetId;
  spec: ModelSpec;
  recipe: Recipe;
  parameters: number | null;
}

/** Where a run stands. null: not known yet. Accuracies are 0–1. */
export interface Progress {
  epoch: number;
  step: number;
  stepsPerEpoch: number;
  totalSteps: number;
  loss: number | null;
  trainAccuracy: number | null;
  valAccuracy: number | null;
  imagesPerSecond: number | null;
  /** Seconds spent running, pauses left out. */
  seconds: number;
}

/** The net of one moment of a run, as a complete file. */
export interface Snapshot {
  onnx: Uint8Array;
  step: number;
  accuracy: number | null;
}

/** The loss that is shown is the mean of the last steps: a single batch says little. */
const LOSS_STEPS = 25;
const NOTHING: Progress = {
  epoch: 0,
  step: 0,
  stepsPerEpoch: 0,
  totalSteps: 0,
  loss: null,
  trainAccuracy: null,
  valAccuracy: null,
  imagesPerSecond: null,
  seconds: 0,
};

class Trace {
  readonly loss = new Curve();
  readonly trainAccuracy = new Curve();
  readonly valAccuracy = new Curve();
  readonly recentLoss = new RecentMean(LOSS_STEPS);
  readonly recentAccuracy = new RecentMean(LOSS_STEPS);
  readonly rate = new RecentRate();
  correct = 0;
  images = 0;
}

export const train = new TrainEngine();
export const runState = signal<RunState>("idle");
export const plan = signal<Plan | null>(null);
export const progress = signal<Progress>(NOTHING);
/** 0–1 while data is fetched. */
export const loading = signal<number | null>(null);
export const dataset = signal<DatasetSummary | null>(null);
export const trace = signal(new Trace());
/** Raised whenever the trace has grown. */
export const traceVersion = signal(0);
/** The sentence of a run that failed. */
export const failure = signal<string | null>(null);
/** The newest file that has been taken out of the run; it outlives the worker. */
export const snapshot = signal<Snapshot | null>(null);

export const busy = computed(() => ["preparing", "running", "paused", "evaluating"].includes(runState.value));
/** Whether there is a net that can be used: one step at least has been taken. */
export const hasNet = computed(
  () => progress.value.step > 0 && (runState.value !== "failed" || snapshot.value !== null),
);
/** Seconds left at the pace so far, or null while that cannot be said. */
export const secondsLeft = computed(() => {
  const { step, totalSteps, seconds } = progress.value;
  return step >= 10 && totalSteps > 0 ? (seconds / step) * (totalSteps - step) : null;
});

let run = 0;
let preparing: AbortController | null = null;
let resumedAt = 0;
let secondsBefore = 0;

train.onNews = hear;
train.onDeath = (error) => {
  dataset.value = null;
  if (busy.value) fail(error);
};
effect(() => {
  if (busy.value) addEventListener("beforeunload", askFirst);
  else removeEventListener("beforeunload", askFirst);
});

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Starts what `ask` answers with; the engine may still be on its way when a person presses Start. */
export async function start(ask: () => Promise<Plan>): Promise<void> {
  if (busy.value) return;
  run += 1;
  const mine = run;
  reset();
  const abort = new AbortController();
  preparing = abort;
  try {
    const next = await ask();
    abort.signal.throwIfAborted();
    plan.value = next;
    dataset.value = await train.load(next.dataset, { signal: abort.signal });
    loading.value = null;
    await train.start(mine, next.spec, next.recipe);
    // Stopped while the worker was starting it.
    if (mine !== run) await train.stop();
  } catch (error) {
    if (mine === run && !abort.signal.aborted) fail(error);
  } finally {
    if (preparing === abort) preparing = null;
  }
}

function reset(): void {
  plan.value = null;
  progress.value = NOTHING;
  trace.value = new Trace();
  traceVersion.value += 1;
  failure.value = null;
  snapshot.value = null;
  loading.value = null;
  secondsBefore = 0;
  resumedAt = 0;
  runState.value = "preparing";
}

export async function pause(): Promise<void> {
  if (runState.value !== "running" && runState.value !== "evaluating") return;
  holdClock();
  runState.value = "paused";
  await train.pause().catch(fail);
}

export async function resume(): Promise<void> {
  if (runState.value !== "paused") return;
  resumedAt = performance.now();
  runState.value = "running";
  await train.resume().catch(fail);
}

export async function stop(): Promise<void> {
  if (!busy.value) return;
  if (preparing) {
    run += 1;
    preparing.abort(new EngineError("aborted", "Cancelled."));
    loading.value = null;
    runState.value = "idle";
    return;
  }
  holdClock();
  runState.value = "stopped";
  await train.stop().catch(() => {});
  if (progress.value.step > 0) await takeSnapshot().catch(() => {});
}

/** The net as it is now; of a run whose worker is gone, the last that was taken. */
export async function takeSnapshot(): Promise<Snapshot> {
  const kept = snapshot.value;
  const { step, valAccuracy } = progress.value;
  if (kept && (kept.step === step || runState.value === "failed")) return kept;
  const mine = run;
  const taken = { onnx: await train.snapshot(), step, accuracy: valAccuracy };
  if (mine === run) snapshot.value = taken;
  return taken;
}

function hear(news: TrainNews): void {
  if (news.kind === "loading") {
    if (runState.value === "preparing") loading.value = news.total > 0 ? news.loaded / news.total : null;
    return;
  }
  if (news.run !== run) return;
  if (news.kind === "failed") {
    fail(new EngineError(news.error.code, news.error.message));
    return;
  }
  for (const event of news.events) follow(event);
  tick();
  traceVersion.value += 1;
}

function follow(event: TrainingEvent): void {
  if (event.kind === "step") followStep(event);
  else if (event.kind === "validation") shift("evaluating");
  else if (event.kind === "epoch") followEpoch(event);
  else finish();
}

function followStep(event: Extract<TrainingEvent, { kind: "step" }>): void {
  const { loss, trainAccuracy, recentLoss, recentAccuracy, rate } = trace.value;
  shift("running");
  if (event.epoch !== progress.value.epoch) trace.value.correct = trace.value.images = 0;
  trace.value.correct += event.correct;
  trace.value.images += event.images;
  rate.add(event.images, event.seconds);
  recentLoss.add(event.loss);
  recentAccuracy.add(event.correct / event.images);
  loss.add(event.step, recentLoss.value ?? event.loss);
  trainAccuracy.add(event.step, recentAccuracy.value ?? 0);
  progress.value = {
    ...progress.value,
    epoch: event.epoch,
    step: event.step,
    stepsPerEpoch: event.stepsPerEpoch,
    totalSteps: event.totalSteps,
    loss: recentLoss.value,
    trainAccuracy: trace.value.correct / trace.value.images,
    imagesPerSecond: rate.value,
  };
}

function followEpoch(event: Extract<TrainingEvent, { kind: "epoch" }>): void {
  const valAccuracy = event.valAccuracy ?? null;
  progress.value = { ...progress.value, trainAccuracy: event.trainAccuracy, valAccuracy };
  if (valAccuracy !== null) trace.value.valAccuracy.add(progress.value.step, valAccuracy);
  // So that a worker that dies takes at most the epoch in progress with it.
  takeSnapshot().catch(() => {});
}

function finish(): void {
  holdClock();
  train.rest();
  runState.value = "done";
  takeSnapshot().catch(() => {});
}

/** News of a pull that was under way when a person paused or stopped must not undo that. */
function shift(state: "running" | "evaluating"): void {
  if (runState.value === "preparing") resumedAt = performance.now();
  if (["preparing", "running", "evaluating"].includes(runState.value)) runState.value = state;
}

function fail(error: unknown): void {
  holdClock();
  train.rest();
  loading.value = null;
  failure.value = explain(error);
  runState.value = "failed";
}

function tick(): void {
  const since = resumedAt > 0 ? (performance.now() - resumedAt) / 1000 : 0;
  progress.value = { ...progress.value, seconds: secondsBefore + since };
}

function holdClock(): void {
  tick();
  secondsBefore = progress.value.seconds;
  resumedAt = 0;
}
