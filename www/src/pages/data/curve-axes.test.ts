import { expect, test } from "vitest";
import { axisOf, place } from "./curve-axes";

test("an axis holds all values, and has round numbers on it", () => {
  const axis = axisOf([0.634, 0.871], 200, 10, 1);
  expect(axis.ticks).toEqual([0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]);
  expect(place(axis, axis.least)).toBe(200);
  expect(place(axis, axis.most)).toBe(10);
  expect(axisOf([30, 60, 120, 240], 0, 1).ticks).toEqual([0, 50, 100, 150, 200, 250]);
});

test("accuracies do not reach beyond all, and one value alone has an axis too", () => {
  expect(axisOf([0.97, 1], 0, 1, 1).most).toBe(1);
  const flat = axisOf([1, 1], 0, 1, 1);
  expect(flat.most).toBeGreaterThan(flat.least);
  expect(Number.isFinite(place(flat, 1))).toBe(true);
});
