/**
 * Suggested labels: a loaded model is asked about the images that have none. Its classes are matched with the dataset's by
 * their names; what it holds likeliest among those is what it suggests.
 */
import { batch, computed, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { Pace } from "../../engine/fetched";
import { originals } from "../../engine/library/library";
import type { OwnClass, OwnSample } from "../../engine/library/records";
import { PhotoEngine } from "../../engine/photos";
import type { Prediction } from "../../engine/types";
import { explain } from "../../i18n";
import { currentModel, fileOf, labels as modelLabels } from "../session";
import { toast } from "../toasts";
import { relabelEach } from "./changes";
import { onClose, openDataset, samples } from "./open";

export interface Suggestion {
  /** The class's id. */
  label: string;
  /** Its share among the classes that the dataset has, 0–1. */
  p: number;
  /** How undecided the model is among them: the entropy of its answer, 0 (sure) to 1 (all alike). */
  doubt: number;
}

/** By the sample's id. */
export const suggestions = signal<ReadonlyMap<number, Suggestion>>(new Map());
export const suggesting = signal<{ done: number; total: number; secondsLeft: number | null } | null>(null);
/** The name of the model that suggested; empty before any did. */
export const suggestedBy = signal("");

const engine = new PhotoEngine();
let abort: AbortController | null = null;

onClose(() => {
  abort?.abort(new EngineError("aborted", "Cancelled."));
  batch(() => {
    suggestions.value = new Map();
    suggestedBy.value = "";
  });
});

/** The class that a model means by a name, whatever its case and the space around it. */
export function classCalled(name: string, classes: readonly OwnClass[]): OwnClass | undefined {
  const plain = (text: string) => text.trim().toLocaleLowerCase();
  return classes.find((each) => plain(each.name) === plain(name));
}

/** How many of the session's model's classes the open dataset has: without two there is nothing to choose between. */
export const inCommon = computed(() => {
  const classes = openDataset.value?.classes ?? [];
  return new Set(modelLabels.value.map((name) => classCalled(name, classes)?.id).filter(Boolean)).size;
});

/** What the answers come to among the classes that the dataset has; null where it has none of them. */
export function suggestionOf(predictions: readonly Prediction[], classes: readonly OwnClass[]): Suggestion | null {
  const shares = new Map<string, number>();
  for (const { label, p } of predictions) {
    const own = classCalled(label, classes);
    if (own) shares.set(own.id, (shares.get(own.id) ?? 0) + p);
  }
  const sum = [...shares.values()].reduce((a, b) => a + b, 0);
  const [best] = [...shares].sort(([, a], [, b]) => b - a);
  if (!best || sum === 0) return null;
  const entropy = [...shares.values()].reduce((h, p) => (p > 0 ? h - (p / sum) * Math.log(p / sum) : h), 0);
  return { label: best[0], p: best[1] / sum, doubt: shares.size > 1 ? entropy / Math.log(shares.size) : 0 };
}

/** Asks the session's model about every image without a label. */
export async function suggest(): Promise<void> {
  const dataset = openDataset.value;
  if (!dataset || suggesting.value) return;
  const asked = samples.value.filter(({ label }) => label === null);
  const model = currentModel.value;
  const mine = new AbortController();
  abort = mine;
  const pace = new Pace();
  batch(() => {
    suggestions.value = new Map();
    suggestedBy.value = model.name;
    suggesting.value = { done: 0, total: asked.length, secondsLeft: null };
  });
  const found = new Map<number, Suggestion>();
  let done = 0;
  const count = () => {
    done += 1;
    pace.hear(done, performance.now());
    // Told a few times a second: each telling draws what is on view.
    if (done % 20 && done < asked.length) return;
    batch(() => {
      suggestions.value = new Map(found);
      if (suggesting.value) {
        suggesting.value = { done, total: asked.length, secondsLeft: pace.secondsLeft(asked.length) };
      }
    });
  };
  try {
    await engine.run(await fileOf(model), asked.length, {
      signal: mine.signal,
      top: modelLabels.value.length,
      thumbnail: () => 0,
      picture: async (index) => {
        const [file] = await originals([asked[index] as OwnSample]);
        if (!file) throw new EngineError("picture-unreadable", "The image is gone.");
        return file;
      },
      onAnswer: (index, { predictions }) => {
        const suggestion = suggestionOf(predictions, dataset.classes);
        if (suggestion) found.set((asked[index] as OwnSample).id, suggestion);
        count();
      },
      onFailed: count,
    });
  } catch (error) {
    if (!mine.signal.aborted) toast("error", explain(error));
  } finally {
    engine.dismiss();
    if (abort === mine) {
      batch(() => {
        suggesting.value = null;
        if (openDataset.value?.id === dataset.id) suggestions.value = found;
      });
      abort = null;
    }
  }
}

export function cancelSuggesting(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
}

/** The images without a label whose suggestion is at least so sure, 0–1. */
export function suggestedAbove(least: number): Map<number, string> {
  const sure = new Map<number, string>();
  for (const { id, label } of samples.value) {
    const suggestion = suggestions.value.get(id);
    if (label === null && suggestion && suggestion.p >= least) sure.set(id, suggestion.label);
  }
  return sure;
}

/** Gives all of them the labels that are suggested; one step that can be taken back. */
export function acceptAbove(least: number, what: string): Promise<boolean> {
  return relabelEach(suggestedAbove(least), what);
}
