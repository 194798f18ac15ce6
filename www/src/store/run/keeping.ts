/** What is kept of a run: the file of a moment, and the run as it is written down, so that it can be gone on with. */
import { signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { strings } from "../../i18n";
import { forgetRun, type KeptRun, keepRun, keptRuns } from "../database";
import { isDeviceFault } from "../device";
import { toast } from "../toasts";
import { fail, stumble } from "./falling-back";
import { busy, course, plan, progress, run, runDevice, runState, type Snapshot, snapshot, train } from "./state";
import { isTraining } from "./tab";

/** The trainings that an earlier visit, or a worker that died, has left: the last and the one before. */
export const left = signal<readonly KeptRun[]>([]);
/** Whether another tab trains: what is kept is its to go on with. */
export const trainsElsewhere = signal(false);

/** The net as it is now; of a run whose worker is gone, the last that was taken. */
export async function takeSnapshot(): Promise<Snapshot> {
  const kept = snapshot.value;
  const { step, valAccuracy: accuracy, valAt: accuracyAt } = progress.value;
  const epochs = course.value.finishedEpochs;
  const same = kept?.step === step && kept.epochs === epochs;
  if (kept && (same || runState.value === "failed")) return kept;
  const mine = run.number;
  const taken = { onnx: await train.snapshot(), step, epochs, accuracy, accuracyAt };
  if (mine === run.number) snapshot.value = taken;
  return taken;
}

/** The run as it is now, with all that it needs to go on. */
export async function checkpoint(): Promise<KeptRun> {
  const { value: now } = plan;
  if (!now) throw new EngineError("no-run", "No training has been started.");
  const { step, totalSteps, valLoss, valAccuracy, valAt, seconds } = progress.value;
  const state = runState.value === "done" || runState.value === "stopped" ? runState.value : "running";
  const { finishedEpochs: epoch, trace } = course.value;
  // Of a run that is over nothing changes any more, and its GPU may have been given back.
  if (state !== "running" && run.written && isOfNow(run.written)) return { ...run.written, state };
  const validation = valLoss !== null && valAccuracy !== null && valAt;
  return {
    id: run.id,
    dataset: now.dataset,
    name: now.spec.name,
    parameters: now.parameters,
    epoch,
    epochs: now.recipe.epochs,
    step,
    totalSteps,
    accuracy: valAccuracy,
    ...(validation && { validation: { loss: valLoss, accuracy: valAccuracy, at: validation } }),
    trace,
    seconds,
    state,
    onnx: await train.checkpoint(),
  };
}

/** The last validation takes no step, but ends an epoch. */
function isOfNow({ step, epoch }: Pick<KeptRun, "step" | "epoch">): boolean {
  return step === progress.value.step && epoch === course.value.finishedEpochs;
}

/** Looks for what was left; if there is no database there is nothing. */
export async function findLeft(): Promise<void> {
  if (busy.value) return;
  const [kept, elsewhere] = await Promise.all([keptRuns().catch(() => []), isTraining()]);
  if (busy.value) return;
  trainsElsewhere.value = elsewhere;
  left.value = kept;
}

export async function discardLeft(gone: KeptRun): Promise<void> {
  left.value = left.value.filter(({ id }) => id !== gone.id);
  const forgotten = forgetRun(gone.id).catch(() => {});
  toast("info", strings.value.train.discarded(gone.name), {
    undo: () => void forgotten.then(() => keepRun(gone)).then(findLeft, sayNotKept),
  });
  await forgotten;
}

/** How often a run is written down while it goes: a tab may close, and a driver be reset, at any moment. */
export const KEEP_EVERY_MS = 10_000;
let writtenAt = 0;
/** What is being written down by the clock: the next waits for it. */
let writing: Promise<void> | null = null;

/** Begins to count: nothing is due yet. */
export function keepFromNow(): void {
  writtenAt = performance.now();
}

/** Writes a run that is going down when that is due; called with all its news. */
export function keepWhenDue(): void {
  if (performance.now() - writtenAt >= KEEP_EVERY_MS) keepNow();
}

/** Writes a run that is going down, unless that is under way. */
export function keepNow(): void {
  const going = runState.value === "running" || runState.value === "evaluating";
  if (!going || writing) return;
  writing = keep("running").finally(() => {
    writing = null;
  });
}

/** Writes the run down, so that a reload or a crash loses little of it. */
export async function keep(state: KeptRun["state"]): Promise<void> {
  const mine = run.number;
  keepFromNow();
  let kept: KeptRun;
  try {
    kept = { ...(await checkpoint()), state };
  } catch (error) {
    if (mine !== run.number || runState.value === "failed") return;
    if (runDevice.value !== "webgpu" || !isDeviceFault(error)) return sayNotKept();
    // Whoever stops a run does not want the CPU to go on with it.
    if (runState.value === "stopped") fail(error);
    else stumble(error);
    return;
  }
  if (mine !== run.number) return;
  run.written = kept;
  await keepRun(kept).then(
    () => {
      // As it is in the database; to read it back would be to copy two networks with all their state.
      if (mine === run.number) left.value = [kept, ...left.value.filter(({ id }) => id !== kept.id)].slice(0, 2);
    },
    () => {
      if (mine === run.number) sayNotKept();
    },
  );
}

let keepingFailed = 0;

/** Once in a run: a disk that is full stays full. */
function sayNotKept(): void {
  if (keepingFailed === run.number) return;
  keepingFailed = run.number;
  toast("error", strings.value.train.notKept);
}

/** Takes out of a run that is over all there is to keep of it, so that the GPU can be given back. */
export async function conclude(state: "stopped" | "done"): Promise<void> {
  const mine = run.number;
  await takeSnapshot();
  if (mine !== run.number) return;
  await keep(state);
  if (mine === run.number && runState.value === state && run.written && isOfNow(run.written)) train.leaveGpu();
}
