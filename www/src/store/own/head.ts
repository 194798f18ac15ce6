/** A model of the open dataset from a handful of examples: a head on a backbone's features. */
import { computed, signal } from "@preact/signals";
import type { Picture } from "../../engine/protocol";

export type HeadKind = "logistic" | "mlp" | "prototype" | "nearest" | "fineTuned";

export type HeadState =
  /** Too few labels: `headObstacle` says what is missing. */
  | "waiting"
  /** It can be trained. */
  | "idle"
  /** Features are computed (`featuring` says how far). */
  | "features"
  /** A first head is fitted. */
  | "fitting"
  /** A head answers already, and all kinds are compared by cross-validation. */
  | "comparing"
  | "ready"
  | "failed";

export const headState = signal<HeadState>("waiting");

/** What is missing before a head can be fitted; null where nothing is. */
export const headObstacle = computed<
  { kind: "classes" } | { kind: "images"; label: string; least: number } | { kind: "elsewhere" } | null
>(() => ({ kind: "classes" }));

/** One row of the comparison, in the order in which they are shown. */
export interface HeadRow {
  kind: HeadKind;
  /** By cross-validation, 0–1; null while it is not measured yet. */
  accuracy: number | null;
  /** The 95 % interval. */
  low: number | null;
  high: number | null;
  /** What fitting one took. */
  milliseconds: number | null;
  /** Whether it is the one that answers. */
  chosen: boolean;
  /** For comparison only: no file can be made of it. */
  comparisonOnly: boolean;
}

export const headTable = signal<readonly HeadRow[]>([]);

/** The head that answers; null before there is one. */
export interface LiveHead {
  kind: HeadKind;
  /** The classes' names, by place. */
  classes: readonly string[];
  /** Labelled images that it has learned from. */
  samples: number;
  /** By cross-validation, 0–1; null while that is not known yet. */
  accuracy: number | null;
  /** From the change (an image added, the button) to a head that answers, in milliseconds, and the fit alone. */
  tookMs: number;
  fitMs: number;
  /** Images or labels have changed since. */
  stale: boolean;
}

export const liveHead = signal<LiveHead | null>(null);
/** How far the comparison is, 0–1; null while none is under way. */
export const comparing = signal<number | null>(null);
/** Whether it is fitted again whenever images or labels change; kept in this browser. */
export const autoFit = signal(true);

/** An answer of the live head. */
export interface LiveAnswer {
  /** Best first. */
  predictions: readonly { index: number; label: string; p: number }[];
  /** Whether it is none of the classes: its novelty is above the threshold and refusing is on. */
  none: boolean;
  novelty: number | null;
  source: "camera" | "picture";
  /** Raised with every answer. */
  seq: number;
}

export const liveAnswer = signal<LiveAnswer | null>(null);
/** The still picture that is tried, which is answered again by every new head; an object URL. */
export const triedPicture = signal<string | null>(null);

/** Fits a head now, then compares all kinds and takes the best. */
export async function trainHead(): Promise<void> {}

/** Ends what is under way; what is there already stays. */
export function cancelHead(): void {}

/** Answers with another kind than the best. */
export async function chooseHead(_kind: HeadKind): Promise<void> {}

/** Answers one picture; frames that come faster than answers are left out. A bitmap is transferred. */
export function tryPicture(_picture: Picture, _source: LiveAnswer["source"]): void {}

/** Takes the tried picture away. */
export function dropTried(): void {}

/** Makes it one of the person's models and the current one. Returns whether that went well. */
export async function useHead(): Promise<boolean> {
  return false;
}

/** Downloads it as an ONNX file. */
export async function exportHead(): Promise<void> {}
