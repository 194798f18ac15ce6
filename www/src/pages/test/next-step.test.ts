import { expect, test } from "vitest";
import type { TestImages } from "../../engine/protocol";
import type { ModelInfo } from "../../engine/types";
import { nextStep } from "./next-step";

const result = (dataset: string | undefined, takesDrawings = true) => ({
  info: { takesDrawings, ...(dataset && { dataset }) } as ModelInfo,
  images: { dataset: "mnist" } as TestImages,
});

test("first the test, then the use of what was tested", () => {
  const begin = { running: false, misfit: "", result: null };
  expect(nextStep(begin)).toBe("start");
  expect(nextStep({ ...begin, misfit: "other classes" })).toBe("digits");
  expect(nextStep({ ...begin, running: true, result: result("mnist") })).toBe("start");
  expect(nextStep({ ...begin, result: result("mnist") })).toBe("draw");
  expect(nextStep({ ...begin, result: result(undefined) })).toBe("draw");
  expect(nextStep({ ...begin, result: result("mnist", false) })).toBe("photos");
});

test("a network that was made for other images leads to training one for these", () => {
  expect(nextStep({ running: false, misfit: "", result: result("fashion-mnist") })).toBe("train");
});
