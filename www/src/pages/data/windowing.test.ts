import { expect, test } from "vitest";
import { columnsIn, FEW, GAP, LEAST_TILE, windowOf } from "./windowing";

test("there are as many columns as fit", () => {
  expect(columnsIn(LEAST_TILE - 1)).toBe(1);
  expect(columnsIn(2 * LEAST_TILE + GAP - 1)).toBe(1);
  expect(columnsIn(2 * LEAST_TILE + GAP)).toBe(2);
  expect(columnsIn(1152)).toBe(10);
});

test("of twenty thousand tiles a few screens' worth are in the page", () => {
  const { first, end, height, columns, rowHeight } = windowOf(20_000, 1152, -50_000, 900);
  expect(end - first).toBeLessThan(200);
  expect(first).toBe(columns * (Math.floor(50_000 / rowHeight) - 2));
  expect(height).toBeCloseTo(Math.ceil(20_000 / columns) * rowHeight - GAP);
});

test("nothing is missing of a few, at the beginning, at the end, and out of sight", () => {
  expect(windowOf(FEW, 1152, -1e9, 900)).toMatchObject({ first: 0, end: FEW });
  expect(windowOf(FEW, 1152, 5000, 900)).toMatchObject({ first: 0, end: FEW });
  expect(windowOf(500, 1152, 400, 900)).toMatchObject({ first: 0 });
  expect(windowOf(20_000, 1152, -1e9, 900)).toMatchObject({ end: 20_000 });
  expect(windowOf(20_000, 1152, 5000, 900).end).toBe(40);
  expect(windowOf(0, 1152, 0, 900)).toMatchObject({ first: 0, end: 0, height: 0 });
});
