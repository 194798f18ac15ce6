import { beforeEach, expect, test } from "vitest";
import { beginning, NOTHING, type RunState } from "../../store/run/course";
import { course } from "../../store/run/state";
import { folded, phase, toggleSetup } from "./phase";

function becomes(state: RunState, step = 0): void {
  course.value = { ...beginning(state), progress: { ...NOTHING, step, totalSteps: 100 } };
}

beforeEach(() => becomes("idle"));

test("the set-up is one line from Start until the run is over", () => {
  const seen = (["idle", "preparing", "running", "paused", "evaluating"] as const).map((state) => {
    becomes(state, 10);
    return folded.value;
  });
  expect(seen).toEqual([false, true, true, true, true]);
  becomes("done", 100);
  expect(folded.value).toBe(false);
});

test("one click opens it, and the next run begins folded again", () => {
  becomes("running");
  toggleSetup();
  expect(folded.value).toBe(false);
  toggleSetup();
  expect(folded.value).toBe(true);
  toggleSetup();
  becomes("stopped", 10);
  becomes("preparing");
  expect(folded.value).toBe(true);
});

test("what came of a run is first on the page if anything did", () => {
  becomes("preparing");
  expect(phase.value).toBe("during");
  becomes("stopped");
  expect(phase.value, "stopped before the first step").toBe("before");
  becomes("stopped", 10);
  expect(phase.value).toBe("after");
});
