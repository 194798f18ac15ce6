/** What a person can do with a training. */
import { EngineError } from "../../engine/error";
import { newId } from "../../engine/new-id";
import type { SelfTest } from "../../engine/types";
import { explain } from "../../i18n";
import type { KeptRun } from "../database";
import { mostImages, settle } from "../device";
import { currentDataset } from "../session";
import { toast } from "../toasts";
import { beginning } from "./course";
import { beforeOf, fail, reset, stumble } from "./falling-back";
import { checkpoint, conclude, keep } from "./keeping";
import { begin, cancelLaunch, launch, load } from "./launching";
import {
  busy,
  course,
  holdClock,
  type Plan,
  plan,
  progress,
  run,
  runDevice,
  runState,
  shift,
  snapshot,
  train,
  trying,
  verdict,
} from "./state";

/**
 * Starts what `ask` answers with; the engine may still be on its way when a person presses Start. `kept`: what was written
 * down of the training that it goes on with.
 */
export async function start(ask: () => Promise<Plan>, kept: KeptRun | null = null): Promise<void> {
  if (busy.value) return;
  // What another run has left on the GPU.
  train.leaveGpu();
  reset();
  run.written = kept;
  run.id = kept?.id ?? newId();
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
  }, stumble);
}

/** One step of the very network on both devices. */
async function tryGpu(next: Plan, signal: AbortSignal): Promise<SelfTest> {
  await load("webgpu", next.dataset, signal);
  trying.value = true;
  try {
    return await train.selfTest(next.spec, next.recipe, mostImages(), { signal });
  } finally {
    trying.value = false;
  }
}

/** Goes on with a training where it was left, to `epochs` altogether. */
export function resume(kept: KeptRun, epochs = kept.epochs): Promise<void> {
  return start(async () => {
    const { spec, recipe } = await train.readNetwork(kept.onnx);
    if (!recipe) throw new EngineError("no-training-state", "This file has no training's state.");
    const { dataset, parameters, onnx: from } = kept;
    return { dataset, spec, recipe: { ...recipe, epochs }, parameters, from, resume: true, before: beforeOf(kept) };
  }, kept);
}

/** Goes on with the run that has stopped, or, if it was done, for so many epochs more. */
export async function trainOn(more: number): Promise<void> {
  if (busy.value || !plan.value) return;
  try {
    const kept = await checkpoint();
    await resume(kept, runState.value === "done" ? kept.epochs + more : kept.epochs);
  } catch (error) {
    toast("error", explain(error));
  }
}

export async function pause(): Promise<void> {
  if (runState.value !== "running" && runState.value !== "evaluating") return;
  holdClock();
  shift("paused");
  const mine = run.number;
  await ofThisRun(train.pause());
  // A device that failed meanwhile has begun another run.
  if (mine === run.number && course.value.state === "paused") await keep("running");
}

export async function unpause(): Promise<void> {
  if (runState.value !== "paused") return;
  run.clock.go();
  shift("running");
  await ofThisRun(train.unpause());
}

async function ofThisRun(work: Promise<unknown>): Promise<void> {
  const mine = run.number;
  await work.catch((error) => {
    if (mine === run.number) stumble(error);
  });
}

export async function stop(): Promise<void> {
  if (!busy.value) return;
  if (cancelLaunch()) {
    train.leaveGpu();
    verdict.value = null;
    course.value = beginning("idle");
    return;
  }
  const mine = run.number;
  holdClock();
  shift("stopped");
  try {
    await train.stop();
    if (mine !== run.number) return;
    if (progress.value.step === 0) train.leaveGpu();
    // What was under way may have brought it to its end.
    else if (runState.value === "stopped") await conclude("stopped");
  } catch (error) {
    if (mine === run.number && runDevice.value === "webgpu") fail(error);
  }
}
