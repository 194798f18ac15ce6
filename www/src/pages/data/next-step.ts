import type { OwnClass } from "../../engine/library/records";
import type { HeadState } from "../../store/own/head";
import type { Tally } from "./tally";

/** So many images of a class are enough for a first try. */
export const LEAST = 5;
/** With so many images a class, on average, a network that learns from scratch is worth its time. */
export const ENOUGH_FROM_SCRATCH = 100;

/**
 * What is next: to give a class images (`at`: which), to label those that are there, or to make a model (`by`): to have
 * one fitted on few images, to use it where it is there, or to train a network from scratch. null: there is no class to
 * begin with.
 */
export type Step = { kind: "collect"; at: string | null } | { kind: "label" } | { kind: "train"; by: Way };

/** `wait`: the model is fitted for the first time; until it answers nothing is to be done but to train from scratch. */
export type Way = "fit" | "wait" | "use" | "scratch";

/** Of the model that is made of few images. */
export interface HeadNow {
  state: HeadState;
  /** Whether there is one that answers, be it from before the last change. */
  answers: boolean;
}

export function nextStep(
  classes: readonly Pick<OwnClass, "id">[],
  tallies: ReadonlyMap<string, Pick<Tally, "total">>,
  head: HeadNow,
): Step {
  const totalOf = (id: string) => tallies.get(id)?.total ?? 0;
  const filled = classes.filter(({ id }) => totalOf(id) >= LEAST);
  if (filled.length >= 2) {
    const labelled = filled.reduce((sum, { id }) => sum + totalOf(id), 0);
    return { kind: "train", by: wayOf(labelled / filled.length, head) };
  }
  if (totalOf("") > 0 && classes.length >= 2) return { kind: "label" };
  return { kind: "collect", at: classes.find(({ id }) => totalOf(id) < LEAST)?.id ?? null };
}

function wayOf(perClass: number, { state, answers }: HeadNow): Way {
  if (perClass >= ENOUGH_FROM_SCRATCH || state === "waiting") return "scratch";
  if (state === "idle") return "fit";
  if (answers) return "use";
  return state === "failed" ? "scratch" : "wait";
}
