/** What was taken for what, in words. */

import type { Cell, Report } from "../../engine/types";
import { className, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { Counted } from "../../i18n/nouns";

/** The cells that are mistakes, the most frequent first; of equals in the order of the classes. */
export function mistakesOf({ confusion }: Pick<Report, "confusion">): Cell[] {
  return confusion.cells
    .filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted);
}

/** A cell as a person would say it: "3 fours taken for nines". `classes`: the data's names, by label. */
export function inWords({ truth, predicted, count }: Cell, classes: readonly string[]): string {
  const { matrix } = strings.value.test;
  const of = (label: number) => counted(count, label, classes);
  return truth === predicted ? matrix.right(of(truth)) : matrix.taken(of(truth), of(predicted));
}

/** So many images of a class, for a sentence. */
export function counted(count: number, label: number, classes: readonly string[]): Counted {
  const name = classes[label] ?? String(label);
  return { count, n: whole(count), name, shown: className(name) };
}
