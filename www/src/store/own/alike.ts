/** The images of the open dataset that are most like some of them. */
import { signal } from "@preact/signals";
import type { OwnSample } from "../../engine/library/records";

export interface Alike {
  /** What was asked for. */
  to: readonly number[];
  /** The most similar first; cosine of the features, −1 to 1. */
  results: readonly { sample: OwnSample; similarity: number }[];
  /** What the search itself took. */
  milliseconds: number;
}

/** null where nothing was asked for. */
export const alike = signal<Alike | null>(null);
/** Features are computed first where they are missing (`featuring`). */
export const seekingAlike = signal(false);

/** Finds what is most like all of these samples together. */
export async function findAlike(_ids: readonly number[]): Promise<void> {}

export function closeAlike(): void {}
