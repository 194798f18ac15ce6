/** What the charts show of their curves: where an axis ends, and what a curve is at a step. */

/** A curve, or what of it matters here: by step, in order. */
export interface Points {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Where the accuracy's axis may begin. */
const FLOORS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99];
/** Where the loss's may end. */
const CEILINGS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 1.5, 2.5];
/** What the curves were at first is of no interest any more: the share of the steps that may lie beyond the axis. */
const BYGONE = 0.25;
/** With fewer points nothing is bygone. */
const LEAST_POINTS = 24;
/** So that a line does not run along the edge. */
const HEADROOM = 1.05;

/** Zooms in as the accuracy rises. What came lately, of training or of validation, is always in view. */
export function accuracyFloor(training: Points, validation: readonly Points[]): number {
  const values = latelyOf(training, validation);
  const low = values.length > 0 ? Math.min(...values) : 0;
  return FLOORS.findLast((floor) => floor <= low) ?? 0;
}

/** Zooms in as the loss falls; null before there is anything to see. */
export function lossCeiling(training: Points, validation: readonly Points[]): number | null {
  const values = latelyOf(training, validation);
  if (values.length === 0) return null;
  const high = Math.max(...values);
  return CEILINGS.find((ceiling) => ceiling >= high) ?? high * HEADROOM;
}

/** The values of all curves but for the bygone ones. */
function latelyOf(training: Points, validation: readonly Points[]): number[] {
  const few = training.xs.length < LEAST_POINTS;
  const from = few ? 0 : BYGONE * (training.xs.at(-1) ?? 0);
  return [training, ...validation].flatMap(({ xs, ys }) =>
    ys.filter((_, i) => (xs[i] ?? 0) >= from || i === ys.length - 1),
  );
}

/** A curve's value at its point nearest to `step`; null where it has none. */
export function valueAt({ xs, ys }: Points, step: number): number | null {
  if (xs.length === 0) return null;
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(low - 1, 0);
  const nearer = step - (xs[before] ?? 0) < (xs[low] ?? 0) - step ? before : low;
  return ys[nearer] ?? null;
}
