/** What happens in a training, as what the run has come to: a pure function. */
import type { TrainingEvent } from "../../engine/types";
import { type Course, type RunState, type Trace, validated } from "./course";
import { addPoint, copyOf } from "./curve";
import { accuracy, after, imagesPerSecond, meanLoss } from "./recent";

type Of<Kind extends TrainingEvent["kind"]> = Extract<TrainingEvent, { kind: Kind }>;

/** `course` is left as it was. */
export function follow(course: Course, events: readonly TrainingEvent[]): Course {
  // Copied once for all of them: on a GPU there are many.
  let next: Course = { ...course, trace: copyOfTrace(course.trace) };
  for (const event of events) next = followOne(next, event);
  return next;
}

/** Adds to the trace of `course`, which is `follow`'s own. */
function followOne(course: Course, event: TrainingEvent): Course {
  switch (event.kind) {
    case "step":
      return followStep(course, event);
    case "validation":
      return { ...course, state: shifted(course.state, "evaluating"), heldOutImages: event.total };
    case "rollingValidation":
      return followSample(course, event);
    case "epoch":
      return followEpoch(course, event);
    case "done":
      return { ...course, state: "done" };
  }
}

function followStep(course: Course, event: Of<"step">): Course {
  const { epoch, step, stepsPerEpoch, totalSteps } = event;
  const recent = after(course.recent, event);
  const [loss, trainAccuracy] = [meanLoss(recent), accuracy(recent)];
  if (loss !== null) addPoint(course.trace.loss, step, loss);
  if (trainAccuracy !== null) addPoint(course.trace.trainAccuracy, step, trainAccuracy);
  return {
    ...course,
    state: shifted(course.state, "running"),
    recent,
    progress: {
      ...course.progress,
      epoch,
      step,
      stepsPerEpoch,
      totalSteps,
      loss,
      trainAccuracy,
      imagesPerSecond: imagesPerSecond(recent),
    },
  };
}

function followSample(course: Course, event: Of<"rollingValidation">): Course {
  const { epoch, step, loss, accuracy, images, answers } = event;
  const told = { ...course, answers: { step, answers } };
  // A network whose numbers overflow has no verdict; its next step says so.
  if (!Number.isFinite(loss)) return told;
  addPoint(course.trace.sampleLoss, step, loss);
  addPoint(course.trace.sampleAccuracy, step, accuracy);
  return validated(told, { loss, accuracy, at: { step, epoch, images, whole: false } });
}

function followEpoch(course: Course, { epoch, valLoss, valAccuracy }: Of<"epoch">): Course {
  const ended = { ...course, finishedEpochs: course.finishedEpochs + 1 };
  if (valLoss === undefined || valAccuracy === undefined) return ended;
  const { step } = course.progress;
  addPoint(course.trace.wholeLoss, step, valLoss);
  addPoint(course.trace.wholeAccuracy, step, valAccuracy);
  const at = { step, epoch, images: course.heldOutImages, whole: true };
  return validated(ended, { loss: valLoss, accuracy: valAccuracy, at });
}

/** News of a pull that was under way when a person paused or stopped must not undo that. */
function shifted(state: RunState, to: "running" | "evaluating"): RunState {
  return ["preparing", "running", "evaluating"].includes(state) ? to : state;
}

function copyOfTrace({ loss, trainAccuracy, sampleLoss, sampleAccuracy, wholeLoss, wholeAccuracy }: Trace): Trace {
  return {
    loss: copyOf(loss),
    trainAccuracy: copyOf(trainAccuracy),
    sampleLoss: copyOf(sampleLoss),
    sampleAccuracy: copyOf(sampleAccuracy),
    wholeLoss: copyOf(wholeLoss),
    wholeAccuracy: copyOf(wholeAccuracy),
  };
}
