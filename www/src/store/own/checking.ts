/** Networks that look for wrong labels: each learns from a part of the images and is asked about the rest. */
import { batch, signal } from "@preact/signals";
import { CheckEngine } from "../../engine/check";
import { EngineError } from "../../engine/error";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { doubts } from "./issues";
import { onClose, openDataset } from "./open";

/** How far they are, 0–1; null while none is at work. */
export const checking = signal<number | null>(null);
/** Labelled images that every class needs, so that each part has some of it. */
export const LEAST_TO_CHECK = 5;

const engine = new CheckEngine();
let abort: AbortController | null = null;

onClose(cancelChecking);

export async function findWrongLabels(): Promise<void> {
  const dataset = openDataset.value;
  if (!dataset || checking.value !== null) return;
  const mine = new AbortController();
  abort = mine;
  batch(() => {
    doubts.value = null;
    checking.value = 0;
  });
  try {
    const found = await engine.findWrongLabels(dataset.id, {
      signal: mine.signal,
      onProgress: (share) => {
        if (checking.value !== null) checking.value = share;
      },
    });
    if (openDataset.value?.id === dataset.id) doubts.value = found;
  } catch (error) {
    if (!mine.signal.aborted) toast("error", explain(error));
  } finally {
    if (abort === mine) {
      abort = null;
      checking.value = null;
      engine.rest();
    }
  }
}

export function cancelChecking(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
}
