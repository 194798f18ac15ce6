/** What a head of a dataset is to learn from. Pure. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Lesson } from "../../engine/learning-protocol";
import type { OwnDataset, OwnId, OwnSample } from "../../engine/library/records";

/** Images that a class needs, so that some can be held out. */
export const LEAST_IMAGES = 3;
const LEAST_CLASSES = 2;
/** More images are thinned out evenly: as many vectors are 100 MB. */
export const MOST_IMAGES = 20_000;
/** Changed copies help where images are few: measured with 10 and 20 a class, eight of each. */
const MOST_COPIES = 8;
/** Vectors altogether, beyond which copies are not worth their time. */
const MOST_ROWS = 1200;

export type Obstacle = { kind: "classes" } | { kind: "images"; label: string; least: number };

export interface HeadPlan {
  dataset: OwnId;
  /** Those that have images, in their order. */
  classes: readonly { id: string; name: string }[];
  /** Labelled, and to be learned from; in the order of their ids. */
  samples: readonly OwnSample[];
  obstacle: Obstacle | null;
  /** The same only where the same is learned. */
  signature: string;
}

/**
 * Labelled images of the training and validation splits; those to test on stay unseen. A class without images is left out.
 *
 * @param unreadable Samples whose picture cannot be read.
 */
export function planOf(
  dataset: OwnDataset,
  samples: readonly OwnSample[],
  unreadable: ReadonlySet<number> = new Set(),
): HeadPlan {
  const byClass = new Map<string, OwnSample[]>(dataset.classes.map(({ id }) => [id, []]));
  for (const sample of samples) {
    if (sample.split === "test" || sample.label === null || unreadable.has(sample.id)) continue;
    byClass.get(sample.label)?.push(sample);
  }
  const classes = dataset.classes.filter(({ id }) => (byClass.get(id)?.length ?? 0) > 0);
  const learned = thinned(
    classes.map(({ id }) => byClass.get(id) ?? []),
    MOST_IMAGES,
  ).sort((a, b) => a.id - b.id);
  return {
    dataset: dataset.id,
    classes: classes.map(({ id, name }) => ({ id, name })),
    samples: learned,
    obstacle: obstacleOf(classes, byClass),
    signature: signatureOf(dataset.id, classes, learned),
  };
}

function obstacleOf(
  classes: OwnDataset["classes"],
  byClass: ReadonlyMap<string, readonly OwnSample[]>,
): Obstacle | null {
  const few = classes.find(({ id }) => (byClass.get(id)?.length ?? 0) < LEAST_IMAGES);
  if (classes.length < LEAST_CLASSES) return { kind: "classes" };
  return few ? { kind: "images", label: few.name, least: LEAST_IMAGES } : null;
}

/** At most so many altogether: as many of each class as that allows, spread evenly over those that it has. */
function thinned(groups: readonly OwnSample[][], most: number): OwnSample[] {
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  if (total <= most) return groups.flat();
  let share = most;
  const ascending = groups.map(({ length }) => length).sort((a, b) => a - b);
  let [left, remaining] = [most, ascending.length];
  for (const length of ascending) {
    share = Math.floor(left / remaining);
    if (length > share) break;
    left -= length;
    remaining -= 1;
  }
  return groups.flatMap((group) =>
    group.length <= share
      ? group
      : Array.from({ length: share }, (_, i) => group[Math.floor((i * group.length) / share)] as OwnSample),
  );
}

function signatureOf(dataset: OwnId, classes: OwnDataset["classes"], samples: readonly OwnSample[]): string {
  const places = new Map(classes.map(({ id }, place) => [id, place]));
  let mixed = 0;
  for (const { id, label, group } of samples) {
    for (const value of [id, places.get(label ?? "") ?? -1, group]) mixed = Math.imul(mixed ^ value, 0x01000193) + 1;
  }
  return JSON.stringify([dataset, classes.map(({ id, name }) => [id, name]), samples.length, mixed]);
}

/** How many changed copies of each image are learned from. */
export function copiesFor(images: number): number {
  return Math.max(0, Math.min(MOST_COPIES, Math.floor(MOST_ROWS / Math.max(1, images)) - 1));
}

/** The image and so many copies, as bits. */
export function bitsFor(copies: number): number {
  return 2 ** (copies + 1) - 1;
}

/** @param known Which vectors there are of a sample, as bits; one without the image's own is left out. */
export function lessonOf(
  { dataset, classes, samples }: HeadPlan,
  backbone: string,
  known: (sample: number) => number,
  wanted: number,
  seed: number,
): Lesson {
  const places = new Map(classes.map(({ id }, place) => [id, place]));
  const there = samples.filter(({ id }) => known(id) & 1);
  return {
    dataset,
    backbone,
    ids: Uint32Array.from(there, ({ id }) => id),
    labels: Uint16Array.from(there, ({ label }) => places.get(label ?? "") ?? 0),
    groups: Uint32Array.from(there, ({ group }) => group),
    copies: Uint32Array.from(there, ({ id }) => known(id) & wanted),
    classes: classes.map(({ name }) => name),
    seed,
  };
}

/** What was learned from, as 32 hexadecimal digits: other images or labels are another. */
export function contentId({ classes, samples }: HeadPlan): string {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const lines = samples.map(({ hash, label }) => `${hash} ${names.get(label ?? "")}`).sort();
  return bytesToHex(sha256(utf8ToBytes(lines.join("\n")))).slice(0, 32);
}
