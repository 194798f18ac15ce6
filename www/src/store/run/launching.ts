/** How a run gets to a device. */
import { EngineError } from "../../engine/error";
import type { WatchedImages } from "../../engine/protocol";
import type { Beginning, Device } from "../../engine/train";
import type { DatasetSummary } from "../../engine/types";
import { recalled } from "./course";
import { behind, course, dataset, type Plan, run, runDevice, tick, train, watchedImages } from "./state";

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
  const summary = await load(device, next.dataset, signal);
  if (next.from && next.resume) {
    const info = await train.readNetwork(next.from);
    const before = next.before ?? { seconds: 0 };
    course.value = recalled(info, next.recipe.epochs, summary.train, before);
    run.clock.set(before.seconds);
    behind.value = { steps: course.value.progress.step, seconds: before.seconds };
    tick();
  }
  const watched = await beginOn(beginning, next);
  if (number === run.number) watchedImages.value = withSize(watched, summary);
}

function beginOn(beginning: Beginning, { from, resume, spec, recipe }: Plan): Promise<WatchedImages> {
  if (!from) return train.start(beginning, spec, recipe);
  return resume ? train.resume(beginning, from, recipe.epochs) : train.startFrom(beginning, from, recipe);
}

/** null if there are none. */
function withSize({ pixels, labels }: WatchedImages, { channels, height, width }: DatasetSummary) {
  if (labels.length === 0) return null;
  const size = channels * height * width;
  const images = [...labels].map((label, i) => ({ label, pixels: pixels.subarray(i * size, (i + 1) * size) }));
  return { channels, height, width, images };
}

export async function load(device: Device, id: Plan["dataset"], signal: AbortSignal) {
  const summary = await train.load(device, id, { signal });
  dataset.value = summary;
  return summary;
}

/** Ends what `launch` has under way, as a person asked; false if nothing is. */
export function cancelLaunch(): boolean {
  if (!run.preparing) return false;
  run.number += 1;
  run.preparing.abort(new EngineError("aborted", "Cancelled."));
  return true;
}
