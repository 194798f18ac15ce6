/** What can be done with models of the person's own once they are there: another name, and away, with the way back. */
import { batch } from "@preact/signals";
import { strings } from "../i18n";
import { forgetModel, type KeptModel, keepChanges, keepModel } from "./database";
import type { Model } from "./models";
import { currentModelId, fileOf, letFileGo, models, reconsider, use } from "./session";
import { toast } from "./toasts";

/** More is no name. */
const MOST_LETTERS = 60;

export function isOwn(model: Model): boolean {
  return model.origin !== "shipped";
}

/** An empty name changes nothing. */
export async function rename(id: string, name: string): Promise<void> {
  const next = name.trim().slice(0, MOST_LETTERS);
  const model = models.peek().find((known) => known.id === id);
  if (!model || !isOwn(model) || !next || next === model.name) return;
  models.value = models.peek().map((known) => (known.id === id ? { ...known, name: next } : known));
  await keepChanges(id, { name: next }).catch(() => toast("error", strings.value.session.notKept(next)));
}

/** Takes a model away. Its file is held until nobody can take that back any more. */
export async function remove(id: string): Promise<void> {
  const model = models.peek().find((known) => known.id === id);
  if (!model || !isOwn(model)) return;
  const onnx = await fileOf(model).catch(() => null);
  const place = models.peek().indexOf(model);
  if (place < 0) return;
  const wasCurrent = currentModelId.peek() === id;
  batch(() => {
    models.value = models.peek().filter((known) => known.id !== id);
    if (wasCurrent) void reconsider();
  });
  const forgotten = forgetModel(id).catch(() => {});
  const back = onnx && { undo: () => void forgotten.then(() => putBack(model, onnx, place, wasCurrent)) };
  toast("info", strings.value.session.removed(model.name), back ?? {});
}

async function putBack(model: Model, onnx: Uint8Array, place: number, wasCurrent: boolean): Promise<void> {
  const again: Model = { ...model, onnx };
  models.value = models.peek().toSpliced(place, 0, again);
  if (wasCurrent) void use(model.id);
  await keep(again);
}

/** Writes a model down with its file, which then need not be held any longer. */
async function keep(model: Model): Promise<void> {
  const { onnx, ...record } = model;
  if (!onnx) return;
  try {
    await keepModel(record as KeptModel, onnx);
    letFileGo(model.id, onnx);
  } catch {
    toast("error", strings.value.session.notKept(model.name));
  }
}
