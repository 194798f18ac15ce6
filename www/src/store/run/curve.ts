/**
 * A curve that never grows past `MOST` points: when full, neighbours are averaged and each point stands for twice as
 * many. Plain data, so that it can be written down with its run.
 */
export interface Curve {
  xs: number[];
  ys: number[];
  /** Values that each point is the mean of. */
  perPoint: number;
  /** Sums of those that the next point will be the mean of. */
  waiting: { x: number; y: number; count: number };
}

export const MOST = 1200;

export function emptyCurve(): Curve {
  return { xs: [], ys: [], perPoint: 1, waiting: { x: 0, y: 0, count: 0 } };
}

export function copyOf({ xs, ys, perPoint, waiting }: Curve): Curve {
  return { xs: [...xs], ys: [...ys], perPoint, waiting: { ...waiting } };
}

/** Changes `curve`. */
export function addPoint(curve: Curve, x: number, y: number): void {
  const { xs, ys, waiting } = curve;
  waiting.x += x;
  waiting.y += y;
  waiting.count += 1;
  if (waiting.count < curve.perPoint) return;
  xs.push(waiting.x / waiting.count);
  ys.push(waiting.y / waiting.count);
  curve.waiting = { x: 0, y: 0, count: 0 };
  if (xs.length < MOST) return;
  curve.perPoint *= 2;
  halve(xs);
  halve(ys);
}

function halve(values: number[]): void {
  const half = values.length >> 1;
  for (let i = 0; i < half; i++) values[i] = ((values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0)) / 2;
  values.length = half;
}
