/**
 * What the next training begins with: new weights, those of the model in use, or, where that model's file has a
 * training's state, the training itself.
 */
import { computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { DatasetId } from "../engine/protocol";
import type { NetworkInfo } from "../engine/types";
import { explain } from "../i18n";
import { train } from "./run";
import { currentDataset, currentModel, fileOf, type Model } from "./session";

export type BeginWith = "new" | "weights" | "training";

const DATASETS: readonly DatasetId[] = ["mnist", "fashion-mnist"];

/** The file of the model in use, as a training sees it. */
export interface Source {
  model: Model;
  onnx: Uint8Array;
  info: NetworkInfo;
}

/** Why the model in use cannot be trained on. */
interface Refusal {
  model: Model;
  reason: string;
  /** Whether the file itself is the reason: a worker that died, or a download that failed, is asked again. */
  lasting: boolean;
}

const looked = signal<Source | Refusal | null>(null);
const chosen = signal<BeginWith>("new");

/** null until the model in use has been looked at, and where it cannot be trained on. */
const candidate = computed(() =>
  looked.value && "info" in looked.value && looked.value.model.id === currentModel.value.id ? looked.value : null,
);
/** Why the model in use cannot be trained on. */
export const refusal = computed(() =>
  looked.value && "error" in looked.value && looked.value.model.id === currentModel.value.id
    ? looked.value.error
    : null,
);
/** Another model in use is another start: what was chosen of the last one no longer holds. */
export const beginWith = computed<BeginWith>(() => {
  if (!candidate.value) return "new";
  return chosen.value === "training" && !candidate.value.info.position ? "weights" : chosen.value;
});
export const canBeginWith = computed<BeginWith[]>(() => [
  "new",
  ...(candidate.value ? (["weights"] as const) : []),
  ...(candidate.value?.info.position ? (["training"] as const) : []),
]);
/** The file that the next training begins with; null for new weights. */
export const source = computed(() => (beginWith.value === "new" ? null : candidate.value));

/** The training that goes on, where one is taken up. */
export const takenUp = computed(() => (beginWith.value === "training" ? (source.value?.info ?? null) : null));
/** What that training learns from; null where its file does not say, or names what the page does not have. */
export const takenUpOn = computed(() => DATASETS.find((id) => id === takenUp.value?.dataset) ?? null);

effect(() => {
  currentModel.value.id;
  chosen.value = "new";
});

/** A training that is taken up brings its dataset: with other images of the same size it would go on unnoticed. */
export function chooseBeginning(which: BeginWith): void {
  chosen.value = which;
  if (takenUpOn.value) currentDataset.value = takenUpOn.value;
}

/** Looks at the model in use, unless that has been done. */
export async function lookAtModel(): Promise<void> {
  const model = currentModel.peek();
  if (isKnown(model)) return;
  try {
    const onnx = await fileOf(model);
    settle({ model, onnx, info: await train.readNetwork(onnx) });
  } catch (error) {
    settle({ model, error: EngineError.from(error) });
  }
}

/** What the file itself lacks, it will lack the next time; a download or a worker that failed may not. */
function isKnown({ id }: Model): boolean {
  const last = looked.peek();
  if (last?.model.id !== id) return false;
  return "info" in last || last.error.code.startsWith("onnx-");
}

/** What is found out about a model that is no longer in use has been overtaken. */
function settle(found: Source | Refusal): void {
  if (found.model.id === currentModel.peek().id) looked.value = found;
}
