import { expect, test } from "vitest";
import { type Facts, nextStep } from "./next-step";

const shipped: Facts = {
  state: "ready",
  own: false,
  takesDrawings: true,
  testable: true,
  tested: false,
  training: false,
};
const own: Facts = { ...shipped, own: true };

test.each<[string, Facts, string]>([
  ["with a shipped network: train one's own", shipped, "train"],
  ["while it loads: the same", { ...shipped, state: "loading" }, "train"],
  ["with a network that was just made: test it", own, "test"],
  ["while one's own loads: not yet", { ...own, state: "loading" }, "train"],
  ["once it is tested: make another", { ...own, tested: true }, "train"],
  ["with one that no dataset here fits: make one", { ...own, testable: false }, "train"],
  ["while a training goes on: watch it", { ...shipped, training: true }, "watch"],
  ["with a network for photos: go to Photos", { ...shipped, takesDrawings: false }, "photos"],
  ["with one's own for photos, though a training goes on", { ...own, takesDrawings: false, training: true }, "photos"],
  ["with no network at all: the one for digits", { ...shipped, state: "failed" }, "digits"],
])("%s", (_what, facts, step) => expect(nextStep(facts)).toBe(step));
