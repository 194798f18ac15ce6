/** What a run has come to so far: plain data, which the reducer turns into what it has come to next. */
import type { NetworkInfo } from "../../engine/types";
import { addPoint, type Curve, emptyCurve } from "./curve";
import { NO_STEPS, type Recent } from "./recent";

export type RunState = "idle" | "preparing" | "running" | "paused" | "evaluating" | "stopped" | "done" | "failed";

/** Of what, and when, a validation was. */
export interface ValAt {
  /** Steps that had been taken. */
  step: number;
  /** The epoch in progress; where `whole`, the one that had just ended. */
  epoch: number;
  images: number;
  /** Whether these were all held-out images, or the fixed sample of them. */
  whole: boolean;
}

export interface Validation {
  loss: number;
  /** 0–1. */
  accuracy: number;
  at: ValAt;
}

/** Where a run stands. null: not known yet. Accuracies are 0–1. */
export interface Progress {
  epoch: number;
  step: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** Over the last `WINDOW_STEPS` steps, as in the curves. */
  loss: number | null;
  trainAccuracy: number | null;
  /** The newest validation, be it of the sample or of all held-out images. */
  valLoss: number | null;
  valAccuracy: number | null;
  valAt: ValAt | null;
  /** The newest of all held-out images. */
  wholeValidation: Validation | null;
  imagesPerSecond: number | null;
  /** Spent running, pauses left out. */
  seconds: number;
}

export const NOTHING: Progress = {
  epoch: 0,
  step: 0,
  stepsPerEpoch: 0,
  totalSteps: 0,
  loss: null,
  trainAccuracy: null,
  valLoss: null,
  valAccuracy: null,
  valAt: null,
  wholeValidation: null,
  imagesPerSecond: null,
  seconds: 0,
};

/** Curves by step. */
export interface Trace {
  /** On training images, over the last `WINDOW_STEPS` steps. */
  loss: Curve;
  trainAccuracy: Curve;
  /** On the fixed sample of the held-out images. */
  sampleLoss: Curve;
  sampleAccuracy: Curve;
  /** On all held-out images, at the end of an epoch. */
  wholeLoss: Curve;
  wholeAccuracy: Curve;
}

/** What the network answered to one of the watched held-out images. */
export interface HeldOutAnswer {
  /** The class, as an index. */
  index: number;
  /** Its probability, 0–1. */
  p: number;
}

export interface HeldOutAnswers {
  step: number;
  /** In the images' order. */
  answers: readonly HeldOutAnswer[];
}

export interface Course {
  state: RunState;
  progress: Progress;
  trace: Trace;
  recent: Recent;
  /** Epochs that have ended: the file's history has as many. */
  finishedEpochs: number;
  /** How many there are; 0: not known yet, or none. */
  heldOutImages: number;
  answers: HeldOutAnswers | null;
}

export function emptyTrace(): Trace {
  return {
    loss: emptyCurve(),
    trainAccuracy: emptyCurve(),
    sampleLoss: emptyCurve(),
    sampleAccuracy: emptyCurve(),
    wholeLoss: emptyCurve(),
    wholeAccuracy: emptyCurve(),
  };
}

export function beginning(state: RunState): Course {
  return {
    state,
    progress: NOTHING,
    trace: emptyTrace(),
    recent: NO_STEPS,
    finishedEpochs: 0,
    heldOutImages: 0,
    answers: null,
  };
}

/** `course` with a validation as its newest. */
export function validated({ progress, ...course }: Course, validation: Validation): Course {
  const { loss: valLoss, accuracy: valAccuracy, at: valAt } = validation;
  const wholeValidation = valAt.whole ? validation : progress.wholeValidation;
  return { ...course, progress: { ...progress, valLoss, valAccuracy, valAt, wholeValidation } };
}

/** What another visit knew of the training, beyond what its file tells. */
export interface Before {
  /** Spent running. */
  seconds: number;
  validation?: Validation;
  trace?: Trace;
}

/**
 * What a training that is resumed has behind it. Where nothing but its file is known, the curves get a point for each
 * epoch. `images`: those that there are to train on and to hold out.
 */
export function recalled(info: NetworkInfo, epochs: number, images: number, before: Before): Course {
  const begun = beginning("preparing");
  const { history, position, recipe } = info;
  if (!position || !recipe) return begun;
  const stepsPerEpoch = Math.ceil(position.samples / recipe.batchSize);
  const heldOutImages = Math.max(images - position.samples, 0);
  const progress: Progress = {
    ...begun.progress,
    epoch: history.length,
    step: position.step,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * epochs,
    seconds: before.seconds,
  };
  let course: Course = { ...begun, progress, finishedEpochs: history.length, heldOutImages };
  for (const { epoch, trainLoss, trainAccuracy, valLoss, valAccuracy } of history) {
    const step = epoch * stepsPerEpoch;
    addPoint(course.trace.loss, step, trainLoss);
    addPoint(course.trace.trainAccuracy, step, trainAccuracy);
    if (valLoss === undefined || valAccuracy === undefined) continue;
    addPoint(course.trace.wholeLoss, step, valLoss);
    addPoint(course.trace.wholeAccuracy, step, valAccuracy);
    const at = { step, epoch, images: heldOutImages, whole: true };
    course = validated(course, { loss: valLoss, accuracy: valAccuracy, at });
  }
  if (before.validation) course = validated(course, before.validation);
  // An earlier version may have kept fewer curves.
  return before.trace ? { ...course, trace: { ...emptyTrace(), ...before.trace } } : course;
}
