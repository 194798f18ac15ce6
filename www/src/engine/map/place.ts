/** Where points of a map stand on the page. Pure. */

/** Free space along each edge, of the whole. */
const MARGIN = 0.03;

/** Points `[point, 2]` of any size in the unit square, with a margin; in proportion, in the middle. */
export function withinUnit(points: Float32Array): Float32Array {
  const count = points.length / 2;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const [x, y] = [points[2 * i] as number, points[2 * i + 1] as number];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const size = Math.max(right - left, bottom - top);
  const scale = size > 0 ? (1 - 2 * MARGIN) / size : 0;
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  const placed = new Float32Array(points.length);
  for (let i = 0; i < count; i++) {
    placed[2 * i] = 0.5 + ((points[2 * i] as number) - middleX) * scale;
    placed[2 * i + 1] = 0.5 + ((points[2 * i + 1] as number) - middleY) * scale;
  }
  return placed;
}

/** So many of `count` rows, spread evenly over all. */
export function evenly(count: number, most: number): number[] {
  if (count <= most) return [...Array(count).keys()];
  return Array.from({ length: most }, (_, i) => Math.floor((i * count) / most));
}

/** Of each row that is not among `mapped`: which of those lies nearest, by its place among them. */
export function nearestMapped(points: Float32Array, values: number, mapped: readonly number[]): Map<number, number> {
  const known = new Set(mapped);
  const found = new Map<number, number>();
  for (let row = 0; row < points.length / values; row++) {
    if (known.has(row)) continue;
    let [best, least] = [0, Infinity];
    for (const [place, other] of mapped.entries()) {
      let apart = 0;
      for (let d = 0; d < values && apart < least; d++) {
        const difference = (points[row * values + d] as number) - (points[other * values + d] as number);
        apart += difference * difference;
      }
      if (apart < least) [best, least] = [place, apart];
    }
    found.set(row, best);
  }
  return found;
}

/**
 * Positions of all rows, from those of the mapped ones: each other one stands beside the one that it is nearest to, near
 * enough to belong to it and far enough to be seen.
 */
export function placedAll(
  count: number,
  mapped: readonly number[],
  positions: readonly (readonly number[])[],
  nearest: ReadonlyMap<number, number>,
  random: () => number,
): Float32Array {
  const points = new Float32Array(2 * count);
  const put = (row: number, place: number, apart: number) => {
    const [x = 0, y = 0] = positions[place] ?? [];
    const angle = 2 * Math.PI * random();
    points[2 * row] = x + apart * Math.cos(angle);
    points[2 * row + 1] = y + apart * Math.sin(angle);
  };
  for (const [place, row] of mapped.entries()) put(row, place, 0);
  const beside = spreadOf(positions) * 0.006;
  for (const [row, place] of nearest) put(row, place, beside * (0.3 + 0.7 * random()));
  return points;
}

function spreadOf(positions: readonly (readonly number[])[]): number {
  const xs = positions.map(([x = 0]) => x);
  return xs.reduce((a, b) => Math.max(a, b), -Infinity) - xs.reduce((a, b) => Math.min(a, b), Infinity);
}
