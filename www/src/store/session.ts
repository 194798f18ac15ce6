/**
 * The current model and dataset. Every select of a model or a dataset is a view of this room.
 */
import { batch, computed, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { InferEngine } from "../engine/infer";
import { newId } from "../engine/new-id";
import type { DatasetId } from "../engine/protocol";
import type { ModelInfo } from "../engine/types";
import { explain, strings } from "../i18n";
import {
  type KeptModel,
  keepChanges,
  keepModel,
  keptModels,
  type ModelFacts,
  rememberCurrentModel,
  rememberedModel,
  replaceModel,
} from "./database";
import { hearOf } from "./fetching";
import { headOf } from "./head-facts";
import { fetchShipped, fileOf, remember } from "./model-files";
import { type Model, SHIPPED } from "./models";
import { toast } from "./toasts";

export { fileOf } from "./model-files";
export type { Model } from "./models";

export type ModelState = "loading" | "ready" | "failed";

const [DIGITS] = SHIPPED;

export const infer = new InferEngine();
export const models = signal<Model[]>([...SHIPPED]);
/** Whether those that are kept in this browser are among them. */
export const modelsRestored = signal(false);
export const currentModelId = signal<string>(DIGITS.id);
export const currentModel = computed(() => models.value.find(({ id }) => id === currentModelId.value) ?? DIGITS);
export const modelState = signal<ModelState>("loading");
/** The model that the worker really holds: another than the current one while that is being opened. */
const held = signal<{ id: string; info: ModelInfo; chosen: boolean } | null>(null);
/** What the open file says of itself; null until one is open. */
export const modelInfo = computed(() => held.value?.info ?? null);
/** Whether the open model is one for what is drawn by hand; otherwise it takes photos. */
export const takesDrawings = computed(() => modelInfo.value?.takesDrawings ?? true);
/** The names of the open model's classes: those that came beside its file, or the file's own. */
export const labels = computed(() => {
  const open = models.value.find(({ id }) => id === held.value?.id);
  return open?.labels ?? held.value?.info.labels ?? [];
});

/** A model that can be asked. What it answered is said by its own names, and never outlives it. */
export interface Answering {
  id: string;
  labels: readonly string[];
  takesDrawings: boolean;
}

/** Who answers now; null while the current model is not open yet, or has failed. */
export const answering = computed<Answering | null>(() => {
  const { value: open } = held;
  if (!open || modelState.value !== "ready") return null;
  return { id: open.id, labels: labels.value, takesDrawings: open.info.takesDrawings };
});
export const currentDataset = signal<DatasetId>("mnist");

/** Ids of before, with those that came after. */
const replaced = signal<ReadonlyMap<string, string>>(new Map());

let choice = 0;
/** Whether a person chose the current model, now or when the page was last here. */
let chosen = false;
/** What is used until then. */
let suiting = DIGITS.id;
let begun = false;
/** Files are opened one after another, so that what was opened last is what the worker holds. */
let opening: Promise<unknown> = Promise.resolve();

infer.onLoading = (loaded, total) => hearOf("recogniser", loaded, total);
infer.onDeath = (_error, back) => {
  // A worker that is not started again holds nothing.
  if (!back) {
    batch(() => {
      held.value = null;
      modelState.value = "failed";
    });
  }
  toast(back ? "info" : "error", back ? strings.value.session.inferBack : strings.value.session.inferGone);
};

/** Opens what was chosen when the page was last here. */
export async function beginSession(): Promise<void> {
  const mine = choice;
  infer.start();
  const remembered = restoreModels();
  // The shipped model is on its way while the database is asked: nearly always it is the one that is wanted.
  void fetchShipped(currentModel.value).catch(() => {});
  const id = await remembered;
  begun = true;
  // A file that was opened meanwhile is a newer choice.
  if (mine !== choice) return;
  chosen = id !== undefined;
  await become(id ?? suiting);
}

async function restoreModels(): Promise<string | undefined> {
  try {
    const [kept, id] = await Promise.all([keptModels(), rememberedModel()]);
    models.value = [...SHIPPED, ...kept, ...models.value.filter((model) => model.origin !== "shipped")];
    return models.value.some((model) => model.id === id) ? id : undefined;
  } catch {
    // No database (a private window): models live as long as the page.
    return undefined;
  } finally {
    modelsRestored.value = true;
  }
}

/**
 * The shipped model that suits the page that is shown: the current one until a person chooses. A choice then stands on
 * every page, and when the page is opened again.
 */
export function suit(id: string): void {
  suiting = id;
  if (chosen || currentModelId.peek() === id) return;
  if (begun) void become(id);
  else currentModelId.value = id;
}

/** Makes the model that a person chose current; when it cannot be opened, says so and stays with the one before. */
export function use(id: string): Promise<void> {
  chosen = true;
  return become(id);
}

async function become(id: string): Promise<void> {
  // An effect calls this: what else happens in the list is none of its business.
  const model = models.peek().find((known) => known.id === id);
  if (!model) return;
  const mine = ++choice;
  const byPerson = chosen;
  batch(() => {
    currentModelId.value = id;
    modelState.value = "loading";
  });
  try {
    const onnx = await fileOf(model);
    await inTurn(async () => {
      // A file that took long to come must not take the place of one that was chosen after it.
      if (mine !== choice) return;
      const info = await opened(onnx);
      batch(() => {
        held.value = { id, info, chosen: byPerson };
        if (mine === choice) settle(id);
        learn(id, info);
      });
    });
  } catch (error) {
    if (mine !== choice) return;
    toast("error", isDeath(error) ? strings.value.session.inferGone : explain(error));
    await backToHeld(mine);
  }
}

/** A worker that died of it, where the machine is slow or short of memory, gets a second chance. */
function opened(onnx: Uint8Array): Promise<ModelInfo> {
  return infer.open("current", onnx).catch((error) => {
    if (!isDeath(error)) throw error;
    return infer.open("current", onnx);
  });
}

function isDeath(error: unknown): boolean {
  return EngineError.from(error).code === "worker-died";
}

function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = opening.then(work);
  opening = turn.catch(() => {});
  return turn;
}

