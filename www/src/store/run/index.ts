/**
 * The training that is going on, or the last one. It lives here and in its worker, so that it goes on whichever page is
 * shown.
 */
import "./hearing";

export { pause, resume, start, stop, trainOn, unpause } from "./commands";
export type { HeldOutAnswer, HeldOutAnswers, Progress, RunState, Trace, ValAt, Validation } from "./course";
export type { Curve } from "./curve";
export { checkpoint, discardLeft, findLeft, left, takeSnapshot, trainsElsewhere } from "./keeping";
export { WINDOW_STEPS } from "./recent";
export {
  busy,
  dataset,
  failure,
  type HeldOut,
  hasNet,
  heldOut,
  type Plan,
  plan,
  progress,
  runDevice,
  runState,
  type Snapshot,
  secondsLeft,
  snapshot,
  trace,
  train,
  trouble,
  trying,
  verdict,
} from "./state";
export type { Remedy, Trouble, TroubleKind } from "./trouble";
