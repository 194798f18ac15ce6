/** How many images each class has, as the open dataset is shown: what is being written is among it. */
import { computed } from "@preact/signals";
import { placeOf } from "../../engine/library/library";
import type { OwnSample } from "../../engine/library/records";
import { samples } from "../../store/own/open";
import { hurried } from "./hurry";

/** As many of a class's newest images as a card has room for. */
const NEWEST = 12;

export interface Tally {
  /** In train, validation and test. */
  counts: [number, number, number];
  total: number;
  /** The newest first. */
  newest: readonly OwnSample[];
}

const NONE: Tally = { counts: [0, 0, 0], total: 0, newest: [] };

let before: ReadonlyMap<string, Tally> = new Map();

/** By the class's id; under "" those without a label. */
export const tallies = computed(() => {
  if (!hurried.value) before = tallyOf(samples.value);
  return before;
});
/** At once, in a hurry too. */
export const unlabelled = computed(() => samples.value.reduce((n, { label }) => (label === null ? n + 1 : n), 0));

export function tallyOf(all: readonly OwnSample[]): ReadonlyMap<string, Tally> {
  const found = new Map<string, Tally & { newest: OwnSample[] }>();
  for (let at = all.length - 1; at >= 0; at--) {
    const sample = all[at] as OwnSample;
    const key = sample.label ?? "";
    let tally = found.get(key);
    if (!tally) {
      tally = { counts: [0, 0, 0], total: 0, newest: [] };
      found.set(key, tally);
    }
    tally.counts[placeOf(sample.split)] += 1;
    tally.total += 1;
    if (tally.newest.length < NEWEST) tally.newest.push(sample);
  }
  return found;
}

/** Of a class, by its id; of none: "". */
export function tallied(label: string): Tally {
  return tallies.value.get(label) ?? NONE;
}
