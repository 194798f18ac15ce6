import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { abandon, connection, whole } from "../engine/connection";
import type { DatasetId } from "../engine/protocol";
import type { ModelInfo } from "../engine/types";
import type { HeadOf } from "./head-facts";
import type { Trace, ValAt, Validation } from "./run/course";

/** A model of the person's own, as it is listed. Its file lies apart: it is read when it is first used. */
export interface KeptModel {
  id: string;
  origin: "trained" | "opened";
  name: string;
  /** Of the file. */
  bytes: number;
  /** Names given beside the file; without them the file's own are used. */
  labels?: string[];
  /** 0–1, where it is known; of a network that was trained here, with what and when that was. */
  accuracy?: number;
  accuracyAt?: ValAt;
  /** SHA-256 of the file as it was opened, in hexadecimal digits: what has been settled since is written into the file. */
  hash?: string;
  /** What the file says of itself; absent until it has been opened by a version that keeps that. */
  facts?: ModelFacts;
  /** Milliseconds since 1970. */
  created: number;
}

/** What a list says of a network without opening its file. */
export type ModelFacts = Pick<ModelInfo, "channels" | "height" | "width" | "parameters" | "takesDrawings" | "test"> & {
  classes: number;
  dataset?: string;
  /** Of a model that learned on the features of another network. */
  head?: HeadOf;
};

/** A photo, as it was given. */
export interface KeptPhoto {
  name: string;
  path: string;
  file: Blob;
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
  /** Of the models, by their ids. */
  files: { key: string; value: Uint8Array };
  runs: { key: typeof LAST | typeof BEFORE; value: KeptRun };
  /** `lastRun`: whose run is kept as the last. To read it would be to copy a network with all its state. */
  settings: { key: "currentModel" | "lastRun"; value: string };
  photos: { key: number; value: KeptPhoto };
}

const VERSION = 3;

const inDatabase = connection<Schema>("hearth", VERSION, upgrade);

async function upgrade(
  db: IDBPDatabase<Schema>,
  before: number,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
): Promise<void> {
  if (before < 1) {
    db.createObjectStore("models", { keyPath: "id" });
    db.createObjectStore("settings");
  }
  if (before < 2) db.createObjectStore("runs");
  if (before < 3) {
    db.createObjectStore("files");
    db.createObjectStore("photos", { autoIncrement: true });
    // Without room for that everything stays as it was, and the database is not opened.
    await setFilesApart(transaction).catch(() => abandon(transaction));
  }
}

/** Before version 3 a model's file lay in its record, and to list the models all files were read. */
async function setFilesApart(
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
): Promise<void> {
  const files = transaction.objectStore("files");
  let cursor = await transaction.objectStore("models").openCursor();
  while (cursor) {
    const { onnx, ...model } = cursor.value as KeptModel & { onnx: Uint8Array };
    await files.put(onnx, model.id);
    await cursor.update({ ...model, bytes: onnx.byteLength });
    cursor = await cursor.continue();
  }
}

/** Every write is one transaction: it is done as a whole, or not at all. */
export function keepModel(model: KeptModel, onnx: Uint8Array): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction(["models", "files"], "readwrite");
    await whole(transaction, async () => {
      await transaction.objectStore("files").put(onnx, model.id);
      await transaction.objectStore("models").put(model);
    });
  });
}

/** A model with its file in the place of the one with the id `before`, also as the one in use. */
export function replaceModel(before: string, model: KeptModel, onnx: Uint8Array): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction(["models", "files", "settings"], "readwrite");
    const [models, files, settings] = [
      transaction.objectStore("models"),
      transaction.objectStore("files"),
      transaction.objectStore("settings"),
    ];
    await whole(transaction, async () => {
      if (before !== model.id) await Promise.all([models.delete(before), files.delete(before)]);
      await files.put(onnx, model.id);
      await models.put(model);
      if ((await settings.get("currentModel")) === before) await settings.put(model.id, "currentModel");
    });
  });
}

/** Writes down what has changed of a model that is kept; one that is not, or no longer, stays away. */
export function keepChanges(id: string, changes: Partial<Pick<KeptModel, "name" | "facts" | "hash">>): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction("models", "readwrite");
    await whole(transaction, async () => {
      const known = await transaction.store.get(id);
      if (known) await transaction.store.put({ ...known, ...changes });
    });
  });
}

export function forgetModel(id: string): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction(["models", "files"], "readwrite");
    await whole(transaction, async () => {
      await transaction.objectStore("models").delete(id);
      await transaction.objectStore("files").delete(id);
    });
  });
}

/** In the order in which they came, without their files. */
export async function keptModels(): Promise<KeptModel[]> {
  const models = await inDatabase((db) => db.getAll("models"));
  return models.sort((a, b) => a.created - b.created);
}

export function keptFile(id: string): Promise<Uint8Array | undefined> {
  return inDatabase((db) => db.get("files", id));
}

export async function rememberCurrentModel(id: string): Promise<void> {
  await inDatabase((db) => db.put("settings", id, "currentModel"));
}

export function rememberedModel(): Promise<string | undefined> {
  return inDatabase((db) => db.get("settings", "currentModel"));
}

/** Returns their keys. */
export function keepPhotos(photos: readonly KeptPhoto[]): Promise<number[]> {
  return inDatabase(async (db) => {
    const transaction = db.transaction("photos", "readwrite");
    return whole(transaction, () => Promise.all(photos.map((photo) => transaction.store.add(photo))));
  });
}

/** At most `count` of those whose keys come after `after`, in the order in which they came. */
export function keptPhotos(after: number, count: number): Promise<{ key: number; photo: KeptPhoto }[]> {
  return inDatabase(async (db) => {
    const range = IDBKeyRange.lowerBound(after, true);
    const { store, done } = db.transaction("photos");
    const [keys, photos] = await Promise.all([store.getAllKeys(range, count), store.getAll(range, count), done]);
    return photos.map((photo, place) => ({ key: keys[place] as number, photo }));
  });
}

export function forgetPhotos(keys: readonly number[]): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction("photos", "readwrite");
    await whole(transaction, () => Promise.all(keys.map((key) => transaction.store.delete(key))));
  });
}

/** Takes the last one's place, which becomes the one before where it is another training. */
export function keepRun(run: KeptRun): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction(["runs", "settings"], "readwrite");
    const [runs, settings] = [transaction.objectStore("runs"), transaction.objectStore("settings")];
    await whole(transaction, async () => {
      if ((await settings.get("lastRun")) !== run.id) {
        const last = await runs.get(LAST);
        if (last && last.id !== run.id) await runs.put(last, BEFORE);
        await settings.put(run.id, "lastRun");
      }
      await runs.put(run, LAST);
    });
  });
}

/** The last and the one before, as far as there are any. */
export async function keptRuns(): Promise<KeptRun[]> {
  const [last, before] = await inDatabase(async (db) => {
    const { store, done } = db.transaction("runs");
    return Promise.all([store.get(LAST), store.get(BEFORE), done]);
  });
  return [last, before].filter(
    (run, place, all) => run !== undefined && all.findIndex((a) => a?.id === run.id) === place,
  ) as KeptRun[];
}

export function forgetRun(id: string): Promise<void> {
  return inDatabase(async (db) => {
    const transaction = db.transaction("runs", "readwrite");
    await whole(transaction, async () => {
      const { store } = transaction;
      for (const key of [LAST, BEFORE] as const) if ((await store.get(key))?.id === id) await store.delete(key);
    });
  });
}
