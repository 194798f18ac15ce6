// @vitest-environment node
import { forceCloseDatabase, IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { KeptModel, KeptRun } from "./database";

type Room = typeof import("./database");

let room: Room;
/** Every connection that was opened, the newest last. */
let connections: IDBDatabase[];

/** As a page that is loaded anew has it: no connection is open yet. */
async function reload(): Promise<Room> {
  vi.resetModules();
  return import("./database");
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  connections = [];
  const open = indexedDB.open.bind(indexedDB);
  vi.spyOn(indexedDB, "open").mockImplementation((...args) => {
    const request = open(...args);
    request.addEventListener("success", () => connections.push(request.result));
    return request;
  });
  room = await reload();
});

const model = (id: string, created = 0): KeptModel => ({ id, origin: "opened", name: id, bytes: 3, created });
const file = Uint8Array.of(1, 2, 3);
const run = (id: string): KeptRun => ({
  id,
  dataset: "mnist",
  onnx: file,
  name: "classic",
  parameters: null,
  epoch: 1,
  epochs: 5,
  step: 1875,
  accuracy: 0.98,
  seconds: 20,
  state: "running",
});

/** As version 2 made it, and held open as by a tab that does not let go. */
function olderPage() {
  return openDB("hearth", 2, {
    upgrade(db) {
      db.createObjectStore("models", { keyPath: "id" });
      db.createObjectStore("settings");
      db.createObjectStore("runs");
    },
  });
}

describe("models and their files", () => {
  test("are kept, listed in the order they came without their files, and forgotten as a whole", async () => {
    await room.keepModel(model("second", 2), file);
    await room.keepModel(model("first", 1), file);
    const again = await reload();
    const listed = await again.keptModels();
    expect(listed.map(({ id }) => id)).toEqual(["first", "second"]);
    expect(listed[0]).not.toHaveProperty("onnx");
    expect(await again.keptFile("second")).toEqual(file);
    await again.forgetModel("second");
    expect(await again.keptFile("second")).toBeUndefined();
    expect(await again.keptModels()).toHaveLength(1);
  });

  test("what changes of one is written down, and brings none back that was forgotten", async () => {
    await room.keepModel(model("mine"), file);
    await room.keepChanges("mine", { name: "Herbert" });
    await room.keepChanges("gone", { name: "Ghost" });
    expect((await room.keptModels()).map(({ id, name }) => [id, name])).toEqual([["mine", "Herbert"]]);
  });

  test("one takes another's place as a whole, also as the one in use", async () => {
    await room.keepModel(model("before"), file);
    await room.rememberCurrentModel("before");
    const after = { ...model("after"), hash: "abc" };
    await room.replaceModel("before", after, Uint8Array.of(4));
    expect(await room.keptModels()).toEqual([after]);
    expect(await room.keptFile("before")).toBeUndefined();
    expect(await room.keptFile("after")).toEqual(Uint8Array.of(4));
    expect(await room.rememberedModel()).toBe("after");
  });

  test("the one of before stays where there is no room for the other", async () => {
    await room.keepModel(model("before"), file);
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === "models") throw new DOMException("The disk is full.", "QuotaExceededError");
      return put.apply(this, args);
    });
    const full = room.replaceModel("before", model("after"), Uint8Array.of(4));
    await expect(full).rejects.toMatchObject({ name: "QuotaExceededError" });
    expect((await room.keptModels()).map(({ id }) => id)).toEqual(["before"]);
    expect(await room.keptFile("before")).toEqual(file);
  });

  test("a file that finds no room leaves no model behind", async () => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === "models") throw new DOMException("The disk is full.", "QuotaExceededError");
      return put.apply(this, args);
    });
    await expect(room.keepModel(model("large"), file)).rejects.toMatchObject({ name: "QuotaExceededError" });
    expect(await room.keptFile("large")).toBeUndefined();
  });
});

test("a database of before, with the files in the models' records, is brought over with nothing lost", async () => {
  const before = await olderPage();
  const { bytes: _, ...old } = { ...model("own-1", 7), labels: ["no", "yes"], accuracy: 0.9 };
  await before.put("models", { ...old, onnx: file });
  await before.put("settings", "own-1", "currentModel");
  await before.put("runs", run("run-1"), "last");
  before.close();
  expect(await room.keptModels()).toEqual([{ ...old, bytes: 3 }]);
  expect(await room.keptFile("own-1")).toEqual(file);
  expect(await room.rememberedModel()).toBe("own-1");
  expect((await room.keptRuns()).map(({ id }) => id)).toEqual(["run-1"]);
});

describe("a connection that is lost", () => {
  test("by the browser is opened again", async () => {
    await room.keepModel(model("mine"), file);
    forceCloseDatabase(connections[0] as never);
    expect(await room.keptModels()).toHaveLength(1);
    expect(connections).toHaveLength(2);
  });

  test("without a word is opened again", async () => {
    await room.keepModel(model("mine"), file);
    connections[0]?.close();
    expect(await room.keptModels()).toHaveLength(1);
    await room.keepRun(run("run-1"));
    expect(connections).toHaveLength(2);
  });

  test("is let go when a newer page wants the database", async () => {
    await room.keptModels();
    const newer = await openDB("hearth", 99);
    expect(newer.version).toBe(99);
    newer.close();
  });
});

test("while an older page keeps the database nobody waits for it, and it is used once that has gone", async () => {
  const older = await olderPage();
  await expect(room.keptModels()).rejects.toThrow(/another tab/);
  await expect(room.rememberedModel()).rejects.toThrow(/another tab/);
  older.close();
  await vi.waitFor(async () => expect(await room.keptRuns()).toEqual([]));
  expect(connections.filter(({ version }) => version === 3)).toHaveLength(1);
});

describe("photos", () => {
  const photo = (name: string) => ({ name, path: `trip/${name}`, file: new Blob([name], { type: "image/jpeg" }) });

  test("are kept in their order, read a few at a time, and forgotten by their keys", async () => {
    const keys = await room.keepPhotos(["a", "b", "c"].map(photo));
    const again = await reload();
    const first = await again.keptPhotos(0, 2);
    expect(first.map(({ photo: { name } }) => name)).toEqual(["a", "b"]);
    expect(await first[0]?.photo.file.text()).toBe("a");
    const rest = await again.keptPhotos(first.at(-1)?.key ?? 0, 2);
    expect(rest.map(({ photo: { path } }) => path)).toEqual(["trip/c"]);
    await again.forgetPhotos(keys.slice(0, 2));
    expect((await again.keptPhotos(0, 9)).map(({ photo: { name } }) => name)).toEqual(["c"]);
  });
});
