import { expect, test, vi } from "vitest";
import type { OwnSample } from "../../engine/library/records";
import { classIssuesOf, issuesOf } from "./issues";

vi.mock("../../engine/infer", () => ({ InferEngine: class {} }));

function sample(id: number, facts: Partial<OwnSample> = {}): OwnSample {
  return {
    dataset: "own-1",
    id,
    label: "cat",
    split: "train",
    pinned: false,
    origin: "file",
    name: `${id}.jpg`,
    type: "image/jpeg",
    bytes: 1000,
    width: 300,
    height: 300,
    hash: String(id),
    group: id,
    added: 0,
    brightness: 0.5,
    contrast: 0.2,
    sharpness: 800,
    colour: 1,
    ...facts,
  };
}

const photos = { input: { channels: 3, side: 64 }, fit: { photo: { crop: 1 } } } as const;
const ids = (of: { sample: OwnSample }[]) => of.map(({ sample: { id } }) => id);

test("near duplicates are told, those across splits as leaks, each with the one it is like", () => {
  const all = [sample(0), sample(1, { group: 0 }), sample(2, { group: 0, split: "test" }), sample(3)];
  const { leak, duplicate } = issuesOf(photos, all);
  expect(ids(leak)).toEqual([2]);
  expect(leak[0]?.like?.id).toBe(0);
  expect(ids(duplicate)).toEqual([1]);
  expect(duplicate[0]?.like?.id).toBe(0);
});

test("small, dark and blurred pictures are told; what is drawn may be dark", () => {
  const all = [
    sample(0),
    sample(1),
    sample(2),
    sample(3, { width: 47 }),
    sample(4, { brightness: 0.05 }),
    sample(5, { contrast: 0.01 }),
    sample(6, { sharpness: 40 }),
  ];
  const of = issuesOf(photos, all);
  expect([ids(of.small), ids(of.dark), ids(of.blurred)]).toEqual([[3], [4, 5], [6]]);
  const drawn = issuesOf({ input: { channels: 1, side: 28 }, fit: "digit" }, all);
  expect([ids(drawn.small), ids(drawn.dark), ids(drawn.blurred)]).toEqual([[], [5], []]);
});

test("a dataset of smooth pictures is not blurred as a whole", () => {
  expect(issuesOf(photos, [sample(0, { sharpness: 60 }), sample(1, { sharpness: 50 })]).blurred).toEqual([]);
});

test("a doubt is told until the label is put right, or a person found it to be so", () => {
  const doubt = { sample: 0, suggested: "dog", score: 0.9 };
  expect(issuesOf(photos, [sample(0)], [doubt]).label[0]).toMatchObject({ suggested: "dog" });
  expect(issuesOf(photos, [sample(0, { label: "dog" })], [doubt]).label).toEqual([]);
  expect(issuesOf(photos, [sample(0, { fine: ["label"] })], [doubt]).label).toEqual([]);
});

test("classes with few images, and ones far smaller than the largest, are told", () => {
  const classes = ["a", "b", "c", "d"].map((id) => ({ id, name: id }));
  const counts = { a: [80, 10, 10], b: [20, 0, 0], c: [15, 2, 2], d: [3, 0, 0] } as const;
  expect(classIssuesOf({ classes, counts }).map((each) => [each.class.id, each.kind, each.count])).toEqual([
    ["c", "unbalanced", 19],
    ["d", "few", 3],
  ]);
});
