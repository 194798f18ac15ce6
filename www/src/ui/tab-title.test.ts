import { afterEach, expect, test } from "vitest";
import { beginning, NOTHING } from "../store/run/course";
import { course } from "../store/run/state";
import { tabTitle, titleOf } from "./tab-title";

afterEach(() => {
  course.value = beginning("idle");
});

test("how far the training is comes first, then how well its network does so far, then the page", () => {
  expect(titleOf("Train · Hearth", { done: 0.4399, accuracy: 0.9712, paused: false })).toBe(
    "43% · 97.1% · Train · Hearth",
  );
  expect(titleOf("Train · Hearth", { done: 0, accuracy: null, paused: false })).toBe("0% · Train · Hearth");
  expect(titleOf("Draw · Hearth", { done: 0.5, accuracy: null, paused: true })).toBe("Paused · 50% · Draw · Hearth");
});

test("the tab's title follows the run on every page, and is the page's again when the run is over", () => {
  expect(tabTitle.value).toBe("Draw · Hearth");
  const progress = { ...NOTHING, step: 430, totalSteps: 1000, valAccuracy: 0.971 };
  course.value = { ...beginning("running"), progress };
  expect(tabTitle.value).toBe("43% · 97.1% · Draw · Hearth");
  course.value = { ...beginning("done"), progress: { ...progress, step: 1000 } };
  expect(tabTitle.value).toBe("Draw · Hearth");
});
