import { expect, test } from "vitest";
import { inSight, nearest, panned, toMap, toScreen, type View, WHOLE, within, zoomed } from "./map-geometry";

const SIZE = { width: 800, height: 500 };
/** The corners, the middle, and a point near the middle. */
const POINTS = new Float32Array([0, 0, 1, 0, 0, 1, 1, 1, 0.5, 0.5, 0.52, 0.5]);
const NEAR: View = { x: 0.3, y: 0.7, zoom: 4 };

test("the whole map fits, and screen and map are each other's inverse", () => {
  for (let i = 0; i < 4; i++) {
    const [x, y] = toScreen(WHOLE, SIZE, POINTS[2 * i] as number, POINTS[2 * i + 1] as number);
    expect(x > 0 && x < SIZE.width && y > 0 && y < SIZE.height).toBe(true);
  }
  const [x, y] = toMap(NEAR, SIZE, toScreen(NEAR, SIZE, 0.123, 0.456));
  expect(x).toBeCloseTo(0.123);
  expect(y).toBeCloseTo(0.456);
});

test("what is under the pointer stays there while it is zoomed, and all the way out the whole map is shown", () => {
  const at = [222, 333] as const;
  const before = toMap(NEAR, SIZE, at);
  const after = toMap(zoomed(NEAR, SIZE, at, 1.7), SIZE, at);
  expect(after[0]).toBeCloseTo(before[0]);
  expect(after[1]).toBeCloseTo(before[1]);
  expect(zoomed(NEAR, SIZE, at, 0.01)).toEqual(WHOLE);
});

test("a drag takes the map along, but never off the screen", () => {
  const [x, y] = toScreen(NEAR, SIZE, 0.3, 0.6);
  const moved = toScreen(panned(NEAR, SIZE, 40, -25), SIZE, 0.3, 0.6);
  expect(moved[0]).toBeCloseTo(x + 40);
  expect(moved[1]).toBeCloseTo(y - 25);
  expect(panned(NEAR, SIZE, 1e6, 0).x).toBe(0);
});

test("a lasso holds what lies in it, also where it is not convex, and whatever the zoom", () => {
  const outline = (corners: [number, number][], view: View) => corners.map(([x, y]) => toScreen(view, SIZE, x, y));
  const around: [number, number][] = [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.6, 0.6],
    [0.4, 0.6],
  ];
  // A notch from the right leaves the near one out.
  const notched: [number, number][] = [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.51, 0.5],
    [0.6, 0.6],
    [0.4, 0.6],
  ];
  for (const view of [WHOLE, NEAR]) {
    expect(within(POINTS, view, SIZE, outline(around, view))).toEqual([4, 5]);
    expect(within(POINTS, view, SIZE, outline(notched, view))).toEqual([4]);
  }
  expect(
    within(POINTS, WHOLE, SIZE, [
      [0, 0],
      [10, 10],
    ]),
  ).toEqual([]);
});

test("a tap finds the nearest point, and none that is out of reach", () => {
  const spot = toScreen(WHOLE, SIZE, 0.518, 0.5);
  expect(nearest(POINTS, WHOLE, SIZE, spot, 10)).toBe(5);
  expect(nearest(POINTS, WHOLE, SIZE, [400, 100], 10)).toBe(-1);
  expect(nearest(new Float32Array(), WHOLE, SIZE, spot, 10)).toBe(-1);
});

test("zoomed in, only what is near is in sight", () => {
  expect(inSight(POINTS, WHOLE, SIZE, 0)).toHaveLength(6);
  expect(inSight(POINTS, { x: 0.5, y: 0.5, zoom: 10 }, SIZE, 0)).toEqual([4, 5]);
});
