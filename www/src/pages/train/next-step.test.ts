import { expect, test } from "vitest";
import { nextStepOf, type Standing } from "./next-step";

const fresh: Standing = { state: "idle", hasNet: false, left: null };

test.each<[string, Partial<Standing>, ReturnType<typeof nextStepOf>]>([
  ["nothing has been trained yet", {}, "start"],
  ["a run is on its way", { state: "preparing" }, "start"],
  ["it runs", { state: "running", hasNet: true }, "pause"],
  ["it is checked on held-out images", { state: "evaluating", hasNet: true }, "pause"],
  ["it is paused", { state: "paused", hasNet: true }, "goOn"],
  ["it was stopped", { state: "stopped", hasNet: true, left: "stopped" }, "use"],
  ["it was stopped before its first step", { state: "stopped" }, "start"],
  ["it is done", { state: "done", hasNet: true, left: "done" }, "use"],
  ["a reload broke it off", { left: "running" }, "resumeLeft"],
  ["the visit before stopped it", { left: "stopped" }, "resumeLeft"],
  ["the visit before finished it", { left: "done" }, "start"],
  ["it failed with nothing to show", { state: "failed" }, "start"],
  ["it failed, and what was written down can go on", { state: "failed", hasNet: true, left: "running" }, "resumeLeft"],
  ["it failed, and the network of a moment before is there", { state: "failed", hasNet: true }, "use"],
])("if %s, there is one next step", (_, standing, next) => {
  expect(nextStepOf({ ...fresh, ...standing })).toBe(next);
});
