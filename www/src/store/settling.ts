/**
 * What a file from elsewhere asks of pixels: seen on samples under each preprocessing that it may have meant, proposed,
 * chosen, and written into the file.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { EngineError } from "../engine/error";
import type { TrialSample } from "../engine/protocol";
import type { KnownPreprocessing, ModelInfo, Preprocessing, Reason, Tried, Weighed } from "../engine/types";

/** A preprocessing that the file may have meant. `weighed`: null until it was tried on the samples. */
export interface Candidate {
  known: KnownPreprocessing;
  preprocessing: Preprocessing;
  reasons: Reason[];
  weighed: Weighed | null;
}

export type { TrialSample } from "../engine/protocol";

export interface Settling {
  modelId: string;
  info: ModelInfo;
  phase: "loading" | "weighing" | "ready" | "failed";
  /** Candidates that have been weighed, of so many. */
  done: number;
  total: number;
  error: EngineError | null;
  /** The likeliest first. */
  candidates: readonly Candidate[];
  chosen: Preprocessing;
  known: KnownPreprocessing | "custom";
  /** What the file says now; null while nothing is written. */
  applied: Preprocessing | null;
  /** Whether a person has chosen: nothing is then applied by itself. */
  touched: boolean;
  /** A few that are shown, of all that are weighed. */
  samples: readonly TrialSample[];
}

const state = signal<Settling | null>(null);
const tries = signal<ReadonlyMap<string, Tried>>(new Map());

/** What is being settled, of which model; null where nothing is. */
export const settling: ReadonlySignal<Settling | null> = state;
/** What the network sees of the samples shown and answers to them: by `${known}:${sample}`, and `custom:${sample}`. */
export const tried: ReadonlySignal<ReadonlyMap<string, Tried>> = tries;

/** Opens it for any model of the person's own, again too. */
export async function settle(modelId: string): Promise<void> {
  void modelId;
}

/** Also asks for what the samples become under it. */
export function choosePreset(known: KnownPreprocessing): void {
  void known;
}

/** Changes a part of what is chosen: fit, filter, order, ink, offset, scale. */
export function change(part: Partial<Preprocessing>): void {
  void part;
}

/** Writes what is chosen into the file, keeps it, and opens it anew; a toast has the way back. */
export async function apply(): Promise<void> {}

export function leave(): void {
  state.value = null;
  tries.value = new Map();
}

/** Which of the file's outputs answers: one of `info.answers`. */
export async function chooseOutput(name: string): Promise<void> {
  void name;
}

/** In pixels, of a file that takes any size. */
export async function chooseSize(height: number, width: number): Promise<void> {
  void [height, width];
}

/** A list of labels for the model that is being settled. */
export async function chooseLabels(file: File): Promise<void> {
  void file;
}