/** To the last model that was really open. That may be one which was being opened when the one that failed was chosen. */
async function backToHeld(mine: number): Promise<void> {
  await opening;
  if (mine !== choice) return;
  const last = held.peek();
  if (last && models.value.some(({ id }) => id === last.id)) {
    chosen = last.chosen;
    batch(() => {
      currentModelId.value = last.id;
      settle(last.id);
    });
  } else if (currentModelId.peek() !== DIGITS.id) {
    chosen = false;
    await become(DIGITS.id);
  } else {
    modelState.value = "failed";
  }
}

/** A model that comes anew, with its file. */
export type NewModel = Omit<KeptModel, "id" | "created" | "bytes" | "facts"> & { onnx: Uint8Array };

/**
 * Adds a model of the person's own and makes it current; returns its id. Throws when the file cannot be opened; nothing is
 * changed then.
 */
export async function adopt({ onnx, ...model }: NewModel): Promise<string> {
  const mine = ++choice;
  const own = { id: `own-${newId()}`, created: Date.now(), bytes: onnx.byteLength };
  let record: KeptModel = { ...model, ...own };
  // The list holds the file until it is kept, and if it cannot be.
  let listed: Model = { ...record, onnx };
  const open = inTurn(async () => {
    const info = await opened(onnx);
    record = { ...withFittingLabels(model, info), ...own, facts: factsOf(info) };
    listed = { ...record, onnx };
    batch(() => {
      models.value = [...models.value, listed];
      held.value = { id: own.id, info, chosen: true };
      if (mine !== choice) return;
      chosen = true;
      currentModelId.value = own.id;
      settle(own.id);
    });
  });
  await open.catch((error) => {
    // What was being opened when this file came was put aside for it.
    if (mine === choice && modelState.value === "loading") void become(currentModelId.value);
    throw error;
  });
  try {
    await keepModel(record, onnx);
    letFileGo(own.id, onnx);
  } catch {
    toast("error", strings.value.session.notKept(record.name));
  }
  return own.id;
}

/** A model's file in another state: what a person settles is written into it. */
export interface NewFile {
  /** Another one where its answers are others: whatever is kept by a model's id is of the very same network. */
  id: string;
  onnx: Uint8Array;
  info: ModelInfo;
  /** Names beside the file; without them the file's own are used. */
  labels?: string[];
}

