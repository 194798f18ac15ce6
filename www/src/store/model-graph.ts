/** A model on its own page: what its file says, its graph by stages, and what can be done with it. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { EngineError } from "../engine/error";
import { opening } from "../engine/opening";
import { type DatasetId, isOwn as isOwnDataset } from "../engine/protocol";
import type { ModelGraph, ModelInfo } from "../engine/types";
import { explain, strings } from "../i18n";
import { query, route } from "../router";
import { asSeenBy, type Shape, shapeOf, unfit } from "./compatible";
import { datasetCalled, datasetIds, factsOf } from "./datasets";
import { lookInto } from "./look";
import { BACKBONES, chooseBackbone, ownBackbones } from "./own/features";
import { train } from "./run";
import {
  answering,
  currentDataset,
  currentModel,
  fileOf,
  idNow,
  type Model,
  modelInfo,
  models,
  modelsRestored,
  use,
} from "./session";
import { chooseBeginning, lookAtModel } from "./source";

/** What was found out about a model's file; a file does not change. */
interface Found {
  id: string;
  info: ModelInfo;
  graph: ModelGraph;
}

/** The model that the address names, or else the one in use; null while nobody knows whether it is there. */
export const shownModel = computed<Model | null>(() => {
  const asked = query.value.get("id");
  if (asked === null) return currentModel.value;
  const id = idNow(asked);
  const found = models.value.find((model) => model.id === id);
  return found ?? (modelsRestored.value ? currentModel.value : null);
});

const found = signal<Found | null>(null);
const failed = signal<{ id: string; error: EngineError } | null>(null);
/** `error`: why a training cannot go on from it; null where one can. */
const trained = signal<{ id: string; error: EngineError | null } | null>(null);

const shownId = computed(() => shownModel.value?.id);

/** What the file says of itself; null until it has been read. */
export const shownInfo = computed<ModelInfo | null>(() => {
  // Of the model in use the session knows what was settled last.
  if (answering.value && answering.value.id === shownId.value) return modelInfo.value;
  return found.value?.id === shownId.value ? (found.value?.info ?? null) : null;
});
export const shownGraph = computed(() => (found.value?.id === shownId.value ? (found.value?.graph ?? null) : null));
export const shownError = computed(() => (failed.value?.id === shownId.value ? (failed.value?.error ?? null) : null));
/** Why a training cannot go on from the model, empty where one can; null while that is not known. */
export const trainRefusal = computed<string | null>(() => {
  if (trained.value?.id !== shownId.value) return null;
  const { error } = trained.value ?? {};
  if (!error) return "";
  return error.code === "onnx-unsupported" ? strings.value.model.reasons.train(error.message) : explain(error);
});
/** Names that came beside the file, or the file's own. */
export const shownLabels = computed(() => shownModel.value?.labels ?? shownInfo.value?.labels ?? []);

/** Keeps what is known like the model that is shown, while its page is. Returns what ends that. */
export function beginModelPage(): () => void {
  return effect(() => {
    const { value: id } = shownId;
    if (id === undefined || route.value !== "model") return;
    untracked(() => void look(id));
  });
}

/** Once more, where something was in the way. */
export function lookAtFileAgain(): void {
  failed.value = null;
  const { value: id } = shownId;
  if (id !== undefined) void look(id);
}

async function look(id: string): Promise<void> {
  const model = models.peek().find((known) => known.id === id);
  if (!model || trained.peek()?.id === id || failed.peek()?.id === id) return;
  try {
    const onnx = await fileOf(model);
    const known = found.peek();
    const now = known?.id === id ? known : await read(id, onnx);
    if (shownId.peek() !== id) return;
    found.value = now;
    await lookWhetherTrainable(id, onnx, now.info);
  } catch (error) {
    if (shownId.peek() === id) failed.value = { id, error: EngineError.from(error) };
  }
}

async function read(id: string, onnx: Uint8Array): Promise<Found> {
  const [info, graph] = await Promise.all([opening.inspect(onnx), opening.graph(onnx)]);
  return { id, info, graph };
}

/** The engine that trains is asked about what is not written as a network of Hearth's. */
async function lookWhetherTrainable(id: string, onnx: Uint8Array, info: ModelInfo): Promise<void> {
  let refused: EngineError | null = null;
  if (!info.spec) {
    try {
      await train.readNetwork(onnx);
    } catch (error) {
      refused = EngineError.from(error);
    }
  }
  if (shownId.peek() === id) trained.value = { id, error: refused };
}

/** The images that a network can be tested on: those that it learned from, those in use, or others that fit. */
export function testableOn(info: ModelInfo, classes: number): DatasetId | null {
  const network: Shape = { ...shapeOf(info), classes };
  const learned = datasetCalled(info.dataset);
  const all = [...(learned ? [learned] : []), currentDataset.value, ...datasetIds.value];
  const fits = (id: DatasetId) => {
    const images = factsOf(id);
    return images.test > 0 && unfit(network, asSeenBy(network, images, isOwnDataset(id))) === "";
  };
  return all.find(fits) ?? null;
}

/** Whether a head can learn on what this network sees. */
export function canCarryHead(model: Model): boolean {
  return BACKBONES.some((id) => id === model.id) || ownBackbones.value.includes(model);
}

/** Makes it the model in use, and what is looked into. */
export async function useToLookInside(id: string): Promise<void> {
  lookInto("session");
  await use(id);
}

/** Makes it the model in use, and what the next training goes on from. */
export async function useToTrain(id: string): Promise<void> {
  await use(id);
  await lookAtModel();
  chooseBeginning("weights");
}

export async function useToTest(id: string, dataset: DatasetId): Promise<void> {
  currentDataset.value = dataset;
  await use(id);
}

export const useForHead = chooseBackbone;
