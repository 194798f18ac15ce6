/** Beat the net: a person labels the images that the network got most wrong. */
import type { Judged } from "../../engine/protocol";

const DIGITS = "0123456789";
const MORE_KEYS = "123456789abcdefghijklmnopqrstuvwxyz";

/**
 * The key of each class, by label; empty where there are more classes than keys. Classes that are called by one sign have
 * it as their key; up to ten others have 0–9, more of them 1–9 and a–z.
 */
export function keysOf(classes: readonly string[]): string[] {
  const signs = classes.map((name) => name.toLowerCase());
  const spare = classes.length <= DIGITS.length ? DIGITS : MORE_KEYS;
  if (new Set(signs).size === signs.length && signs.every((sign) => /^[a-z\d]$/.test(sign))) return signs;
  return classes.map((_, label) => spare[label] ?? "");
}

export interface Score {
  you: number;
  network: number;
  of: number;
}

/** How many of the images the person and the network labelled rightly. `given`: the person's labels, in their order. */
export function scoreOf({ truth, predicted }: Judged, images: readonly number[], given: readonly number[]): Score {
  const right = (labelOf: (image: number, at: number) => number | undefined) =>
    images.filter((image, at) => labelOf(image, at) === truth[image]).length;
  return {
    you: right((_, at) => given[at]),
    network: right((image) => predicted[image]),
    of: images.length,
  };
}
