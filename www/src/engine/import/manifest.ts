/** `dataset.json`, in which a dataset of Hearth's travels with all that folders cannot say. */
import type { Origin, OwnClass, OwnDataset, OwnSample, Split } from "../library/records";
import { SPLITS } from "../library/records";
import { safePath } from "./paths";
import { Refused } from "./refused";

export const MANIFEST_NAME = "dataset.json";
const VERSION = 1;
const ORIGINS: readonly Origin[] = ["file", "camera", "drawing", "copy"];
/** More of them no network of Hearth's tells apart. */
export const MOST_CLASSES = 1000;

export interface ManifestSample extends Pick<OwnSample, "split" | "pinned" | "origin" | "name"> {
  /** From the folder that the manifest lies in. */
  file: string;
  /** The class's name. */
  label: string | null;
}

export interface Manifest extends Pick<OwnDataset, "name" | "input" | "fit" | "shares" | "seed"> {
  hearth: typeof VERSION;
  /** Names, in the order of a network's outputs. */
  classes: string[];
  /** By class: the key that gives its label, where a person has chosen one. */
  keys?: (string | null)[];
  samples: ManifestSample[];
}

/**
 * @returns null where the file is something else that is called so.
 * @throws Refused `csv-broken`, `too-many-classes`
 */
export function readManifest(bytes: Uint8Array): Manifest | null {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Refused("csv-broken");
  }
  if (!isRecord(read) || !("hearth" in read)) return null;
  const { hearth, name, classes, keys, input, fit, shares, seed, samples } = read;
  const sound =
    hearth === VERSION &&
    typeof name === "string" &&
    isNames(classes) &&
    isInput(input) &&
    isFit(fit) &&
    isShares(shares) &&
    Number.isSafeInteger(seed) &&
    Array.isArray(samples);
  if (!sound) throw new Refused("csv-broken");
  if (classes.length > MOST_CLASSES) throw new Refused("too-many-classes");
  const known = new Set(classes);
  return {
    hearth,
    name: name.slice(0, 200),
    classes: [...known],
    ...(Array.isArray(keys) && {
      keys: classes.map((_, i) => (typeof keys[i] === "string" ? keys[i].slice(0, 1) : null)),
    }),
    input: { channels: input.channels, side: input.side },
    fit,
    shares: { validation: shares.validation, test: shares.test },
    seed: seed as number,
    samples: samples.flatMap((each) => sampleOf(each, known) ?? []),
  };
}

/** null where it cannot be understood: its file then comes in as its folder says. */
function sampleOf(read: unknown, classes: ReadonlySet<string>): ManifestSample | null {
  if (!isRecord(read)) return null;
  const { file, label, split, pinned, origin, name } = read;
  const path = typeof file === "string" ? safePath(file) : null;
  if (path === null || !SPLITS.includes(split as Split)) return null;
  return {
    file: path,
    label: typeof label === "string" && classes.has(label) ? label : null,
    split: split as Split,
    pinned: pinned === true,
    origin: ORIGINS.find((known) => known === origin) ?? "file",
    name: (typeof name === "string" ? safePath(name) : null) ?? path,
  };
}

function isRecord(read: unknown): read is Record<string, unknown> {
  return typeof read === "object" && read !== null && !Array.isArray(read);
}

function isNames(read: unknown): read is string[] {
  return Array.isArray(read) && read.every((name) => typeof name === "string" && name !== "");
}

function isInput(read: unknown): read is OwnDataset["input"] {
  if (!isRecord(read)) return false;
  const { channels, side } = read;
  return (
    (channels === 1 || channels === 3) && Number.isInteger(side) && (side as number) >= 8 && (side as number) <= 128
  );
}

function isFit(read: unknown): read is OwnDataset["fit"] {
  if (read === "digit" || read === "whole") return true;
  if (!isRecord(read) || !isRecord(read.photo)) return false;
  const { crop } = read.photo;
  return typeof crop === "number" && crop > 0 && crop <= 1;
}

function isShares(read: unknown): read is OwnDataset["shares"] {
  if (!isRecord(read)) return false;
  const { validation, test } = read;
  return isShare(validation) && isShare(test) && validation + test <= 1;
}

function isShare(read: unknown): read is number {
  return typeof read === "number" && read >= 0 && read <= 1;
}

/**
 * The dataset with the manifest's classes. Where it is still empty they come first, in its order, and its settings with
 * them; where nobody has touched it, it becomes what the manifest says, with the name.
 *
 * @throws Refused `too-many-classes`
 */
export function withManifest(dataset: OwnDataset, manifest: Manifest, newId: () => string): OwnDataset {
  const empty = dataset.next === 0;
  const untouched = dataset.revision === 0;
  const byName = new Map(dataset.classes.map((each) => [each.name, each]));
  const named = manifest.classes.map((name, i): OwnClass => {
    const key = manifest.keys?.[i];
    return byName.get(name) ?? { id: newId(), name, ...(key && { key }) };
  });
  const others = (all: readonly OwnClass[], than: readonly OwnClass[]) => {
    const ids = new Set(than.map(({ id }) => id));
    return all.filter(({ id }) => !ids.has(id));
  };
  const classes = empty
    ? [...named, ...(untouched ? [] : others(dataset.classes, named))]
    : [...dataset.classes, ...others(named, dataset.classes)];
  if (classes.length > MOST_CLASSES) throw new Refused("too-many-classes");
  if (!empty) return { ...dataset, classes };
  const { input, fit, shares, seed, name } = manifest;
  return { ...dataset, classes, input, fit, shares, seed, ...(untouched && name && { name }) };
}
