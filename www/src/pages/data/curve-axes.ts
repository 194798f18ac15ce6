/** An axis from one end of a chart to the other, with round numbers on it. */
export interface Axis {
  least: number;
  most: number;
  from: number;
  to: number;
  ticks: readonly number[];
}

/** Round steps, as many as fit: 1, 2 or 5 times a power of ten. */
const WANTED_TICKS = 5;

/** Holds all values; `limit`: the most that it may reach. */
export function axisOf(values: readonly number[], from: number, to: number, limit = Number.POSITIVE_INFINITY): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = roundStep(high - low || Math.abs(high) || 1);
  const most = Math.min(Math.ceil(high / step - 1e-9) * step, limit);
  // Where all are one value there is room below it.
  const least = Math.min(Math.floor(low / step + 1e-9) * step, most - step);
  const ticks: number[] = [];
  for (let n = Math.round(least / step); n * step <= most + step * 1e-6; n++)
    ticks.push(Number((n * step).toPrecision(9)));
  return { least, most, from, to, ticks };
}

function roundStep(span: number): number {
  const rough = span / WANTED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const of = [1, 2, 5, 10].find((n) => n * power >= rough * 0.999) ?? 10;
  return of * power;
}

export function place({ least, most, from, to }: Axis, value: number): number {
  return from + ((value - least) / (most - least)) * (to - from);
}

export function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
