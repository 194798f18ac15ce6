/**
 * The training that is going on, or the last one. It lives here and in its worker, so that it goes on whichever page is
 * shown.
 */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { DatasetId, TrainNews } from "../engine/protocol";
import { type Device, TrainEngine } from "../engine/train";
import type { DatasetSummary, ModelSpec, NetworkInfo, Recipe, TrainingEvent, Trial } from "../engine/types";
import { explain, strings } from "../i18n";
import { explainFault, isOutOfMemory } from "../i18n/fault";
import { forgetRun, type KeptRun, keepRun, keptRuns } from "./database";
import { distrust, isDeviceFault, mostImages, settle, type Verdict } from "./device";
import { Curve, RecentMean, RecentRate } from "./history";
import { newId } from "./new-id";
import { currentDataset } from "./session";
import { toast } from "./toasts";

export type RunState = "idle" | "preparing" | "running" | "paused" | "evaluating" | "stopped" | "done" | "failed";

/** What a run is asked to do. */
export interface Plan {
  dataset: DatasetId;
  spec: ModelSpec;
  recipe: Recipe;
  parameters: number | null;
  /** The file whose weights it begins with, instead of new ones; with `takeUp` it goes on with that file's training. */
  from?: Uint8Array;
  takeUp?: boolean;
  /** What that training has taken so far. */
  secondsBefore?: number;
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
  /** Finished epochs: the file's history has as many. */
  epochs: number;
  accuracy: number | null;
}

/** The loss that is shown is the mean of the last steps: a single batch says little. */
const LOSS_STEPS = 25;
/** How often a run on the GPU is written down within an epoch: drivers are reset, and tabs in the background lose theirs. */
const KEEP_EVERY_MS = 60_000;
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
/** Where the run trains that is going on, or the last one, and why there; null until that is settled. */
export const verdict = signal<Verdict | null>(null);
export const runDevice = computed<Device | null>(() => verdict.value?.device ?? null);
/** Whether the GPU is being tried before it is trusted with the run. */
export const trying = signal(false);
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
/** What a run that was taken up had behind it. */
const behind = signal({ steps: 0, seconds: 0 });
/** Seconds left at the pace so far, or null while that cannot be said. */
export const secondsLeft = computed(() => {
  const { step, totalSteps, seconds } = progress.value;
  const { steps, seconds: earlier } = behind.value;
  const taken = step - steps;
  return taken >= 10 && totalSteps > 0 ? ((seconds - earlier) / taken) * (totalSteps - step) : null;
});

let run = 0;
/** Of the training that is going on; one that is taken up keeps the id that it was kept by. */
let id = "";
let finishedEpochs = 0;
let preparing: AbortController | null = null;
let resumedAt = 0;
let secondsBefore = 0;
/** The run as it was last written down, on whichever device that was. */
let written: KeptRun | null = null;
let writtenAt = 0;

train.onNews = hear;
train.onDeath = (device, error) => {
  // Of the other worker's death they hear who asked it something.
  if (device !== runDevice.value) return;
  dataset.value = null;
  if (busy.value) stumble(error);
};
effect(() => {
  if (busy.value) addEventListener("beforeunload", askFirst);
  else removeEventListener("beforeunload", askFirst);
});

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/**
 * Starts what `ask` answers with; the engine may still be on its way when a person presses Start. `kept`: what was written
 * down of the training that it goes on with.
 */
export async function start(ask: () => Promise<Plan>, kept: KeptRun | null = null): Promise<void> {
  if (busy.value) return;
  // What another run has left on the GPU.
  train.leaveGpu();
  reset();
  written = kept;
  id = kept?.id ?? newId();
  snapshot.value = null;
  await launch(async (mine, signal) => {
    const next = await ask();
    signal.throwIfAborted();
    plan.value = next;
    currentDataset.value = next.dataset;
    const settled = await settle(next, () => tryGpu(next, signal));
    signal.throwIfAborted();
    if (settled.device === "cpu") train.leaveGpu();
    verdict.value = settled;
    await begin(mine, next, signal, false);
  });
}

/** One step of the very network on both devices. */
async function tryGpu(next: Plan, signal: AbortSignal): Promise<Trial> {
  await load("webgpu", next.dataset, signal);
  trying.value = true;
  try {
    return await train.trial(next.spec, next.recipe, mostImages(), { signal });
  } finally {
    trying.value = false;
  }
}

