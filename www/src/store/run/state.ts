/** The training that is going on, or the last one, as pages see it; with what the other files of this room share. */
import { computed, signal } from "@preact/signals";
import type { DatasetId } from "../../engine/protocol";
import { type Device, TrainEngine } from "../../engine/train";
import type { DatasetSummary, ModelSpec, Recipe } from "../../engine/types";
import type { KeptRun } from "../database";
import type { Verdict } from "../device";
import { Clock } from "./clock";
import { type Before, beginning, type Course, type HeldOutAnswers, type ValAt } from "./course";
import { troubleOf } from "./trouble";

/** What a run is asked to do. */
export interface Plan {
  dataset: DatasetId;
  spec: ModelSpec;
  recipe: Recipe;
  parameters: number | null;
  /** The file whose weights it begins with, instead of new ones; with `resume` it goes on with that file's training. */
  from?: Uint8Array;
  resume?: boolean;
  /** What is known of that training beyond its file. */
  before?: Before;
}

/** The net of one moment of a run, as a complete file. */
export interface Snapshot {
  onnx: Uint8Array;
  step: number;
  /** Finished epochs: the file's history has as many. */
  epochs: number;
  /** The newest validation before that moment, and of what and when it was. */
  accuracy: number | null;
  accuracyAt: ValAt | null;
}

/** A few held-out images that the network is asked again and again while it learns: the same ones all along. */
export interface HeldOut {
  channels: number;
  height: number;
  width: number;
  /** `pixels`: `[channel, height, width]`, 0–255. `label`: the true class, as an index. */
  images: readonly { pixels: Uint8Array; label: number }[];
  /** What it last answered; null before it was asked. */
  last: HeldOutAnswers | null;
}

export const train = new TrainEngine();
export const plan = signal<Plan | null>(null);
export const course = signal<Course>(beginning("idle"));
export const runState = computed(() => course.value.state);
export const progress = computed(() => course.value.progress);
export const trace = computed(() => course.value.trace);
/** The images without what was answered to them. */
export const watchedImages = signal<Omit<HeldOut, "last"> | null>(null);
/** null before a run has begun, and where it holds nothing out. */
export const heldOut = computed<HeldOut | null>(
  () => watchedImages.value && { ...watchedImages.value, last: course.value.answers },
);
/** Where the run trains that is going on, or the last one, and why there; null until that is settled. */
export const verdict = signal<Verdict | null>(null);
export const runDevice = computed<Device | null>(() => verdict.value?.device ?? null);
/** Whether the GPU is being tried before it is trusted with the run. */
export const trying = signal(false);
export const dataset = signal<DatasetSummary | null>(null);
/** The sentence of a run that failed. */
export const failure = signal<string | null>(null);
/** The newest file that has been taken out of the run; it outlives the worker. */
export const snapshot = signal<Snapshot | null>(null);
/** What a run that was resumed had behind it. */
export const behind = signal({ steps: 0, seconds: 0 });

export const busy = computed(() => ["preparing", "running", "paused", "evaluating"].includes(runState.value));
/** Whether there is a net that can be used: one step at least has been taken. */
export const hasNet = computed(
  () => progress.value.step > 0 && (runState.value !== "failed" || snapshot.value !== null),
);
/** What keeps the network from learning, as far as that shows; null: nothing does. */
export const trouble = computed(() => {
  const recipe = plan.value?.recipe;
  const classes = dataset.value?.classes.length;
  if (!recipe || !classes) return null;
  return troubleOf({ progress: progress.value, curve: trace.value.loss, recipe, classes });
});
/** Seconds left at the pace so far, or null while that cannot be said. */
export const secondsLeft = computed(() => {
  const { step, totalSteps, seconds } = progress.value;
  const { steps, seconds: earlier } = behind.value;
  const taken = step - steps;
  return taken >= 10 && totalSteps > 0 ? ((seconds - earlier) / taken) * (totalSteps - step) : null;
});

/** What is known of the run in this room alone. */
export const run = {
  /** Raised with every start: what comes of an earlier one is no longer of interest. */
  number: 0,
  /** That it is kept by; a run that is resumed keeps the id that it had. */
  id: "",
  clock: new Clock(),
  /** Stops the start that is under way. */
  preparing: null as AbortController | null,
  /** The run as it was last written down, on whichever device that was. */
  written: null as KeptRun | null,
};

export function shift(state: Course["state"]): void {
  course.value = { ...course.value, state };
}

/** Brings the seconds up to date. */
export function tick(): void {
  const { progress, ...rest } = course.value;
  course.value = { ...rest, progress: { ...progress, seconds: run.clock.seconds } };
}

export function holdClock(): void {
  run.clock.hold();
  tick();
}
