import { describe, expect, test } from "vitest";
import type { OwnDataset, OwnSample } from "../../engine/library/records";
import { dataset, newSample } from "../../engine/library/testing";
import { bitsFor, contentId, copiesFor, lessonOf, MOST_IMAGES, planOf } from "./head-plan";

const PETS: OwnDataset = dataset({
  classes: [
    { id: "c1", name: "cats" },
    { id: "c2", name: "dogs" },
    { id: "c3", name: "birds" },
  ],
});

function sample(id: number, label: string | null, changes: Partial<OwnSample> = {}): OwnSample {
  const { original: _o, thumbnail: _t, look: _l, group: _g, ...facts } = newSample(id);
  return { ...facts, dataset: "own-1", id, label, group: id, ...changes };
}

function samples(...labels: (string | null)[]): OwnSample[] {
  return labels.map((label, id) => sample(id, label));
}

describe("what is learned from", () => {
  test("is what has a label and is not to be tested on, of classes that have images", () => {
    const all = [
      ...samples("c1", "c1", "c1", "c2", "c2", "c2", null, "gone class"),
      sample(8, "c1", { split: "test" }),
      sample(9, "c2", { split: "validation" }),
      sample(10, "c3", { split: "test" }),
      sample(11, "c1"),
    ];
    const plan = planOf(PETS, all, new Set([11]));
    expect(plan.samples.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 9]);
    expect(plan.classes.map(({ name }) => name)).toEqual(["cats", "dogs"]);
    expect(plan.obstacle).toBeNull();
  });

  test("too little is said to be", () => {
    expect(planOf(PETS, samples("c1", "c1", "c1")).obstacle).toEqual({ kind: "classes" });
    const few = planOf(PETS, samples("c1", "c1", "c1", "c2", "c2"));
    expect(few.obstacle).toEqual({ kind: "images", label: "dogs", least: 3 });
  });

  test("has another signature whenever something else would be learned, and only then", () => {
    const labels = ["c1", "c1", "c1", "c2", "c2", "c2", null];
    const before = planOf(PETS, samples(...labels)).signature;
    expect(planOf({ ...PETS, name: "Animals", revision: 9 }, samples(...labels)).signature).toBe(before);
    expect(planOf(PETS, [...samples(...labels), sample(7, null)]).signature).toBe(before);
    const renamed = { ...PETS, classes: PETS.classes.map((each) => ({ ...each, name: `${each.name}!` })) };
    const others = [
      planOf(renamed, samples(...labels)),
      planOf(PETS, samples("c2", ...labels.slice(1))),
      planOf(PETS, samples(...labels.slice(0, 6), "c1")),
      planOf(
        PETS,
        samples(...labels).map((each) => ({ ...each, group: 0 })),
      ),
      planOf(PETS, samples(...labels).slice(1)),
    ];
    expect(new Set([before, ...others.map(({ signature }) => signature)]).size).toBe(6);
  });

  test("is thinned out where there are too many, the rarest class last", () => {
    const many = Array.from({ length: MOST_IMAGES + 5000 }, (_, id) => sample(id, id < 100 ? "c2" : "c1"));
    const plan = planOf(PETS, many);
    expect(plan.samples.filter(({ label }) => label === "c2")).toHaveLength(100);
    expect(plan.samples).toHaveLength(MOST_IMAGES);
    const ids = plan.samples.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });
});

test("changed copies are for few images: eight of each, and none where there are enough", () => {
  expect([100, 133, 200, 400, 600, 20_000].map(copiesFor)).toEqual([8, 8, 5, 2, 1, 0]);
  expect(bitsFor(0)).toBe(1);
  expect(bitsFor(8)).toBe(0b111111111);
});

test("a lesson names each image's class, group and vectors; one without features waits", () => {
  const all = [
    ...samples("c1", "c1", "c1"),
    ...["c3", "c3", "c3"].map((label, i) => sample(3 + i, label, { group: 3 })),
  ];
  const known = (id: number) => [0b111, 0b1, 0b110, 0b11, 0b11, 0b11][id] ?? 0;
  const lesson = lessonOf(planOf(PETS, all), "backbone", known, 0b11, 7);
  expect([...lesson.ids]).toEqual([0, 1, 3, 4, 5]);
  expect([...lesson.labels]).toEqual([0, 0, 1, 1, 1]);
  expect([...lesson.groups]).toEqual([0, 1, 3, 3, 3]);
  expect([...lesson.copies]).toEqual([0b11, 0b1, 0b11, 0b11, 0b11]);
  expect(lesson.classes).toEqual(["cats", "birds"]);
});

test("a file names what was learned from: the images and their classes, in whatever order they came", () => {
  const [first, second] = [samples("c1", "c1", "c1", "c2", "c2", "c2"), samples("c1", "c1", "c1", "c2", "c2", "c1")];
  const moved = first.map((each) => ({ ...each, id: 50 - each.id })).reverse();
  expect(contentId(planOf(PETS, first))).toMatch(/^[0-9a-f]{32}$/);
  expect(contentId(planOf(PETS, moved))).toBe(contentId(planOf(PETS, first)));
  expect(contentId(planOf(PETS, second))).not.toBe(contentId(planOf(PETS, first)));
});
