import { expect, test } from "vitest";
import { evenly, nearestMapped, placedAll, withinUnit } from "./place";
import { randomOf, reduced } from "./reduce";

test("points of any size stand in the unit square, in proportion and with a margin", () => {
  const placed = withinUnit(Float32Array.of(-10, 5, 30, 5, 10, 15));
  expect(Math.min(...placed)).toBeCloseTo(0.03);
  expect(Math.max(...placed)).toBeCloseTo(0.97);
  const [x0, y0, x1, y1, x2, y2] = placed as unknown as [number, number, number, number, number, number];
  expect(y0).toBe(y1);
  expect((y2 - y0) / (x1 - x0)).toBeCloseTo(10 / 40);
  expect(x2).toBeCloseTo(0.5);
  // All alike, or one alone: in the middle.
  expect([...withinUnit(Float32Array.of(7, 7, 7, 7))]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test("of many images those that are mapped are spread over all", () => {
  expect(evenly(4, 10)).toEqual([0, 1, 2, 3]);
  const some = evenly(20_000, 5000);
  expect(some).toHaveLength(5000);
  expect(new Set(some).size).toBe(5000);
  expect(some.at(-1)).toBeGreaterThan(19_990);
});

test("an image that is not mapped stands beside the one it is nearest to, wherever that moves", () => {
  const vectors = Float32Array.of(0, 0, 10, 10, 0.5, 0, 9, 10);
  const nearest = nearestMapped(vectors, 2, [0, 1]);
  expect([...nearest]).toEqual([
    [2, 0],
    [3, 1],
  ]);
  const positions = [
    [-50, 20],
    [50, -20],
  ];
  const all = placedAll(4, [0, 1], positions, nearest, randomOf(1));
  expect([...all.slice(0, 4)]).toEqual([-50, 20, 50, -20]);
  const apart = (row: number, to: number) =>
    Math.hypot((all[2 * row] ?? 0) - (all[2 * to] ?? 0), (all[2 * row + 1] ?? 0) - (all[2 * to + 1] ?? 0));
  expect(apart(2, 0)).toBeGreaterThan(0);
  expect(apart(2, 0)).toBeLessThan(1);
  expect(apart(3, 1)).toBeLessThan(1);
  expect(placedAll(4, [0, 1], positions, nearest, randomOf(1))).toEqual(all);
});

test("fewer directions keep who is near whom, the same for a seed", () => {
  const [dimension, groups] = [40, 4];
  const noise = randomOf(3);
  const centres = Array.from({ length: groups }, () => Array.from({ length: dimension }, () => noise()));
  const vectors = Float32Array.from(
    Array.from({ length: 80 }, (_, i) => (centres[i % groups] as number[]).map((x) => 7 * (x + 0.05 * noise()))).flat(),
  );
  const { points, values } = reduced(vectors, dimension, 3, randomOf(1));
  expect(values).toBe(3);
  for (let i = 0; i < 80; i++) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let j = 0; j < 80; j++) {
      let apart = 0;
      for (let d = 0; d < values; d++) apart += ((points[i * 3 + d] ?? 0) - (points[j * 3 + d] ?? 0)) ** 2;
      if (j !== i && apart < least) [best, least] = [j, apart];
    }
    expect(best % groups).toBe(i % groups);
  }
  expect(reduced(vectors, dimension, 3, randomOf(1)).points).toEqual(points);
  // More directions than there are: only those that there are.
  expect(reduced(Float32Array.of(1, 0, 1, 0), 2, 2, randomOf(1)).values).toBeLessThan(2);
});
