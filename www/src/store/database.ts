import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** A model of the person's own, as it is kept. */
export interface KeptModel {
  id: string;
  origin: "trained" | "opened";
  name: string;
  onnx: Uint8Array;
  /** Names given beside the file; without them the file's own are used. */
  labels?: string[];
  /** 0–1, where it is known. */
  accuracy?: number;
  /** Milliseconds since 1970. */
  created: number;
}

interface Schema extends DBSchema {
  models: { key: string; value: KeptModel };
  settings: { key: "currentModel"; value: string };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>("hearth", 1, {
    upgrade(db) {
      db.createObjectStore("models", { keyPath: "id" });
      db.createObjectStore("settings");
    },
  });
  return opening;
}

/** Every write is one transaction: it is done as a whole, or not at all. */
export async function keepModel(model: KeptModel): Promise<void> {
  await (await database()).put("models", model);
}

export async function forgetModel(id: string): Promise<void> {
  await (await database()).delete("models", id);
}

export async function keptModels(): Promise<KeptModel[]> {
  const models = await (await database()).getAll("models");
  return models.sort((a, b) => a.created - b.created);
}

export async function rememberCurrentModel(id: string): Promise<void> {
  await (await database()).put("settings", id, "currentModel");
}

export async function rememberedModel(): Promise<string | undefined> {
  return (await database()).get("settings", "currentModel");
}