/** `held`: it waits for `resume`. */
async function begin(mine: number, next: Plan, signal: AbortSignal, held: boolean): Promise<void> {
  const device = runDevice.value ?? "cpu";
  const beginning = { run: mine, device, held };
  await load(device, next.dataset, signal);
  if (!next.from) await train.start(beginning, next.spec, next.recipe);
  else if (!next.takeUp) await train.startFrom(beginning, next.from, next.recipe);
  else {
    recall(await train.readNetwork(next.from), next.recipe.epochs, next.secondsBefore ?? 0);
    await train.takeUp(beginning, next.from, next.recipe.epochs);
  }
}

/** Takes a training up where it was left, to `epochs` altogether. */
export function takeUp(kept: KeptRun, epochs = kept.epochs): Promise<void> {
  return start(async () => {
    const { spec, recipe } = await train.readNetwork(kept.onnx);
    if (!recipe) throw new EngineError("no-training-state", "This file has no training's state.");
    const { dataset, parameters, onnx: from, seconds: secondsBefore } = kept;
    return { dataset, spec, recipe: { ...recipe, epochs }, parameters, from, takeUp: true, secondsBefore };
  }, kept);
}

/** Goes on with the run that has stopped, or, where it was done, for so many epochs more. */
export async function trainOn(more: number): Promise<void> {
  if (busy.value || !plan.value) return;
  try {
    const kept = await checkpoint();
    await takeUp(kept, runState.value === "done" ? kept.epochs + more : kept.epochs);
  } catch (error) {
    toast("error", explain(error));
  }
}

async function launch(make: (run: number, signal: AbortSignal) => Promise<void>): Promise<void> {
  run += 1;
  const mine = run;
  writtenAt = performance.now();
  const abort = new AbortController();
  preparing = abort;
  try {
    await make(mine, abort.signal);
    // Stopped while the worker was starting it.
    if (mine !== run) await train.stop();
  } catch (error) {
    if (mine === run && !abort.signal.aborted) stumble(error);
  } finally {
    if (preparing === abort) preparing = null;
  }
}

/** A run that the GPU fails goes on on the CPU; every other failure is the run's own. */
function stumble(error: unknown): void {
  if (runDevice.value === "webgpu" && isDeviceFault(error)) fallBack(EngineError.from(error));
  else fail(error);
}

/** Goes on on the CPU from where the run was last written down; a run that was paused stays so. */
function fallBack(error: EngineError): void {
  const { value: was } = verdict;
  if (!plan.value || was?.device !== "webgpu") {
    fail(error);
    return;
  }
  const next: Plan = written
    ? { ...plan.value, from: written.onnx, takeUp: true, secondsBefore: written.seconds }
    : { ...plan.value };
  const held = runState.value === "paused";
  // More memory will not be there the next time; a device that was lost may.
  if (isOutOfMemory(error)) distrust(was.adapter, next, error);
  const { stepsPerEpoch } = progress.value;
  const from = written?.epoch ?? (next.takeUp && stepsPerEpoch ? Math.floor(behind.value.steps / stepsPerEpoch) : null);
  train.leaveGpu();
  batch(() => {
    reset();
    plan.value = next;
    verdict.value = { device: "cpu", why: "lost", adapter: was.adapter, error };
  });
  const { fellBack, fellBackToStart, staysPaused } = strings.value.device;
  const going = from === null ? fellBackToStart : fellBack(Math.min(from + 1, next.recipe.epochs));
  toast("info", [explainFault(error), going, ...(held ? [staysPaused] : [])].join(" "));
  void launch(async (mine, signal) => {
    await begin(mine, next, signal, held);
    if (held && mine === run) runState.value = "paused";
  });
}

async function load(device: Device, id: DatasetId, signal: AbortSignal): Promise<void> {
  dataset.value = await train.load(device, id, { signal });
  loading.value = null;
}

