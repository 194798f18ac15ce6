/** Whether an image that is unlike everything a model has learned is answered with *none of these*. */
import { computed, signal } from "@preact/signals";

/** A person's choice, kept in this browser. */
export const rejecting = signal(true);

/** What is told to answers: null where it is off or the model has no score. */
export function isNone(novelty: number | null | undefined, threshold: number | null | undefined): boolean {
  return rejecting.value && typeof novelty === "number" && typeof threshold === "number" && novelty > threshold;
}

export const rejectingIsOn = computed(() => rejecting.value);
