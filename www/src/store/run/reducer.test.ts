import { describe, expect, test } from "vitest";
import type { NetworkInfo, TrainingEvent } from "../../engine/types";
import { beginning, recalled } from "./course";
import { MOST } from "./curve";
import { step } from "./fake-engine";
import { WINDOW_STEPS } from "./recent";
import { follow } from "./reducer";

const steps = (from: number, to: number, figures = {}): TrainingEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => step(from + i, figures));
const epoch = (at: number, valAccuracy?: number): TrainingEvent => ({
  kind: "epoch",
  epoch: at,
  trainLoss: 2,
  trainAccuracy: 0.123,
  ...(valAccuracy !== undefined && { valLoss: 0.3, valAccuracy }),
});
const validation: TrainingEvent = { kind: "validation", epoch: 1, done: 600, total: 600 };

describe("figures that agree", () => {
  test("loss and accuracy are those at the end of their curves, from one window", () => {
    const course = follow(beginning("running"), [
      ...steps(1, 30, { loss: 2, correct: 0 }),
      ...steps(31, 30 + WINDOW_STEPS, { loss: 0.5, correct: 24 }),
    ]);
    const { progress, trace } = course;
    expect(progress.loss).toBeCloseTo(0.5);
    expect(progress.trainAccuracy).toBeCloseTo(0.75);
    expect(trace.loss.ys.at(-1)).toBe(progress.loss);
    expect(trace.trainAccuracy.ys.at(-1)).toBe(progress.trainAccuracy);
  });

  test("the end of an epoch does not put the epoch's mean in the window's place", () => {
    const course = follow(beginning("running"), [...steps(1, 10), validation, epoch(1, 0.9)]);
    expect(course.progress.trainAccuracy).toBe(0.5);
    expect(course.trace.trainAccuracy.ys.at(-1)).toBe(0.5);
  });

  test("a smaller last batch counts by its images", () => {
    const small: TrainingEvent = { ...step(2, { correct: 0 }), images: 8 } as TrainingEvent;
    const course = follow(beginning("running"), [step(1, { correct: 32 }), small]);
    expect(course.progress.trainAccuracy).toBe(32 / 40);
  });

  test("a validation says of what and when it was, and goes on saying so", () => {
    const ended = follow(beginning("running"), [...steps(1, 10), validation, epoch(1, 0.9)]);
    const later = follow(ended, steps(11, 17));
    expect(later.progress.step).toBe(17);
    expect(later.progress.valAccuracy).toBe(0.9);
    expect(later.progress.valAt).toEqual({ step: 10, epoch: 1, images: 600, whole: true });
    expect(later.progress.wholeValidation?.at.step).toBe(10);
    expect(later.trace.wholeAccuracy).toMatchObject({ xs: [10], ys: [0.9] });
    expect(later.trace.wholeLoss).toMatchObject({ xs: [10], ys: [0.3] });
  });

  test("a verdict on the sample is told apart from one on all held-out images, and the newest is the one that counts", () => {
    const answers = [{ index: 3, p: 0.9 }];
    const sample: TrainingEvent = {
      kind: "rollingValidation",
      epoch: 2,
      step: 15,
      loss: 0.2,
      accuracy: 0.95,
      images: 64,
      answers,
    };
    const ended = follow(beginning("running"), [...steps(1, 10), validation, epoch(1, 0.9)]);
    const { progress, trace, answers: last } = follow(ended, [...steps(11, 15), sample]);
    expect(progress.valAccuracy).toBe(0.95);
    expect(progress.valAt).toEqual({ step: 15, epoch: 2, images: 64, whole: false });
    expect(progress.wholeValidation?.accuracy).toBe(0.9);
    expect(trace.sampleAccuracy).toMatchObject({ xs: [15], ys: [0.95] });
    expect(trace.sampleLoss.ys).toEqual([0.2]);
    expect(trace.wholeAccuracy.ys).toEqual([0.9]);
    expect(last).toEqual({ step: 15, answers });
    const overflown = follow(ended, [{ ...sample, loss: Number.NaN }]);
    expect(overflown.progress.valAccuracy).toBe(0.9);
    expect(overflown.trace.sampleLoss.ys).toEqual([]);
  });

  test("a network that holds nothing out has no validation", () => {
    const course = follow(beginning("running"), [...steps(1, 10), epoch(1)]);
    expect(course.finishedEpochs).toBe(1);
    expect(course.progress.valAt).toBeNull();
    expect(course.trace.wholeLoss.xs).toEqual([]);
  });
});

