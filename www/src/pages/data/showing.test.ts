import { expect, test } from "vitest";
import type { OwnSample } from "../../engine/library/records";
import { chosen, type Wanted } from "./showing";

const all = [
  { id: 0, label: "cat", split: "train", name: "b10.jpg" },
  { id: 1, label: null, split: "train", name: "b9.jpg" },
  { id: 2, label: "dog", split: "test", name: "a.jpg" },
  { id: 3, label: null, split: "validation", name: "c.jpg" },
] as OwnSample[];

function ids(wanted: Partial<Wanted>, suggested?: Map<number, { doubt: number }>): number[] {
  return chosen(all, { label: null, split: null, order: "oldest", ...wanted }, suggested).map(({ id }) => id);
}

test("images are shown of one class, of none, or of one split", () => {
  expect(ids({ label: "cat" })).toEqual([0]);
  expect(ids({ label: "" })).toEqual([1, 3]);
  expect(ids({ split: "train" })).toEqual([0, 1]);
  expect(ids({ label: "", split: "train" })).toEqual([1]);
});

test("the newest come first, or those without a label, or they stand by their names", () => {
  expect(ids({ order: "newest" })).toEqual([3, 2, 1, 0]);
  expect(ids({ order: "unlabelled" })).toEqual([3, 1, 2, 0]);
  expect(ids({ order: "name" })).toEqual([2, 1, 0, 3]);
});

test("those that a network is least sure of come first, and those that it was not asked about last", () => {
  const suggested = new Map([
    [1, { doubt: 0.1 }],
    [3, { doubt: 0.9 }],
  ]);
  expect(ids({ order: "unsure" }, suggested)).toEqual([3, 1, 0, 2]);
});

test("what is there stays as it was", () => {
  ids({ order: "newest" });
  expect(all.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
});
