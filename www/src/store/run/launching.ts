/** How a run gets to a device. */
import { EngineError } from "../../engine/error";
import type { Device } from "../../engine/train";
import { recalled } from "./course";
import { behind, course, dataset, loading, type Plan, run, runDevice, tick, train } from "./state";

/** Makes a new run of what `make` does, and calls `failed` if that fails and neither a person nor a newer run ended it. */
export async function launch(
  make: (number: number, signal: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
): Promise<void> {
  run.number += 1;
  const mine = run.number;
  const abort = new AbortController();
  run.preparing = abort;
  try {
    await make(mine, abort.signal);
    // Stopped while the worker was starting it.
    if (mine !== run.number) await train.stop();
  } catch (error) {
    if (mine === run.number && !abort.signal.aborted) failed(error);
  } finally {
    if (run.preparing === abort) run.preparing = null;
  }
}

/** `held`: it waits for `unpause`. */
export async function begin(number: number, next: Plan, signal: AbortSignal, held: boolean): Promise<void> {
  const device = runDevice.value ?? "cpu";
  const beginning = { run: number, device, held };
  const { train: images } = await load(device, next.dataset, signal);
  if (!next.from) await train.start(beginning, next.spec, next.recipe);
  else if (!next.resume) await train.startFrom(beginning, next.from, next.recipe);
  else {
    const info = await train.readNetwork(next.from);
    const before = next.before ?? { seconds: 0 };
    course.value = recalled(info, next.recipe.epochs, images, before);
    run.clock.set(before.seconds);
    behind.value = { steps: course.value.progress.step, seconds: before.seconds };
    tick();
    await train.resume(beginning, next.from, next.recipe.epochs);
  }
}

export async function load(device: Device, id: Plan["dataset"], signal: AbortSignal) {
  const summary = await train.load(device, id, { signal });
  dataset.value = summary;
  loading.value = null;
  return summary;
}

/** Ends what `launch` has under way, as a person asked; false if nothing is. */
export function cancelLaunch(): boolean {
  if (!run.preparing) return false;
  run.number += 1;
  run.preparing.abort(new EngineError("aborted", "Cancelled."));
  return true;
}
