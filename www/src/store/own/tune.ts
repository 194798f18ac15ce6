/** Fine-tuning: the last blocks of the backbone learn too, with the head on frozen features as what is to be beaten. */
import { signal } from "@preact/signals";

export interface Tuning {
  epoch: number;
  epochs: number;
  /** 0–1, of all that is to be done. */
  share: number;
  secondsLeft: number | null;
  /** On held-out images, 0–1; null before there is one. */
  accuracy: number | null;
  /** Of the frozen head on the same images. */
  baseline: number | null;
}

/** What is under way; null while nothing is. */
export const tuning = signal<Tuning | null>(null);
/** What the last one came to. */
export const tuned = signal<{ accuracy: number; baseline: number; better: boolean } | null>(null);
/** How many blocks may learn: what the backbone offers. */
export const tuneChoices = signal<readonly { blocks: number; parameters: number }[]>([]);

export async function fineTune(_options: { blocks: number; epochs: number }): Promise<void> {}

/** Ends it; the head on frozen features stays. */
export function cancelTuning(): void {}
