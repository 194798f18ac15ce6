import { expect, test } from "vitest";
import { blocksOf, extentOf } from "./block";

/** The shipped network for digits, from the image to the answer. */
const DIGITS = [[1, 28, 28], [32, 26, 26], [32, 13, 13], [64, 11, 11], [64, 5, 5], [10]];

test("sides are to scale, and what has more channels is deeper", () => {
  const blocks = blocksOf(DIGITS);
  expect(blocks.map((block) => Math.round(block?.height ?? 0))).toEqual([56, 52, 26, 22, 10, 3]);
  expect(blocks[2]?.depth).toBe(blocks[1]?.depth);
  expect(blocks[3]?.depth).toBeGreaterThan(blocks[1]?.depth ?? 0);
});

test("a network for photos with a thousand classes stays within the same room", () => {
  for (const block of blocksOf([[3, 260, 260], [32, 130, 130], [1280, 9, 9], [1280], [1000]])) {
    const { width, height } = extentOf(block ?? { width: 0, height: 0, depth: 0 });
    expect(width).toBeLessThanOrEqual(88);
    expect(height).toBeLessThanOrEqual(72);
  }
});

test("a picture that is wide is drawn wide, and pieces as the square that they were cut from", () => {
  const [wide, pieces] = blocksOf([
    [3, 32, 64],
    [256, 192],
  ]);
  expect((wide?.width ?? 0) / (wide?.height ?? 1)).toBeCloseTo(2);
  expect(pieces?.width).toBeCloseTo(14);
});

test("a size that is not known is not drawn", () => {
  expect(blocksOf([[], [1, 28, 28]])[0]).toBeNull();
});
