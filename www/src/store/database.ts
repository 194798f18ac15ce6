import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { DatasetId } from "../engine/protocol";
import type { Trace, ValAt, Validation } from "./run/course";

/** A model of the person's own, as it is kept. */
export interface KeptModel {
  id: string;
  origin: "trained" | "opened";
  name: string;
  onnx: Uint8Array;
  /** Names given beside the file; without them the file's own are used. */
  labels?: string[];
  /** 0–1, where it is known; of a network that was trained here, with what and when that was. */
  accuracy?: number;
  accuracyAt?: ValAt;
  /** Milliseconds since 1970. */
  created: number;
}

/** A training, as it stood when it was last written down. */
export interface KeptRun {
  /** One that is resumed keeps its id. */
  id: string;
  dataset: DatasetId;
  /** With the training's state. */
  onnx: Uint8Array;
  /** Of the network. */
  name: string;
  parameters: number | null;
  /** Finished epochs, of so many. */
  epoch: number;
  epochs: number;
  step: number;
  /** Of so many; runs that were kept by earlier versions do not say. */
  totalSteps?: number;
  /** 0–1, where it is known. */
  accuracy: number | null;
  /** The same with of what and when it was, which earlier versions did not keep. */
  validation?: Validation;
  /** Its curves, which earlier versions did not keep. */
  trace?: Trace;
  /** Spent running. */
  seconds: number;
  /** `running` is what a tab that closed or crashed leaves behind. */
  state: "running" | "stopped" | "done";
}

const LAST = "last";
/** The one before: what hours have learned must not be lost to a new Start. */
const BEFORE = "before";

interface Schema extends DBSchema {
  models: { key: string; value: KeptModel };
  runs: { key: typeof LAST | typeof BEFORE; value: KeptRun };
  settings: { key: "currentModel"; value: string };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>("hearth", 2, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("models", { keyPath: "id" });
        db.createObjectStore("settings");
      }
      if (before < 2) db.createObjectStore("runs");
    },
    // A newer page in another tab needs the database: this one lets go and opens it again when asked.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
  });
  // A database that could not be opened may open the next time.
  opening.catch(() => {
    opening = undefined;
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

/** Takes the last one's place, which becomes the one before where it is another training. */
export async function keepRun(run: KeptRun): Promise<void> {
  const transaction = (await database()).transaction("runs", "readwrite");
  const { store, done } = transaction;
  try {
    const last = await store.get(LAST);
    if (last && last.id !== run.id) await store.put(last, BEFORE);
    await store.put(run, LAST);
  } catch (error) {
    // What `put` throws by itself leaves the transaction open, and its half would be written.
    transaction.abort();
    await done.catch(() => {});
    throw error;
  }
  await done;
}

/** The last and the one before, as far as there are any. */
export async function keptRuns(): Promise<KeptRun[]> {
  const { store, done } = (await database()).transaction("runs");
  const [last, before] = await Promise.all([store.get(LAST), store.get(BEFORE), done]);
  return [last, before].filter(
    (run, place, all) => run !== undefined && all.findIndex((a) => a?.id === run.id) === place,
  ) as KeptRun[];
}

export async function forgetRun(id: string): Promise<void> {
  const { store, done } = (await database()).transaction("runs", "readwrite");
  for (const key of [LAST, BEFORE] as const) if ((await store.get(key))?.id === id) await store.delete(key);
  await done;
}
