import { afterEach, expect, test } from "vitest";
import type { Recipe } from "../../engine/types";
import { chooseLang } from "../../i18n";
import { lineOf } from "./setup-line";

const recipe = {
  optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  learningRate: 0.001,
  batchSize: 32,
  epochs: 5,
} as Recipe;

afterEach(() => chooseLang("en"));

test("the folded set-up says what is trained on what, by which recipe, on which device", () => {
  const folded = { network: "classic", dataset: "mnist", recipe, device: "cpu" } as const;
  expect(lineOf(folded)).toBe("Classic on MNIST · Adam 0.001, batches of 32, 5 epochs · CPU");
  expect(lineOf({ ...folded, recipe: { ...recipe, epochs: 1 }, device: null })).toBe(
    "Classic on MNIST · Adam 0.001, batches of 32, 1 epoch",
  );
  expect(lineOf({ ...folded, network: "my net", dataset: "fashion-mnist" })).toContain("my net on Fashion-MNIST");
  chooseLang("zh");
  expect(lineOf(folded)).toBe("经典 · MNIST · Adam 0.001，批大小 32，5 轮 · CPU");
});
