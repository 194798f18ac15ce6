/** Splits for images that get their first label one by one, as they come. Pure. */
import { placeOf } from "../../engine/library/library";
import { type OwnDataset, type OwnSample, SPLITS, type Split } from "../../engine/library/records";

/**
 * The split of each sample that has no label yet and is given one: of every class the dataset's shares, as near as whole
 * images allow, the first to train on. One that is nearly the same as a labelled image goes where that is, and one that
 * a person has put somewhere stays there.
 */
export function firstSplits(
  all: readonly OwnSample[],
  labels: ReadonlyMap<number, string | null>,
  { validation, test }: OwnDataset["shares"],
): Map<number, Split> {
  const shares = [1 - validation - test, validation, test];
  const counts = new Map<string, [number, number, number]>();
  const groups = new Map<number, Split>();
  const count = (label: string, split: Split) => {
    const of = counts.get(label) ?? [0, 0, 0];
    of[placeOf(split)] += 1;
    counts.set(label, of);
  };
  for (const { label, split, group } of all) {
    if (label === null) continue;
    count(label, split);
    groups.set(group, split);
  }
  const given = new Map<number, Split>();
  for (const sample of all) {
    const label = labels.get(sample.id);
    if (!label || sample.label !== null || sample.pinned) continue;
    const of = counts.get(label) ?? [0, 0, 0];
    const split = groups.get(sample.group) ?? SPLITS[neediest(of, shares)] ?? "train";
    count(label, split);
    groups.set(sample.group, split);
    given.set(sample.id, split);
  }
  return given;
}

/** The place that is furthest below its share once there is one more. */
function neediest(counts: readonly number[], shares: readonly number[]): number {
  if (counts[0] === 0) return 0;
  const next = counts.reduce((a, b) => a + b, 0) + 1;
  const lacks = shares.map((share, i) => share * next - (counts[i] ?? 0));
  return lacks.indexOf(Math.max(...lacks));
}
