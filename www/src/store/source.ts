/**
 * What the next training begins with: new weights, those of the model in use, or, where that model's file has a
 * training's state, the training itself.
 */
import { computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { NetworkInfo } from "../engine/types";
import { explain } from "../i18n";
import { datasetCalled } from "./datasets";
import { train } from "./run";
import { currentDataset, currentModel, currentModelId, fileOf, type Model } from "./session";

export type BeginWith = "new" | "weights" | "training";

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
/** The sentence that says why the model in use cannot be trained on. */
export const refusal = computed(() =>
  looked.value && "reason" in looked.value && looked.value.model.id === currentModel.value.id
    ? looked.value.reason
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

effect(() => {
  currentModelId.value;
  chosen.value = "new";
});

export function chooseBeginning(which: BeginWith): void {
  chosen.value = which;
  // A training goes on with the data that it has seen.
  const seen = datasetCalled(candidate.peek()?.info.dataset);
  if (which === "training" && seen) currentDataset.value = seen;
}

function isOfFile(error: unknown): boolean {
  return EngineError.from(error).code.startsWith("onnx-");
}

/** Looks at the model in use, unless that has been done. */
export async function lookAtModel(): Promise<void> {
  const model = currentModel.value;
  const known = looked.peek();
  if (known?.model.id === model.id && ("info" in known || known.lasting)) return;
  try {
    const onnx = await fileOf(model);
    const info = await train.readNetwork(onnx);
    // Another model may be in use by now, and have been looked at.
    if (currentModel.peek().id === model.id) looked.value = { model, onnx, info };
  } catch (error) {
    if (currentModel.peek().id === model.id) looked.value = { model, reason: explain(error), lasting: isOfFile(error) };
  }
}
