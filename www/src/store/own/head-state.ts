/** What a head of the open dataset has come to: for whoever shows it, and for the rooms that bring it on. */
import { computed, effect, signal } from "@preact/signals";
import type { HeadFile, HeadKind, HeadReport } from "../../engine/learning-protocol";
import { choice, keepChoice } from "./choices";
import { backbone, unreadable } from "./features";
import { type HeadPlan, type Obstacle, planOf } from "./head-plan";
import { openDataset, samples } from "./open";

export type { HeadKind } from "../../engine/learning-protocol";

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

/** One row of the comparison, in the order in which they are shown. */
export interface HeadRow {
  kind: HeadKind;
  /** By cross-validation over all labelled images but those to test on, 0–1; null while it is not measured yet. */
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

const AUTO = "hearth.head-auto";

/** Whether it is fitted again whenever images or labels change; kept in this browser. */
export const autoFit = signal(choice(AUTO) !== "off");
effect(() => keepChoice(AUTO, autoFit.value ? "on" : "off"));

/** What there is to learn from. */
export const headPlan = computed<HeadPlan | null>(() =>
  openDataset.value ? planOf(openDataset.value, samples.value, unreadable.value) : null,
);

/** What is missing before a head can be fitted; null where nothing is. */
export const headObstacle = computed<Obstacle | null>(() =>
  headPlan.value ? headPlan.value.obstacle : { kind: "classes" },
);

/** What is under way. */
export type Phase = "still" | "features" | "fitting" | "comparing" | "failed";
export const phase = signal<Phase>("still");

/** A head with its file. */
export interface Fitted extends Omit<LiveHead, "stale"> {
  file: HeadFile;
  /** What it learned: see `HeadPlan`, and which backbone. */
  signature: string;
}

export const fitted = signal<Fitted | null>(null);
/** What would be learned now. */
export const signature = computed(() => signatureOf(headPlan.value));

export function signatureOf(plan: HeadPlan | null): string {
  return `${backbone.value} ${plan?.signature}`;
}

export const liveHead = computed<LiveHead | null>(() => {
  if (!fitted.value) return null;
  const { file: _, signature: learned, ...head } = fitted.value;
  return { ...head, stale: learned !== signature.value };
});

export const headState = computed<HeadState>(() => {
  if (phase.value !== "still" && phase.value !== "failed") return phase.value;
  if (headObstacle.value) return "waiting";
  if (phase.value === "failed") return "failed";
  return liveHead.value && !liveHead.value.stale ? "ready" : "idle";
});

export const report = signal<HeadReport | null>(null);
/** A fine-tuned network, until images or labels change. */
export const tunedFile = signal<{ file: HeadFile; accuracy: number | null; signature: string } | null>(null);
export const headTable = computed<readonly HeadRow[]>(() => {
  const kind = fitted.value?.kind;
  const rows = report.value?.heads ?? [];
  const tuned = tunedFile.value;
  const more = tuned ? [{ kind: "fineTuned" as const, accuracy: tuned.accuracy, milliseconds: tuned.file.ms }] : [];
  return [...rows, ...more].map((row) => ({
    low: null,
    high: null,
    ...row,
    chosen: row.kind === kind,
    comparisonOnly: row.kind === "nearest",
  }));
});

/** How far the comparison is, 0–1; null while none is under way. */
export const comparing = signal<number | null>(null);
