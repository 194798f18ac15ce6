/** Which images of the open dataset the grid shows, and in which order. */
import { computed, signal } from "@preact/signals";
import type { OwnSample, Split } from "../../engine/library/records";
import { onClose, samples } from "../../store/own/open";
import { type Suggestion, suggestions } from "../../store/own/suggest";
import { hurried } from "./hurry";

export type Order = "newest" | "oldest" | "unlabelled" | "name" | "unsure";

export interface Wanted {
  /** A class's id; "" those without a label, null all. */
  label: string | null;
  split: Split | null;
  order: Order;
}

const BEGINNING: Wanted = { label: null, split: null, order: "newest" };

export const wanted = signal<Wanted>(BEGINNING);

onClose(() => {
  wanted.value = BEGINNING;
});

export function want(change: Partial<Wanted>): void {
  wanted.value = { ...wanted.value, ...change };
}

let before: readonly OwnSample[] = [];

export const shown = computed(() => {
  if (!hurried.value) before = chosen(samples.value, wanted.value, suggestions.value);
  return before;
});

/** `all`: in the order in which they came. `suggested`: of those that a network was asked about. */
export function chosen(
  all: readonly OwnSample[],
  { label, split, order }: Wanted,
  suggested: ReadonlyMap<number, Pick<Suggestion, "doubt">> = new Map(),
): readonly OwnSample[] {
  const some = all.filter(
    (sample) => (label === null || (sample.label ?? "") === label) && (split === null || sample.split === split),
  );
  switch (order) {
    case "oldest":
      return some;
    case "newest":
      return some.reverse();
    case "unlabelled":
      some.reverse();
      return [...some.filter((sample) => sample.label === null), ...some.filter((sample) => sample.label !== null)];
    case "name":
      return some.sort((a, b) => collator.compare(a.name, b.name));
    case "unsure":
      // Those that no network was asked about come last.
      return some.sort((a, b) => (suggested.get(b.id)?.doubt ?? -1) - (suggested.get(a.id)?.doubt ?? -1));
  }
}

const collator = new Intl.Collator(undefined, { numeric: true });
