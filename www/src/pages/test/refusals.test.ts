import { expect, test } from "vitest";
import type { Judged } from "../../engine/protocol";
import type { ModelInfo } from "../../engine/types";
import { refusalsOf, rejectIn } from "./refusals";

/** Ten images of three classes: the classes they have and were given, and how unlike what was learned they are. */
const judged: Judged = {
  truth: Uint16Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, 2),
  predicted: Uint16Array.of(0, 0, 1, 0, 1, 1, 0, 2, 2, 0),
  confidence: new Float32Array(10).fill(0.9),
  rank: new Uint16Array(10),
  novelty: Float32Array.of(0.1, 0.2, 1.5, 0.3, 0.1, 2.5, 0.9, 1, 0.5, 3),
};

test("above a threshold of 1 three of ten are refused; of the other seven six are right", () => {
  const { images, rightRefused, answered, right, classes } = refusalsOf(judged, 1, 3);
  // Image 7 lies at the threshold, not above it.
  expect(images).toEqual([9, 5, 2]);
  expect(rightRefused).toBe(1);
  expect([answered, right]).toEqual([7, 6]);
  expect(classes).toEqual([
    { refused: 1, support: 4 },
    { refused: 1, support: 3 },
    { refused: 1, support: 3 },
  ]);
});

test("a threshold that nothing exceeds leaves the accuracy of before; one below all leaves no answer", () => {
  const none = refusalsOf(judged, 10, 3);
  expect([none.images.length, none.answered, none.right]).toEqual([0, 10, 7]);
  const all = refusalsOf(judged, 0, 3);
  expect([all.images.length, all.answered, all.right, all.rightRefused]).toEqual([10, 0, 0, 7]);
});

test("a model that has a threshold but gave no scores, or the other way round, tells nothing", () => {
  const info = { name: "head", reject: { threshold: 1, kept: 0.95 } } as unknown as ModelInfo;
  expect(rejectIn({ info, judged })).toEqual({ threshold: 1, kept: 0.95 });
  expect(rejectIn({ info, judged: { ...judged, novelty: new Float32Array(0) } })).toBeNull();
  expect(rejectIn({ info: { name: "classic" } as ModelInfo, judged })).toBeNull();
});
