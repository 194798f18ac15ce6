// What is written down of a run, and that a reload goes on from there.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { strings } from "../../i18n";
import { keptRuns } from "../database";
import { chooseDevice } from "../device";
import { toasts } from "../toasts";
import type { FakeEngine } from "./fake-engine";
import { step } from "./fake-engine";
import { left, type Plan, pause, progress, resume, runState, start, stop, trace, train } from "./index";
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
  } as unknown as FakeEngine["info"];
  await resume(before);
  expect(engine.begun.at(-1)).toMatchObject({ how: "resume", onnx: before.onnx });
  expect(progress.value).toMatchObject({ step: 3, totalSteps: 20, seconds: KEEP_EVERY_MS / 1000 });
  engine.tell(step(4));
  expect(trace.value.loss.xs).toEqual([1, 2, 3, 4]);
});

test("if the browser has no room the training goes on, which is said once", async () => {
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  });
  toasts.value = [];
  engine.tell(step(1));
  for (const at of [2, 3]) {
    now += KEEP_EVERY_MS;
    engine.tell(step(at));
    await vi.waitFor(() => expect(toasts.value).toHaveLength(1));
  }
  expect(toasts.value[0]?.text).toBe(strings.value.train.notKept);
  expect(runState.value).toBe("running");
});
