// A run that the GPU fails goes on on the CPU from where it was last written down.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { strings } from "../../i18n";
import { toasts } from "../toasts";
import type { FakeEngine } from "./fake-engine";
import { step } from "./fake-engine";
import {
  failure,
  type Plan,
  pause,
  progress,
  runDevice,
  runState,
  start,
  stop,
  train,
  unpause,
  verdict,
} from "./index";

vi.mock("../../engine/train", async () => ({ TrainEngine: (await import("./fake-engine")).FakeEngine }));
vi.mock("../device", async (original) => ({
  ...(await original<typeof import("../device")>()),
  settle: async () => ({ device: "webgpu", adapter: { name: "a GPU", software: false } }),
}));

const engine = train as unknown as FakeEngine;
const plan = { dataset: "mnist", spec: { name: "classic" }, recipe: { epochs: 2 }, parameters: 10 } as unknown as Plan;

beforeEach(async () => {
  toasts.value = [];
  engine.info = {
    recipe: { batchSize: 32 },
    history: [],
    position: { step: 2, samples: 320, loss: 0, correct: 0, images: 0 },
    stepsPerEpoch: 10,
  } as unknown as FakeEngine["info"];
  await start(async () => plan);
  engine.tell(step(1), step(2));
});

afterEach(() => stop());

test("from the beginning if it was not written down yet", async () => {
  expect(runDevice.value).toBe("webgpu");
  engine.fail("device-failed");
  await vi.waitFor(() => expect(engine.begun.at(-1)).toMatchObject({ device: "cpu", how: "start", held: false }));
  expect(verdict.value).toMatchObject({ device: "cpu", why: "lost" });
  expect(progress.value.step).toBe(0);
  expect(toasts.value[0]?.text).toContain(strings.value.device.fellBackToStart);
});

test("from the step at which it was written down; one that was paused stays paused", async () => {
  await pause();
  engine.fail("device-failed");
  await vi.waitFor(() => expect(runState.value).toBe("paused"));
  expect(engine.begun.at(-1)).toMatchObject({ device: "cpu", how: "resume", held: true });
  expect(progress.value.step).toBe(2);
  expect(toasts.value[0]?.text).toContain(strings.value.device.fellBack("2"));
  await unpause();
  engine.tell(step(3));
  expect(runState.value).toBe("running");
});

test("a worker that dies counts as a device that fails; the other device's worker does not", async () => {
  const begun = engine.begun.length;
  const { EngineError } = await import("../../engine/error");
  engine.onDeath?.("cpu", new EngineError("worker-died", "The other one."));
  expect(engine.begun).toHaveLength(begun);
  engine.onDeath?.("webgpu", new EngineError("worker-died", "This one."));
  await vi.waitFor(() => expect(engine.begun.at(-1)).toMatchObject({ device: "cpu", how: "start" }));
});

test("what is the training's own fault ends it, with its sentence", () => {
  engine.fail("not-finite");
  expect(runState.value).toBe("failed");
  expect(failure.value).not.toBeNull();
  expect(runDevice.value).toBe("webgpu");
});

test("news of a run that is no longer the current one change nothing", async () => {
  const old = engine.begun.at(-1)?.run ?? 0;
  engine.fail("device-failed");
  await vi.waitFor(() => expect(engine.begun.at(-1)?.run).not.toBe(old));
  engine.onNews?.({ kind: "progress", run: old, events: [step(9)] });
  expect(progress.value.step).toBe(0);
});
