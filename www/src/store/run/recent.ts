/** What the figures of a running training are taken over. Plain data; the functions change nothing. */

/**
 * Loss and accuracy on training images are those of the last so many steps, wherever they are shown: a single batch says
 * little, and a whole epoch is of networks that no longer exist.
 */
export const WINDOW_STEPS = 25;
/** The rate is that of the last steps that together took so many seconds: neither jumpy nor stale. */
const RATE_SECONDS = 5;
/**
 * Steps are timed together until they took so long: a small network does thousands a second, and each of them must not
 * look through all the others.
 */
const SLOT_SECONDS = 0.1;

export interface Step {
  /** The batch's mean. */
  loss: number;
  correct: number;
  images: number;
  seconds: number;
}

export interface Recent {
  /** The last `WINDOW_STEPS`. */
  window: readonly Step[];
  /** Those of the last `RATE_SECONDS`, several in one. */
  timed: readonly Timed[];
}

export type Timed = Pick<Step, "images" | "seconds">;

export const NO_STEPS: Recent = { window: [], timed: [] };

export function after({ window, timed }: Recent, step: Step): Recent {
  const all = withStep(timed, step);
  let seconds = sum(all, "seconds");
  let stale = 0;
  while (stale < all.length - 1 && seconds > RATE_SECONDS) seconds -= all[stale++]?.seconds ?? 0;
  return { window: [...window, step].slice(-WINDOW_STEPS), timed: all.slice(stale) };
}

function withStep(timed: readonly Timed[], { images, seconds }: Step): readonly Timed[] {
  const last = timed.at(-1);
  if (!last || last.seconds >= SLOT_SECONDS) return [...timed, { images, seconds }];
  return [...timed.slice(0, -1), { images: last.images + images, seconds: last.seconds + seconds }];
}

/** Each image counts alike. Null before the first step. */
export function meanLoss({ window }: Recent): number | null {
  const images = sum(window, "images");
  return images > 0 ? window.reduce((total, step) => total + step.loss * step.images, 0) / images : null;
}

export function accuracy({ window }: Recent): number | null {
  const images = sum(window, "images");
  return images > 0 ? sum(window, "correct") / images : null;
}

export function imagesPerSecond({ timed }: Recent): number | null {
  const seconds = sum(timed, "seconds");
  return seconds > 0 ? sum(timed, "images") / seconds : null;
}

function sum<Key extends string>(steps: readonly Record<Key, number>[], what: Key): number {
  return steps.reduce((total, step) => total + step[what], 0);
}
