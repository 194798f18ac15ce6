// What is written down of a run, and that a reload goes on from there.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { strings } from "../../i18n";
import { keptRuns } from "../database";
import { chooseDevice } from "../device";
import { toasts, undo } from "../toasts";
import type { FakeEngine } from "./fake-engine";
import { step } from "./fake-engine";
import {
  discardLeft,
  left,
  type Plan,
  pause,
  progress,
  resume,
  runState,
  start,
  stop,
  trace,
  train,
  unpause,
} from "./index";
import { KEEP_EVERY_MS } from "./keeping";

vi.mock("../../engine/train", async () => ({ TrainEngine: (await import("./fake-engine")).FakeEngine }));

const engine = train as unknown as FakeEngine;
const plan = { dataset: "mnist", spec: { name: "classic" }, recipe: { epochs: 2 }, parameters: 10 } as unknown as Plan;
let now = 0;

beforeEach(async () => {
  chooseDevice("cpu");
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  await start(async () => plan);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stop();
});

async function kept(atStep: number) {
  await vi.waitFor(() => expect(left.value[0]?.step).toBe(atStep));
  return (await keptRuns())[0];
}

test("a run on the CPU is written down within its first epoch, and again and again", async () => {
  expect(KEEP_EVERY_MS).toBeLessThanOrEqual(15_000);
  engine.tell(step(1));
  now = KEEP_EVERY_MS - 1;
  engine.tell(step(2));
  now = KEEP_EVERY_MS;
  engine.tell(step(3));
  expect(await kept(3)).toMatchObject({ state: "running", epoch: 0, epochs: 2, totalSteps: 20, seconds: 10 });
  now += KEEP_EVERY_MS - 1;
  engine.tell(step(4));
  now += 1;
  engine.tell(step(5));
  await kept(5);
});

test("a tab that is no longer seen writes its run down at once", async () => {
  engine.tell(step(1));
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  await kept(1);
});

test("what is under way when the next is due is not begun again", async () => {
  const checkpoint = vi.spyOn(engine, "checkpoint");
  engine.tell(step(1));
  now = KEEP_EVERY_MS;
  engine.tell(step(2));
  now = 2 * KEEP_EVERY_MS;
  engine.tell(step(3));
  await kept(2);
  expect(checkpoint).toHaveBeenCalledTimes(1);
});

test("the end of an epoch is written down at once, and so is a pause", async () => {
  const record = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 0.3, valAccuracy: 0.9 };
  engine.tell(step(10), { kind: "validation", epoch: 1, done: 8, total: 8 }, { kind: "epoch", ...record });
  expect(await kept(10)).toMatchObject({ epoch: 1, accuracy: 0.9, validation: { at: { images: 8, whole: true } } });
  engine.tell(step(11));
  await pause();
  expect(runState.value).toBe("paused");
  await kept(11);
});

test("what is kept of a finished run is of its end, though the last validation took no step", async () => {
  const record = { epoch: 2, trainLoss: 1, trainAccuracy: 0.5, valLoss: 0.3, valAccuracy: 0.9 };
  engine.tell(step(20), { kind: "validation", epoch: 2, done: 4, total: 8 });
  await pause();
  expect(await kept(20)).toMatchObject({ state: "running", epoch: 0, accuracy: null });
  await unpause();
  engine.tell({ kind: "epoch", ...record }, { kind: "done" });
  await vi.waitFor(() => expect(left.value[0]?.state).toBe("done"));
  expect(left.value[0]).toMatchObject({ step: 20, epoch: 1, accuracy: 0.9 });
  expect((await keptRuns())[0]).toMatchObject({ state: "done", epoch: 1, accuracy: 0.9 });
});

test("a training that was discarded comes back", async () => {
  engine.tell(step(1));
  await pause();
  const before = await kept(1);
  if (!before) throw new Error("it was written down");
  await stop();
  await vi.waitFor(() => expect(left.value[0]?.state).toBe("stopped"));
  const [stopped] = left.value;
  if (!stopped) throw new Error("it was written down");
  toasts.value = [];
  await discardLeft(stopped);
  expect(await keptRuns()).not.toContainEqual(expect.objectContaining({ id: stopped.id }));
  expect(left.value.map(({ id }) => id)).not.toContain(stopped.id);
  undo(toasts.value[0]?.id ?? 0);
  await vi.waitFor(() => expect(left.value[0]?.id).toBe(stopped.id));
  expect((await keptRuns())[0]).toMatchObject({ id: stopped.id, step: 1, onnx: stopped.onnx });
});

test("the last run and the one before are kept, each under its own", async () => {
  engine.tell(step(1));
  await pause();
  const first = (await kept(1))?.id;
  await stop();
  for (const at of [1, 2]) {
    if (at === 1) await start(async () => plan);
    engine.tell(step(at));
    await pause();
    await kept(at);
    await unpause();
  }
  const ids = (await keptRuns()).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(ids[1]).toBe(first);
  expect(left.value.map(({ id }) => id)).toEqual(ids);
});

test("a run that was left goes on with its curves, its time and its newest validation", async () => {
  engine.tell(step(1), step(2));
  now = KEEP_EVERY_MS;
  engine.tell(step(3));
  const before = await kept(3);
  await stop();
  if (!before) throw new Error("it was written down");
  engine.info = {
    spec: plan.spec,
    recipe: { ...plan.recipe, batchSize: 32 },
    history: [],
    position: { step: 3, samples: 320, loss: 0, correct: 0, images: 0 },
    stepsPerEpoch: 10,
  } as unknown as FakeEngine["info"];
  await resume(before);
  expect(engine.begun.at(-1)).toMatchObject({ how: "resume", onnx: before.onnx });
  expect(progress.value).toMatchObject({ step: 3, totalSteps: 20, seconds: KEEP_EVERY_MS / 1000 });
  engine.tell(step(4));
  expect(trace.value.loss.xs).toEqual([1, 2, 3, 4]);
});

test("if the browser has no room the training goes on, which is said once", async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  });
  toasts.value = [];
  engine.tell(step(1));
  const told = [];
  for (const at of [2, 3]) {
    const before = put.mock.calls.length;
    now += KEEP_EVERY_MS;
    engine.tell(step(at));
    await vi.waitFor(() => expect(put.mock.calls.length).toBeGreaterThan(before));
    await vi.waitFor(() => expect(toasts.value).toHaveLength(1));
    // What is written down next waits for this.
    await new Promise((resolve) => setTimeout(resolve));
    told.push(toasts.value[0]);
  }
  expect(told[0]?.text).toBe(strings.value.train.notKept);
  expect(told[1]?.id, "said again it would be another").toBe(told[0]?.id);
  expect(runState.value).toBe("running");
});