/**
 * Puts another file in the place of a model's. Where its answers are others and the model is in use, nothing answers until
 * the worker holds the new one. Throws when that cannot be opened; nothing is changed then, nor for a model that is gone.
 */
export async function replaceFile(id: string, file: NewFile): Promise<void> {
  let mine: number | undefined;
  let record: KeptModel | undefined;
  const turn = inTurn(async () => {
    const model = models.peek().find((known) => known.id === id);
    if (!model) return;
    if (file.id !== id && (held.peek()?.id === id || currentModelId.peek() === id)) {
      // Whatever was on its way under the id of before is no longer wanted.
      if (currentModelId.peek() === id) mine = ++choice;
      if (mine) modelState.value = "loading";
      await opened(file.onnx);
    }
    record = withFile(model, file);
    place(id, { ...record, onnx: file.onnx }, file.info);
    if (mine && mine === choice) modelState.value = "ready";
  });
  await turn.catch(async (error) => {
    if (mine && mine === choice) await backToHeld(mine);
    throw error;
  });
  if (!record) return;
  try {
    await replaceModel(id, record, file.onnx);
    letFileGo(file.id, file.onnx);
  } catch {
    toast("error", strings.value.session.notKept(record.name));
  }
}

function withFile({ labels: _, onnx: __, ...model }: Model, { id, onnx, info, labels }: NewFile): KeptModel {
  const record = { ...(model as KeptModel), id, bytes: onnx.byteLength, facts: factsOf(info) };
  return labels ? { ...record, labels } : record;
}

function place(id: string, model: Model, info: ModelInfo): void {
  const current = currentModelId.peek() === id;
  const open = held.peek();
  const holds = open?.id === id || (current && model.id !== id);
  batch(() => {
    models.value = models.peek().map((known) => (known.id === id ? model : known));
    if (holds) held.value = { id: model.id, info, chosen: open?.id === id ? open.chosen : chosen };
    if (current) currentModelId.value = model.id;
    if (id === model.id) return;
    const ids = new Map(replaced.peek()).set(id, model.id);
    ids.delete(model.id);
    replaced.value = ids;
  });
}

/** Under which id a model is now: a file that answers otherwise than before is another. */
export function idNow(id: string): string {
  const next = replaced.value.get(id);
  return next === undefined ? id : idNow(next);
}

/** What the open file says of itself, if it is this model's. */
export function infoOf(id: string): ModelInfo | null {
  const open = held.peek();
  return open?.id === id ? open.info : null;
}

function withFittingLabels<M extends Pick<KeptModel, "labels">>(model: M, info: ModelInfo): M {
  const { labels: given, ...rest } = model;
  if (!given || given.length === info.labels.length) return model;
  toast("error", strings.value.session.labelsLeftOut(given.length, info.labels.length));
  return rest as M;
}

/** Back to the model that suits the page that is shown: the one that was chosen is gone. */
export function reconsider(): Promise<void> {
  chosen = false;
  return become(suiting);
}

/** Keeps what the file of a model says of itself, where that is not known yet. */
function learn(id: string, info: ModelInfo): void {
  const model = models.value.find((known) => known.id === id);
  if (!model || model.origin === "shipped" || model.facts) return;
  const facts = factsOf(info);
  models.value = models.value.map((known) => (known === model ? { ...model, facts } : known));
  keepChanges(id, { facts }).catch(() => {});
}

function factsOf(info: ModelInfo): ModelFacts {
  const { channels, height, width, parameters, takesDrawings, labels, dataset, test } = info;
  const classes = labels.length;
  const head = headOf(info);
  const known = { ...(dataset && { dataset }), ...(test && { test }), ...(head && { head }) };
  return { channels, height, width, parameters, takesDrawings, classes, ...known };
}

function settle(id: string): void {
  modelState.value = "ready";
  if (chosen) rememberCurrentModel(id).catch(() => {});
}

/** A file that is kept need not be held by the list as well. */
export function letFileGo(id: string, onnx: Uint8Array): void {
  remember(id, onnx);
  models.value = models.value.map((known) => {
    if (known.id !== id) return known;
    const { onnx: _, ...listed } = known;
    return listed;
  });
}