/** What a run that is taken up has behind it: a point of the curves for each epoch. */
function recall({ history, position, recipe }: NetworkInfo, epochs: number, seconds: number): void {
  if (!position || !recipe) return;
  const stepsPerEpoch = Math.ceil(position.samples / recipe.batchSize);
  const { loss, trainAccuracy, valAccuracy } = trace.value;
  for (const epoch of history) {
    const step = epoch.epoch * stepsPerEpoch;
    loss.add(step, epoch.trainLoss);
    trainAccuracy.add(step, epoch.trainAccuracy);
    if (epoch.valAccuracy !== undefined) valAccuracy.add(step, epoch.valAccuracy);
  }
  const last = history.at(-1);
  progress.value = {
    ...progress.value,
    epoch: history.length,
    step: position.step,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * epochs,
    loss: last?.trainLoss ?? null,
    trainAccuracy: last?.trainAccuracy ?? null,
    valAccuracy: last?.valAccuracy ?? null,
    seconds,
  };
  secondsBefore = seconds;
  behind.value = { steps: position.step, seconds };
  finishedEpochs = history.length;
  traceVersion.value += 1;
}

function reset(): void {
  plan.value = null;
  verdict.value = null;
  progress.value = NOTHING;
  trace.value = new Trace();
  traceVersion.value += 1;
  failure.value = null;
  loading.value = null;
  secondsBefore = 0;
  behind.value = { steps: 0, seconds: 0 };
  finishedEpochs = 0;
  resumedAt = 0;
  runState.value = "preparing";
}

export async function pause(): Promise<void> {
  if (runState.value !== "running" && runState.value !== "evaluating") return;
  holdClock();
  runState.value = "paused";
  const mine = run;
  await ofThisRun(train.pause());
  // A device that failed meanwhile has begun another run.
  if (mine === run && runState.value === "paused") await keep("running");
}

export async function resume(): Promise<void> {
  if (runState.value !== "paused") return;
  resumedAt = performance.now();
  runState.value = "running";
  await ofThisRun(train.resume());
}

async function ofThisRun(work: Promise<unknown>): Promise<void> {
  const mine = run;
  await work.catch((error) => {
    if (mine === run) stumble(error);
  });
}

export async function stop(): Promise<void> {
  if (!busy.value) return;
  if (preparing) {
    run += 1;
    preparing.abort(new EngineError("aborted", "Cancelled."));
    train.leaveGpu();
    loading.value = null;
    verdict.value = null;
    runState.value = "idle";
    return;
  }
  const mine = run;
  holdClock();
  runState.value = "stopped";
  try {
    await train.stop();
    if (mine !== run) return;
    if (progress.value.step > 0) await conclude("stopped");
    else train.leaveGpu();
  } catch (error) {
    if (mine === run && runDevice.value === "webgpu") fail(error);
  }
}

/** Takes out of a run that is over all there is to keep of it, so that the GPU can be given back. */
async function conclude(state: "stopped" | "done"): Promise<void> {
  const mine = run;
  await takeSnapshot();
  if (mine !== run) return;
  await keep(state);
  const { step } = progress.value;
  if (mine === run && runState.value === state && written?.step === step) train.leaveGpu();
}

/** The net as it is now; of a run whose worker is gone, the last that was taken. */
export async function takeSnapshot(): Promise<Snapshot> {
  const kept = snapshot.value;
  const { step, valAccuracy } = progress.value;
  const epochs = finishedEpochs;
  const same = kept?.step === step && kept.epochs === epochs;
  if (kept && (same || runState.value === "failed")) return kept;
  const mine = run;
  const taken = { onnx: await train.snapshot(), step, epochs, accuracy: valAccuracy };
  if (mine === run) snapshot.value = taken;
  return taken;
}

/** The run as it is now, with all that it needs to go on. */
export async function checkpoint(): Promise<KeptRun> {
  const { value: now } = plan;
  if (!now) throw new EngineError("no-run", "No training has been started.");
  const { step, valAccuracy, seconds, epoch, stepsPerEpoch } = progress.value;
  const state = runState.value === "done" || runState.value === "stopped" ? runState.value : "running";
  // Of a run that is over nothing changes any more, and its GPU may have been given back.
  if (written?.step === step && state !== "running") return { ...written, state };
  return {
    id,
    dataset: now.dataset,
    name: now.spec.name,
    parameters: now.parameters,
    epoch: stepsPerEpoch > 0 ? Math.min(Math.floor(step / stepsPerEpoch), epoch) : 0,
    epochs: now.recipe.epochs,
    step,
    accuracy: valAccuracy,
    seconds,
    state,
    onnx: await train.checkpoint(),
  };
}

