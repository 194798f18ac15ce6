import { expect, test } from "vitest";
import { LEAST, nextStep } from "./next-step";

const classes = [{ id: "cat" }, { id: "dog" }, { id: "owl" }];

function step(totals: Record<string, number>, of = classes) {
  return nextStep(of, new Map(Object.entries(totals).map(([id, total]) => [id, { total }])));
}

test("classes are filled one after another", () => {
  expect(step({})).toEqual({ kind: "collect", at: "cat" });
  expect(step({ cat: LEAST - 1 })).toEqual({ kind: "collect", at: "cat" });
  expect(step({ cat: LEAST })).toEqual({ kind: "collect", at: "dog" });
});

test("two classes with a few images each are enough to train", () => {
  expect(step({ cat: LEAST, owl: LEAST })).toEqual({ kind: "train" });
  expect(step({ cat: LEAST, owl: LEAST, "": 300 })).toEqual({ kind: "train" });
});

test("images without a label are labelled, where there are classes to choose from", () => {
  expect(step({ cat: 100, "": 3 })).toEqual({ kind: "label" });
  expect(step({ "": 3 }, [{ id: "cat" }])).toEqual({ kind: "collect", at: "cat" });
});

test("without any class there is none to begin with", () => {
  expect(step({ "": 3 }, [])).toEqual({ kind: "collect", at: null });
});
