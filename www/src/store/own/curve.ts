/** What more labels would bring: accuracy against labels, in random order and the most uncertain first. */
import { signal } from "@preact/signals";

export interface Curve {
  /** Accuracies on held-out images, 0–1, means over several draws. */
  points: readonly { labels: number; random: number; uncertain: number }[];
  /** Further labels for one more point of accuracy; null where it cannot be told. */
  moreForOnePoint: number | null;
  moreForOnePointUncertain: number | null;
}

export const curve = signal<Curve | null>(null);
/** How far it is, 0–1; null while none is measured. */
export const measuringCurve = signal<number | null>(null);

export async function measureCurve(): Promise<void> {}

export function cancelCurve(): void {}
