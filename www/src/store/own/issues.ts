/** What may be wrong with the images of a dataset, as lists to go through. Pure, but for what is remembered at the end. */
import { computed, signal } from "@preact/signals";
import type { Counts, Flaw, OwnClass, OwnDataset, OwnSample } from "../../engine/library/records";
import type { Doubted } from "../../engine/protocol";
import { onClose, openDataset, samples } from "./open";

export interface Issue {
  kind: Flaw;
  sample: OwnSample;
  /** The label that is likelier. */
  suggested?: string;
  /** The one that it is nearly the same as. */
  like?: OwnSample;
}

/** A class that is too small, or much smaller than others. */
export interface ClassIssue {
  kind: "few" | "unbalanced";
  class: OwnClass;
  count: number;
  /** Images that a class should have, and of the largest. */
  least: number;
  most: number;
}

/** Fewer images of a class teach a network little. */
export const LEAST_PER_CLASS = 10;
/** A class that is so many times smaller than the largest is seldom answered. */
const UNBALANCED = 5;
/** The shorter side of a picture, as a share of what networks are given: smaller ones are blown up. */
const SMALL = 0.75;
/** A picture whose mean brightness is below this shows little, and one whose contrast is below this nothing. */
const DARK = 0.08;
const FLAT = 0.015;
/** The variance of the Laplacian, below which a photo is likely blurred (Pech-Pacheco et al. 2000), and its share of the median. */
const BLURRED = 100;
const BLURRED_SHARE = 0.15;

/** Every sample that may be wrong, by kind; those that a person found to be all right are left out. */
export function issuesOf(
  dataset: Pick<OwnDataset, "input" | "fit">,
  all: readonly OwnSample[],
  doubts: readonly Doubted[] = [],
): Record<Flaw, Issue[]> {
  const found: Record<Flaw, Issue[]> = { label: [], leak: [], duplicate: [], small: [], dark: [], blurred: [] };
  const add = (issue: Issue) => {
    if (!issue.sample.fine?.includes(issue.kind)) found[issue.kind].push(issue);
  };
  const byId = new Map(all.map((sample) => [sample.id, sample]));
  for (const { sample, suggested } of doubts) {
    const doubted = byId.get(sample);
    if (doubted && doubted.label !== null && doubted.label !== suggested) {
      add({ kind: "label", sample: doubted, suggested });
    }
  }
  for (const group of groupsOf(all)) {
    const [first, ...others] = group as [OwnSample, ...OwnSample[]];
    for (const sample of others) {
      const across = group.find((other) => other.split !== sample.split && other.id < sample.id);
      if (across) add({ kind: "leak", sample, like: across });
      else add({ kind: "duplicate", sample, like: first });
    }
  }
  const photos = typeof dataset.fit === "object";
  const median = middle(all.map(({ sharpness }) => sharpness));
  for (const sample of all) {
    if (Math.min(sample.width, sample.height) < SMALL * dataset.input.side) add({ kind: "small", sample });
    // What is drawn is dark on white or white on black: only a plain one shows nothing.
    if ((photos && sample.brightness < DARK) || sample.contrast < FLAT) add({ kind: "dark", sample });
    else if (photos && sample.sharpness < Math.min(BLURRED, BLURRED_SHARE * median)) add({ kind: "blurred", sample });
  }
  return found;
}

/** Samples that are nearly alike, in the order in which they came; only groups of several. */
function groupsOf(all: readonly OwnSample[]): OwnSample[][] {
  const groups = new Map<number, OwnSample[]>();
  for (const sample of all) {
    const group = groups.get(sample.group);
    if (group) group.push(sample);
    else groups.set(sample.group, [sample]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function middle(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Classes that have too few images, or far fewer than the largest. */
export function classIssuesOf({ classes, counts }: Pick<OwnDataset, "classes" | "counts">): ClassIssue[] {
  const sum = ([train, validation, test]: Counts) => train + validation + test;
  const sizes = classes.map((each) => ({ class: each, count: sum(counts[each.id] ?? [0, 0, 0]) }));
  const most = Math.max(0, ...sizes.map(({ count }) => count));
  const least = Math.max(LEAST_PER_CLASS, Math.ceil(most / UNBALANCED));
  return sizes
    .filter(({ count }) => count < least)
    .map((each) => ({ ...each, kind: each.count < LEAST_PER_CLASS ? "few" : "unbalanced", least, most }));
}

/** What networks doubt that were trained on the other images; null before they were asked. */
export const doubts = signal<readonly Doubted[] | null>(null);

onClose(() => {
  doubts.value = null;
});

export const issues = computed(() =>
  openDataset.value ? issuesOf(openDataset.value, samples.value, doubts.value ?? []) : null,
);
export const classIssues = computed(() => (openDataset.value ? classIssuesOf(openDataset.value) : []));
