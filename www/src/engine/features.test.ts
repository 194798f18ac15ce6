import { expect, test } from "vitest";
import { inPieces } from "./features";
import type { FeatureWork } from "./learning-protocol";

function work(sample: number, copies: number): FeatureWork {
  return { sample, type: "image/png", copies: [...Array(copies).keys()] };
}

test("images go to workers some at a time, and one with many copies by itself", () => {
  const pieces = inPieces([...Array.from({ length: 10 }, (_, i) => work(i, 1)), work(10, 9), work(11, 9), work(12, 1)]);
  expect(pieces.map((piece) => piece.map(({ sample }) => sample))).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [8, 9],
    [10],
    [11],
    [12],
  ]);
  expect(inPieces([])).toEqual([]);
});
