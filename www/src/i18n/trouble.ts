import type { Remedy, Trouble } from "../store/run";
import { decimal, percent, whole } from "./format";
import { strings } from "./index";

/** What is wrong, and what to try. */
export function explainTrouble(trouble: Trouble): string {
  return [whatIsWrong(trouble), ...trouble.remedies.map(advice)].join(" ");
}

function whatIsWrong({ kind, loss, chance, step, accuracy }: Trouble): string {
  const { diverges, guesses, still } = strings.value.train.trouble;
  if (kind === "diverges") return diverges(decimal(loss, 2), decimal(chance, 2));
  return kind === "guesses" ? guesses(whole(step), percent(accuracy)) : still(decimal(loss, 2));
}

function advice(remedy: Remedy): string {
  const { smallerRate, largerRate, otherSeed } = strings.value.train.trouble;
  if (remedy.kind === "otherSeed") return otherSeed;
  // As it is typed into its field.
  const rate = String(Number(remedy.rate.toPrecision(3)));
  return remedy.kind === "smallerRate" ? smallerRate(rate) : largerRate(rate);
}
