/** Whether an image that is unlike everything a model has learned is answered with *none of these*. */
import { signal } from "@preact/signals";
import type { ModelInfo } from "../engine/types";

/** How a model tells what it does not know. */
export type Reject = NonNullable<ModelInfo["reject"]>;

const KEY = "hearth.rejecting";

/** What an answer without a class is called where classes have their names, in every language. */
export const NONE = "none";

/** A person's choice, kept in this browser. Other tabs follow when they are loaded again. */
export const rejecting = signal(remembered());

export function setRejecting(on: boolean): void {
  rejecting.value = on;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** How the model in a file tells what it does not know; null where its file has no such score. */
export function rejectOf(info: ModelInfo | null | undefined): Reject | null {
  return info?.reject ?? null;
}

/** Whether an image is none of a model's classes: no, where that is turned off or the model has no score. */
export function isNone(novelty: number | null | undefined, threshold: number | null | undefined): boolean {
  return rejecting.value && isAbove(novelty, threshold);
}

/** The same, whether or not it is turned off. A score that is not a number says nothing. */
export function isAbove(novelty: number | null | undefined, threshold: number | null | undefined): boolean {
  return typeof novelty === "number" && typeof threshold === "number" && novelty > threshold;
}

const DIGITS = "0123456789";

/** Whether the classes are the ten digits, in any order: what is none of them is not a digit. */
export function areDigits(labels: readonly string[]): boolean {
  return labels.length === DIGITS.length && [...labels].sort().join("") === DIGITS;
}
