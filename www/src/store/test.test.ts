import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Judged, TestImages } from "../engine/protocol";
import type { ModelInfo, Report } from "../engine/types";

const engine = vi.hoisted(() => ({
  /** Ends the run that is going on. */
  answer: (_right: number) => {},
  rejects: (_error: unknown) => {},
}));

vi.mock("../engine/infer", () => ({
  InferEngine: class {
    start() {}
    open = async () => INFO;
  },
}));

vi.mock("../engine/test", () => ({
  TestEngine: class {
    workers = 1;
    load = async (dataset: string, split: string) => imagesOf(dataset, split);
    open = async () => INFO;
    prepare() {}
    dismiss() {}
    rest() {}
    run = (_onnx: Uint8Array, _images: TestImages, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        engine.answer = (right) => resolve({ right });
        engine.rejects = reject;
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    report = async ({ right }: Judged & { right: number }) =>
      ({ n: 10, correct: right, accuracy: right / 10 }) as Report;
    compare = async () => ({ n: 10 });
  },
}));

const INFO = { channels: 1, height: 28, width: 28, labels: Array.from("0123456789") } as unknown as ModelInfo;

function imagesOf(dataset: string, split: string) {
  return { dataset, split, classes: INFO.labels, channels: 1, height: 28, width: 28, labels: new Uint16Array(10) };
}

const session = await import("./session");
const store = await import("./test");
const { toasts } = await import("./toasts");

/** Waits until what is being tested is at its images. */
const running = () => vi.waitUntil(() => store.testState.value === "running");
const over = () => vi.waitUntil(() => !store.testBusy.value);

async function tested(right: number): Promise<void> {
  const ended = store.startTest();
  await running();
  engine.answer(right);
  await ended;
}

beforeEach(async () => {
  store.cancelTest();
  await over();
  session.models.value = ["a", "b"].map((id) => ({
    id,
    name: id,
    origin: "opened",
    bytes: 1,
    onnx: new Uint8Array(1),
  }));
  session.currentModelId.value = "a";
  session.currentDataset.value = "mnist";
  store.testSplit.value = "test";
  toasts.value = [];
});

describe("a result is shown with its own choice and no other", () => {
  test("another model, dataset or split has no result yet, and the one before comes back with its choice", async () => {
    await tested(9);
    const result = store.testResult.value;
    expect(result?.report.accuracy).toBe(0.9);
    expect(store.testState.value).toBe("done");
    session.currentModelId.value = "b";
    expect(store.testResult.value).toBeNull();
    expect(store.testState.value).toBe("idle");
    session.currentModelId.value = "a";
    session.currentDataset.value = "fashion-mnist";
    expect(store.testResult.value).toBeNull();
    session.currentDataset.value = "mnist";
    store.testSplit.value = "train";
    expect(store.testResult.value).toBeNull();
    store.testSplit.value = "test";
    expect(store.testResult.value).toBe(result);
  });

  test("a comparison goes with the result that it was made with", async () => {
    await tested(9);
    const comparing = store.compareWith("b");
    await running();
    engine.answer(8);
    await comparing;
    expect(store.testComparison.value?.second.model.id).toBe("b");
    session.currentModelId.value = "b";
    expect(store.testComparison.value).toBeNull();
  });

  test("a comparison whose result is out of sight can be seen to go on, and be cancelled", async () => {
    await tested(9);
    const comparing = store.compareWith("b");
    await running();
    expect(store.testRunning.value, "it is told beside the result").toBe(false);
    session.currentDataset.value = "fashion-mnist";
    expect(store.testRunning.value).toBe(true);
    store.cancelTest();
    await comparing;
    expect(store.testRunning.value).toBe(false);
  });

  test("a test that ends after another choice was made is told of by name, and not shown as that one's", async () => {
    const ended = store.startTest();
    await running();
    session.currentModelId.value = "b";
    engine.answer(8);
    await ended;
    expect(store.testResult.value).toBeNull();
    expect(toasts.value.map(({ text }) => text)).toEqual(["a on MNIST: 80.0%"]);
    session.currentModelId.value = "a";
    expect(store.testResult.value?.report.correct).toBe(8);
  });

  test("what failed is said of its choice only", async () => {
    session.currentModelId.value = "b";
    const ended = store.startTest();
    await running();
    engine.rejects(new Error("no memory"));
    await ended;
    expect(store.testFailure.value).toContain("no memory");
    session.currentModelId.value = "a";
    expect(store.testFailure.value).toBeNull();
    session.currentModelId.value = "b";
    expect(store.testState.value).not.toBe("failed");
  });
});

describe("one click from another page", () => {
  test("tests the model at once on unseen images of the dataset", async () => {
    store.testSplit.value = "train";
    const ended = store.testNow("b", "fashion-mnist");
    await running();
    expect(store.testing.value).toMatchObject({ model: { id: "b" }, dataset: "fashion-mnist", split: "test" });
    engine.answer(7);
    await ended;
    expect(store.testResult.value?.model.id).toBe("b");
  });

  test("a test that is going on gives way", async () => {
    const first = store.startTest();
    await running();
    const ended = store.testNow("b", "mnist");
    await first;
    await running();
    engine.answer(7);
    await ended;
    expect(store.testResult.value?.report.correct).toBe(7);
  });
});

test("a test that is cancelled leaves what the one before gave", async () => {
  await tested(6);
  const again = store.startTest();
  await running();
  store.cancelTest();
  await again;
  expect(store.testResult.value?.report.correct).toBe(6);
  expect(store.testState.value).toBe("done");
});
