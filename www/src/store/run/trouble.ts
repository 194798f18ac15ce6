/** Whether a network fails to learn, as far as its figures show it, and what to try. */
import type { Recipe } from "../../engine/types";
import type { Progress } from "./course";
import type { Curve } from "./curve";

/**
 * `diverges`: the loss is far above that of guessing. `guesses`: it is still about that of guessing. `still`: it hardly
 * moves, although there is much left to learn.
 */
export type TroubleKind = "diverges" | "guesses" | "still";

/** What to try, the most promising first. Rates are learning rates. */
export type Remedy = { kind: "smallerRate" | "largerRate"; rate: number } | { kind: "otherSeed" };

export interface Trouble {
  kind: TroubleKind;
  /** The loss as it is, and that of a network that holds every class equally likely. */
  loss: number;
  chance: number;
  /** On training images, 0–1. */
  accuracy: number;
  step: number;
  remedies: readonly Remedy[];
}

export interface Learning {
  progress: Pick<Progress, "step" | "loss" | "trainAccuracy">;
  /** Of the loss. */
  curve: Pick<Curve, "xs" | "ys">;
  recipe: Pick<Recipe, "loss" | "learningRate" | "optimizer">;
  classes: number;
}

/** Steps after which a loss that is far too high is no first stumble … */
const SOON = 50;
/** … and after which one that has not fallen will hardly fall by itself. */
const LONG_ENOUGH = 300;
/** What counts as far above guessing's loss; squared errors of probabilities cannot even be twice and a half as high. */
const FAR_ABOVE = { crossEntropy: 2, meanSquaredError: 1.5 };
/** What counts as about guessing: this share of its loss, and so many times its accuracy. */
const ABOUT_LOSS = 0.95;
const ABOUT_ACCURACY = 2;
/** What a loss that moves does at least in `LONG_ENOUGH` steps. */
const LEAST_CHANGE = 0.01;
/** A loss below this share of guessing's is of a network that has learned: it may rest. */
const LEARNED = 0.6;

/** null: none to be seen. */
export function troubleOf({ progress, curve, recipe, classes }: Learning): Trouble | null {
  const { step, loss, trainAccuracy: accuracy } = progress;
  if (loss === null || accuracy === null || classes < 2) return null;
  const chance = chanceLoss(recipe.loss, classes);
  const found = (kind: TroubleKind): Trouble => ({
    kind,
    loss,
    chance,
    accuracy,
    step,
    remedies: remedies(kind, recipe),
  });
  const far = loss > FAR_ABOVE[recipe.loss] * chance;
  if (step >= SOON && far && !hasFallen(curve, loss)) return found("diverges");
  if (step < LONG_ENOUGH) return null;
  const moves = hasMoved(curve, step);
  if (loss > ABOUT_LOSS * chance && accuracy < ABOUT_ACCURACY / classes) return found(moves ? "guesses" : "still");
  return !moves && loss > LEARNED * chance ? found("still") : null;
}

/** The loss of a network that holds every class equally likely. */
export function chanceLoss(loss: Recipe["loss"], classes: number): number {
  return loss === "crossEntropy" ? Math.log(classes) : (1 - 1 / classes) / classes;
}

/** Whether a loss that began high is on its way down. */
function hasFallen({ ys: [first] }: Learning["curve"], loss: number): boolean {
  return first !== undefined && loss < 0.9 * first;
}

/** Whether the means of the older and the newer half of the last `LONG_ENOUGH` steps differ. */
function hasMoved({ xs, ys }: Learning["curve"], step: number): boolean {
  const [from, middle] = [step - LONG_ENOUGH, step - LONG_ENOUGH / 2];
  const mean = (least: number, most: number) => {
    const part = ys.filter((_, i) => (xs[i] ?? 0) > least && (xs[i] ?? 0) <= most);
    return part.length > 0 ? part.reduce((sum, y) => sum + y, 0) / part.length : null;
  };
  const [older, newer] = [mean(from, middle), mean(middle, step)];
  // Too few points, as after a run was resumed: not known.
  if (older === null || newer === null) return true;
  return Math.abs(older - newer) > LEAST_CHANGE * older;
}

function remedies(kind: TroubleKind, { learningRate, optimizer }: Learning["recipe"]): Remedy[] {
  const smaller: Remedy = { kind: "smallerRate", rate: round(learningRate / 10) };
  const larger: Remedy = { kind: "largerRate", rate: round(learningRate * 10) };
  const seed: Remedy = { kind: "otherSeed" };
  if (kind === "diverges") return [smaller];
  // Steps too large ruin a network as surely as steps too small leave it where it is: the usual rate tells which.
  return learningRate >= usualRate(optimizer) ? [smaller, seed] : [larger, seed];
}

/** As it would be typed: 0.003 × 10 is 0.03, whatever binary fractions make of it. */
function round(rate: number): number {
  return Number(rate.toPrecision(3));
}

function usualRate({ kind }: Recipe["optimizer"]): number {
  return kind === "sgd" ? 0.05 : 1e-3;
}
