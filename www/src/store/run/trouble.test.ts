import { describe, expect, test } from "vitest";
import type { OptimizerSpec } from "../../engine/types";
import { chanceLoss, type Learning, troubleOf } from "./trouble";

const ADAM: OptimizerSpec = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** After so many steps, with a loss that went evenly from the first value to the last. */
function learning(steps: number, from: number, to: number, accuracy: number, learningRate = 1e-3): Learning {
  const xs = Array.from({ length: steps }, (_, i) => i + 1);
  const ys = xs.map((x) => from + ((to - from) * x) / steps);
  return {
    progress: { step: steps, loss: to, trainAccuracy: accuracy },
    curve: { xs, ys },
    recipe: { loss: "crossEntropy", learningRate, optimizer: ADAM },
    classes: 10,
  };
}

describe("a network that learns is left alone", () => {
  test.each([
    ["before there is anything to say", learning(10, 9, 9, 0.1)],
    ["as it begins to learn", learning(60, 2.6, 1.9, 0.3)],
    ["from a loss that began high", learning(60, 20, 9, 0.1)],
    ["once it has learned all there is", learning(2000, 0.01, 0.01, 1)],
    ["as it learns slowly", learning(400, 2.3, 1.6, 0.4)],
  ])("%s", (_name, course) => expect(troubleOf(course)).toBeNull());
});

test("a loss far above that of guessing: a smaller learning rate", () => {
  const trouble = troubleOf(learning(50, 2.4, 40, 0.1, 1));
  expect(trouble?.kind).toBe("diverges");
  expect(trouble?.chance).toBeCloseTo(Math.log(10));
  expect(trouble?.remedies).toEqual([{ kind: "smallerRate", rate: 0.1 }]);
});

test("still guessing after long enough", () => {
  const course = learning(300, 2.6, 2.3, 0.11);
  expect(troubleOf(course)?.kind).toBe("guesses");
  expect(troubleOf({ ...course, progress: { ...course.progress, step: 299 } })).toBeNull();
});

test("a loss that does not move: steps that are too small", () => {
  const trouble = troubleOf(learning(400, 2.55, 2.54, 0.1, 1e-7));
  expect(trouble?.kind).toBe("still");
  expect(trouble?.remedies[0]?.kind).toBe("largerRate");
});

test("a network that died of steps too large: smaller ones, or another seed", () => {
  const trouble = troubleOf(learning(400, 2.31, 2.31, 0.1, 0.1));
  expect(trouble?.kind).toBe("still");
  expect(trouble?.remedies.map(({ kind }) => kind)).toEqual(["smallerRate", "otherSeed"]);
});

test("squared errors of probabilities have another loss of guessing", () => {
  expect(chanceLoss("meanSquaredError", 10)).toBeCloseTo(0.09);
  const course = learning(400, 0.18, 0.18, 0.1, 1);
  expect(troubleOf({ ...course, recipe: { ...course.recipe, loss: "meanSquaredError" } })?.kind).toBe("diverges");
});
