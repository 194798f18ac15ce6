import type { OwnSample } from "../../engine/library/records";

/** The images that are gone through one by one, and which of them is large. */
export interface Queue {
  ids: readonly number[];
  /** `ids.length`: all have been gone through. */
  at: number;
}

/**
 * Those that are shown. From an image that was opened, in the order of the grid; from none, those without a label first,
 * at the first of them.
 */
export function queueFrom(shown: readonly OwnSample[], opened: number | null): Queue {
  if (opened !== null) {
    const ids = shown.map(({ id }) => id);
    return { ids, at: Math.max(0, ids.indexOf(opened)) };
  }
  const [without, rest] = [shown.filter(({ label }) => label === null), shown.filter(({ label }) => label !== null)];
  return { ids: [...without, ...rest].map(({ id }) => id), at: 0 };
}

export function moved({ ids, at }: Queue, by: number): Queue {
  return { ids, at: Math.min(Math.max(at + by, 0), ids.length) };
}