describe("the rate", () => {
  test("is that of the last seconds", () => {
    const course = follow(beginning("running"), [...steps(1, 100, { seconds: 1 }), ...steps(101, 160)]);
    expect(course.progress.imagesPerSecond).toBeCloseTo(320);
  });

  // The page stood still when each of a small network's 4,000 steps a second was added to all those of 5 seconds.
  test("is kept in little, however short the steps", () => {
    const course = follow(beginning("running"), steps(1, 50_000, { seconds: 0.0002 }));
    expect(course.progress.imagesPerSecond).toBeCloseTo(160_000);
    expect(course.recent.timed.length).toBeLessThan(100);
  });
});

test("what was passed in is left as it was", () => {
  const before = follow(beginning("running"), steps(1, 5));
  const kept = structuredClone(before);
  follow(before, [...steps(6, 10), validation, epoch(1, 0.9)]);
  expect(before).toEqual(kept);
});

describe("news of a pull that was under way", () => {
  test.each(["paused", "stopped", "failed"] as const)("does not undo that the run is %s", (state) => {
    const course = follow(beginning(state), [step(1), validation]);
    expect(course.state).toBe(state);
    expect(course.progress.step).toBe(1);
  });

  test("the first step is the end of preparing", () => {
    expect(follow(beginning("preparing"), [step(1)]).state).toBe("running");
    expect(follow(beginning("running"), [validation]).state).toBe("evaluating");
    expect(follow(beginning("paused"), [{ kind: "done" }]).state).toBe("done");
  });
});

test("a curve stays small, however long the run", () => {
  const { trace } = follow(beginning("running"), steps(1, 10 * MOST));
  expect(trace.loss.xs.length).toBeLessThan(MOST);
  expect(trace.loss.xs.at(-1)).toBeGreaterThan(9.9 * MOST);
});

describe("a run that is resumed", () => {
  const info = {
    history: [{ epoch: 1, trainLoss: 0.4, trainAccuracy: 0.8, valLoss: 0.3, valAccuracy: 0.9 }],
    position: { step: 17, samples: 321, loss: 0, correct: 0, images: 0 },
    // Of 32 images each, the last of 33: as Rust counts them.
    stepsPerEpoch: 10,
    recipe: { batchSize: 32 },
  } as unknown as NetworkInfo;

  test("has behind it what its file tells", () => {
    const { progress, trace, finishedEpochs } = recalled(info, 3, 401, { seconds: 12 });
    expect(progress).toMatchObject({ step: 17, stepsPerEpoch: 10, totalSteps: 30, seconds: 12, valAccuracy: 0.9 });
    expect(progress.valAt).toEqual({ step: 10, epoch: 1, images: 80, whole: true });
    expect(trace.trainAccuracy).toMatchObject({ xs: [10], ys: [0.8] });
    expect(finishedEpochs).toBe(1);
  });

  test("and what another visit knew of it: its curves and its newest validation", () => {
    const earlier = follow(beginning("running"), steps(1, 17));
    const at = { step: 15, epoch: 2, images: 64, whole: false };
    const validation = { loss: 0.2, accuracy: 0.95, at };
    const { progress, trace } = recalled(info, 3, 400, { seconds: 12, validation, trace: earlier.trace });
    expect(progress.valAt).toEqual(at);
    expect(progress.wholeValidation?.at.step).toBe(10);
    expect(trace.loss.xs).toHaveLength(17);
  });
});
