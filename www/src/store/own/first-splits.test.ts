import { expect, test } from "vitest";
import type { OwnSample, Split } from "../../engine/library/records";
import { firstSplits } from "./first-splits";

const shares = { validation: 0.2, test: 0.2 };

function sample(id: number, facts: Partial<OwnSample> = {}): OwnSample {
  return { id, group: id, label: null, split: "train", pinned: false, ...facts } as OwnSample;
}

function countOf(splits: Iterable<Split>): number[] {
  const list = [...splits];
  return (["train", "validation", "test"] as const).map((split) => list.filter((each) => each === split).length);
}

test("images that are labelled one after another come to the dataset's shares, of each class alike", () => {
  let all = Array.from({ length: 50 }, (_, id) => sample(id));
  for (const { id } of all) {
    const label = id % 5 ? "cat" : "dog";
    const split = firstSplits(all, new Map([[id, label]]), shares).get(id) as Split;
    all = all.map((each) => (each.id === id ? { ...each, label, split } : each));
  }
  const of = (label: string) => countOf(all.filter((each) => each.label === label).map(({ split }) => split));
  expect(of("cat")).toEqual([24, 8, 8]);
  expect(of("dog")).toEqual([6, 2, 2]);
});

test("many at once come to the same shares, and the first of a class is trained on", () => {
  const all = Array.from({ length: 10 }, (_, id) => sample(id));
  const given = firstSplits(all, new Map(all.map(({ id }) => [id, "cat"])), shares);
  expect(countOf(given.values())).toEqual([6, 2, 2]);
  expect(given.get(0)).toBe("train");
});

test("what is nearly the same as a labelled image goes where that is", () => {
  const all = [sample(0, { label: "cat", split: "test" }), sample(1, { group: 0 }), sample(2, { group: 0 })];
  expect([
    ...firstSplits(
      all,
      new Map([
        [1, "cat"],
        [2, "cat"],
      ]),
      shares,
    ).values(),
  ]).toEqual(["test", "test"]);
});

test("what has a label, or was put somewhere by a person, keeps its split", () => {
  const all = [sample(0, { label: "cat" }), sample(1, { pinned: true, split: "test" }), sample(2)];
  const labels = new Map([0, 1, 2].map((id): [number, string | null] => [id, id === 2 ? null : "dog"]));
  expect(firstSplits(all, labels, shares).size).toBe(0);
});
