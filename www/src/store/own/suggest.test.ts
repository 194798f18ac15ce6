import { expect, test, vi } from "vitest";
import { suggestionOf } from "./suggest";

vi.mock("../../engine/infer", () => ({ InferEngine: class {} }));

const classes = [
  { id: "a", name: "Cat" },
  { id: "b", name: "dog " },
];
const answer = (label: string, p: number) => ({ index: 0, label, p });

test("a model's classes are those of the same name, and its answer is shared among them", () => {
  const suggestion = suggestionOf([answer("bird", 0.5), answer("cat", 0.3), answer("Dog", 0.2)], classes);
  expect(suggestion).toMatchObject({ label: "a", p: expect.closeTo(0.6) });
  expect(suggestion?.doubt).toBeCloseTo(0.971, 3);
});

test("without a class in common nothing is suggested, and one alone leaves no doubt", () => {
  expect(suggestionOf([answer("bird", 1)], classes)).toBeNull();
  expect(suggestionOf([answer("cat", 0.2), answer("bird", 0.8)], classes)).toEqual({ label: "a", p: 1, doubt: 0 });
});
