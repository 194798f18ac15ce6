import { expect, test } from "vitest";
import { ENOUGH_FROM_SCRATCH, type HeadNow, LEAST, nextStep } from "./next-step";

const classes = [{ id: "cat" }, { id: "dog" }, { id: "owl" }];
const NO_HEAD: HeadNow = { state: "waiting", answers: false };

function step(totals: Record<string, number>, of = classes, head = NO_HEAD) {
  return nextStep(of, new Map(Object.entries(totals).map(([id, total]) => [id, { total }])), head);
}

test("classes are filled one after another", () => {
  expect(step({})).toEqual({ kind: "collect", at: "cat" });
  expect(step({ cat: LEAST - 1 })).toEqual({ kind: "collect", at: "cat" });
  expect(step({ cat: LEAST })).toEqual({ kind: "collect", at: "dog" });
});

test("two classes with a few images each are enough to train", () => {
  expect(step({ cat: LEAST, owl: LEAST })).toMatchObject({ kind: "train" });
  expect(step({ cat: LEAST, owl: LEAST, "": 300 })).toMatchObject({ kind: "train" });
});

test("images without a label are labelled, where there are classes to choose from", () => {
  expect(step({ cat: 100, "": 3 })).toEqual({ kind: "label" });
  expect(step({ "": 3 }, [{ id: "cat" }])).toEqual({ kind: "collect", at: "cat" });
});

test("without any class there is none to begin with", () => {
  expect(step({ "": 3 }, [])).toEqual({ kind: "collect", at: null });
});

test("of few images a model is fitted, then used; while that goes on the first time, the other way is open", () => {
  const few = { cat: 20, dog: 20 };
  const by = (state: HeadNow["state"], answers: boolean, totals: Record<string, number> = few) => {
    const next = step(totals, classes, { state, answers });
    return next.kind === "train" ? next.by : null;
  };
  expect(by("idle", false)).toBe("fit");
  expect(by("features", false)).toBe("wait");
  expect(by("comparing", true)).toBe("use");
  expect(by("ready", true)).toBe("use");
  // What answers stays usable while it is fitted again, and is fitted by hand where that is not done by itself.
  expect(by("fitting", true)).toBe("use");
  expect(by("idle", true)).toBe("fit");
  expect(by("failed", false)).toBe("scratch");
  // With many images a class a network can learn from scratch.
  expect(by("ready", true, { cat: ENOUGH_FROM_SCRATCH, dog: ENOUGH_FROM_SCRATCH })).toBe("scratch");
  expect(by("ready", true, { cat: ENOUGH_FROM_SCRATCH, dog: LEAST })).toBe("use");
});
