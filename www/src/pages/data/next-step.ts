import type { OwnClass } from "../../engine/library/records";
import type { Tally } from "./tally";

/** So many images of a class are enough for a first try. */
export const LEAST = 5;

/**
 * What is next: to give a class images (`at`: which), to label those that are there, or to train. null: there is no class
 * to begin with.
 */
export type Step = { kind: "collect"; at: string | null } | { kind: "label" } | { kind: "train" };

export function nextStep(
  classes: readonly Pick<OwnClass, "id">[],
  tallies: ReadonlyMap<string, Pick<Tally, "total">>,
): Step {
  const totalOf = (id: string) => tallies.get(id)?.total ?? 0;
  const filled = classes.filter(({ id }) => totalOf(id) >= LEAST);
  if (filled.length >= 2) return { kind: "train" };
  if (totalOf("") > 0 && classes.length >= 2) return { kind: "label" };
  return { kind: "collect", at: classes.find(({ id }) => totalOf(id) < LEAST)?.id ?? null };
}