/** The trainings that an earlier visit, or a worker that died, has left: the last and the one before. */
export const left = signal<readonly KeptRun[]>([]);
/** Whether another tab trains: what is kept is its to go on with. */
export const trainsElsewhere = signal(false);

/** Looks for them; where there is no database there are none. */
export async function findLeft(): Promise<void> {
  if (busy.value) return;
  const [kept, elsewhere] = await Promise.all([keptRuns().catch(() => []), isTraining()]);
  if (busy.value) return;
  trainsElsewhere.value = elsewhere;
  left.value = kept;
}

export async function discardLeft({ id: gone }: KeptRun): Promise<void> {
  left.value = left.value.filter((kept) => kept.id !== gone);
  await forgetRun(gone).catch(() => {});
}

// Held by every tab in which a training goes on; one that crashes lets go of it.
const TRAINING = "hearth-training";
let letGo: (() => void) | undefined;
effect(() => {
  if (!busy.value) {
    letGo?.();
    letGo = undefined;
  } else if (!letGo) {
    const over = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    navigator.locks?.request(TRAINING, { mode: "shared" }, () => over).catch(() => {});
  }
});

async function isTraining(): Promise<boolean> {
  const locks = await navigator.locks?.query().catch(() => undefined);
  return locks?.held?.some(({ name }) => name === TRAINING) ?? false;
}

let keepingFailed = 0;

/** Writes the run down, so that a reload or a crash loses at most the epoch in progress. */
async function keep(state: KeptRun["state"]): Promise<void> {
  const mine = run;
  writtenAt = performance.now();
  let kept: KeptRun;
  try {
    kept = { ...(await checkpoint()), state };
  } catch (error) {
    if (mine !== run || runState.value === "failed") return;
    if (runDevice.value !== "webgpu" || !isDeviceFault(error)) return sayNotKept();
    // Whoever stops a run does not want the CPU to go on with it.
    if (runState.value === "stopped") fail(error);
    else stumble(error);
    return;
  }
  if (mine !== run) return;
  written = kept;
  await keepRun(kept).then(
    async () => {
      const all = await keptRuns().catch(() => [kept]);
      if (mine === run) left.value = all;
    },
    () => {
      if (mine === run) sayNotKept();
    },
  );
}

/** Once in a run: a disk that is full stays full. */
function sayNotKept(): void {
  if (keepingFailed === run) return;
  keepingFailed = run;
  toast("error", strings.value.train.notKept);
}

function hear(news: TrainNews): void {
  if (news.kind === "loading") {
    if (runState.value === "preparing") loading.value = news.total > 0 ? news.loaded / news.total : null;
    return;
  }
  if (news.run !== run) return;
  if (news.kind === "failed") {
    stumble(new EngineError(news.error.code, news.error.message));
    return;
  }
  for (const event of news.events) follow(event);
  tick();
  traceVersion.value += 1;
  const due = performance.now() - writtenAt > KEEP_EVERY_MS;
  if (due && runDevice.value === "webgpu" && runState.value === "running") void keep("running");
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
  finishedEpochs += 1;
  progress.value = { ...progress.value, trainAccuracy: event.trainAccuracy, valAccuracy };
  if (valAccuracy !== null) trace.value.valAccuracy.add(progress.value.step, valAccuracy);
  // So that a worker that dies takes at most the epoch in progress with it, and so does a tab.
  takeSnapshot().catch(() => {});
  void keep("running");
}

function finish(): void {
  holdClock();
  train.rest();
  runState.value = "done";
  const mine = run;
  conclude("done").catch((error) => {
    if (mine === run && runDevice.value === "webgpu") stumble(error);
  });
}

/** News of a pull that was under way when a person paused or stopped must not undo that. */
function shift(state: "running" | "evaluating"): void {
  if (runState.value === "preparing") resumedAt = performance.now();
  if (["preparing", "running", "evaluating"].includes(runState.value)) runState.value = state;
}

function fail(error: unknown): void {
  holdClock();
  train.rest();
  train.leaveGpu();
  loading.value = null;
  failure.value =
    isDeviceFault(error) && runDevice.value === "webgpu" ? explainFault(EngineError.from(error)) : explain(error);
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
