/** What a failure comes to: a run that the GPU fails goes on on the CPU; every other failure is the run's own. */
import { batch } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { explain, strings } from "../../i18n";
import { explainFault, isOutOfMemory } from "../../i18n/fault";
import { whole } from "../../i18n/format";
import type { KeptRun } from "../database";
import { distrust, isDeviceFault } from "../device";
import { toast } from "../toasts";
import { beginning } from "./course";
import { begin, launch } from "./launching";
import {
  behind,
  course,
  failure,
  holdClock,
  type Plan,
  plan,
  run,
  runDevice,
  runState,
  shift,
  train,
  verdict,
  watchedImages,
} from "./state";

export function stumble(error: unknown): void {
  if (runDevice.value === "webgpu" && isDeviceFault(error)) fallBack(EngineError.from(error));
  else fail(error);
}

/** `plan` from where it was last written down; from its own beginning if it was not. */
export function fromLastKept(plan: Plan, written: KeptRun | null): Plan {
  return written ? { ...plan, from: written.onnx, resume: true, before: beforeOf(written) } : { ...plan };
}

/** What a run that was written down says beside its file. */
export function beforeOf({ seconds, validation, trace }: KeptRun): NonNullable<Plan["before"]> {
  return { seconds, ...(validation && { validation }), ...(trace && { trace }) };
}

/** Goes on on the CPU; a run that was paused stays so. */
function fallBack(error: EngineError): void {
  const { value: was } = verdict;
  if (!plan.value || was?.device !== "webgpu") {
    fail(error);
    return;
  }
  const next = fromLastKept(plan.value, run.written);
  const held = runState.value === "paused";
  // More memory will not be there the next time; a device that was lost may.
  if (isOutOfMemory(error)) distrust(was.adapter, next, error);
  const from = run.written?.step ?? (next.resume ? behind.value.steps : null);
  train.leaveGpu();
  batch(() => {
    reset();
    plan.value = next;
    verdict.value = { device: "cpu", why: "lost", adapter: was.adapter, error };
  });
  const { fellBack, fellBackToStart, staysPaused } = strings.value.device;
  const going = from === null ? fellBackToStart : fellBack(whole(from));
  toast("info", [explainFault(error), going, ...(held ? [staysPaused] : [])].join(" "));
  void launch(async (mine, signal) => {
    await begin(mine, next, signal, held);
    if (held && mine === run.number) shift("paused");
  }, stumble);
}

export function fail(error: unknown): void {
  holdClock();
  train.rest();
  train.leaveGpu();
  failure.value =
    isDeviceFault(error) && runDevice.value === "webgpu" ? explainFault(EngineError.from(error)) : explain(error);
  shift("failed");
}

/** As before a start. */
export function reset(): void {
  plan.value = null;
  verdict.value = null;
  course.value = beginning("preparing");
  watchedImages.value = null;
  failure.value = null;
  behind.value = { steps: 0, seconds: 0 };
  run.clock.set(0);
}
