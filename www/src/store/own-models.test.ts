import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { ModelInfo } from "../engine/types";

const opened: string[] = [];

vi.mock("../engine/infer", () => ({
  InferEngine: class {
    start(): void {}

    async open(_slot: string, onnx: Uint8Array): Promise<Partial<ModelInfo>> {
      const file = new TextDecoder().decode(onnx);
      opened.push(file);
      return { labels: ["no", "yes"], parameters: 7, takesDrawings: true };
    }
  },
}));

type Session = typeof import("./session");
type OwnModels = typeof import("./own-models");
type Toasts = typeof import("./toasts");
type Kept = typeof import("./database");

let session: Session;
let own: OwnModels;
let toasts: Toasts;
let kept: Kept;

const file = (name: string) => new TextEncoder().encode(name);
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const names = () => session.models.value.filter(own.isOwn).map(({ name }) => name);
const newest = () => session.models.value.at(-1)?.id ?? "";

/** As a page that is opened anew; what the database holds stays. */
async function load(): Promise<void> {
  vi.resetModules();
  opened.length = 0;
  [session, own, toasts, kept] = await Promise.all([
    import("./session"),
    import("./own-models"),
    import("./toasts"),
    import("./database"),
  ]);
  await session.beginSession();
}

/** Waits for what is on its way; how long that takes is the machine's affair. */
function until(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: 30_000, interval: 5 });
}

function undo(): void {
  const last = toasts.toasts.value.findLast((shown) => shown.undo);
  toasts.undo(last?.id ?? 0);
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  // Models are listed by when they came: no two come in the same millisecond here.
  let now = 1_700_000_000_000;
  vi.spyOn(Date, "now").mockImplementation(() => ++now);
  vi.stubGlobal("fetch", async (address: URL) => new Response(address.pathname.split("/").at(-1) ?? ""));
  await load();
});

test("a page that opens reads no file but that of the model in use", async () => {
  await session.adopt({ origin: "opened", name: "first", onnx: file("first") });
  await session.adopt({ origin: "opened", name: "second", onnx: file("second") });
  const get = vi.spyOn(IDBObjectStore.prototype, "get");
  await load();
  expect(names()).toEqual(["first", "second"]);
  expect(session.models.value.every(({ onnx }) => onnx === undefined)).toBe(true);
  const filesRead = get.mock.contexts.filter((store) => (store as IDBObjectStore).name === "files");
  expect(filesRead).toHaveLength(1);
  expect(opened).toEqual(["second"]);
  expect(session.models.value.at(-1)?.facts).toMatchObject({ classes: 2, parameters: 7 });
});

test("another name stays, here and when the page is opened again", async () => {
  await session.adopt({ origin: "trained", name: "classic-1", onnx: file("net"), accuracy: 0.98 });
  await own.rename(newest(), "  Herbert ");
  await own.rename(newest(), "   ");
  expect(names()).toEqual(["Herbert"]);
  await load();
  expect(names()).toEqual(["Herbert"]);
  expect(session.currentModel.value).toMatchObject({ name: "Herbert", accuracy: 0.98 });
});

test("a shipped model keeps its name and its place", async () => {
  await own.rename("digits", "Herbert");
  await own.remove("digits");
  expect(session.models.value[0]).toMatchObject({ id: "digits", name: "Digits" });
});

test("a model that is removed is gone with its file, and comes back as it was when that is undone", async () => {
  for (const name of ["first", "second"]) {
    await session.adopt({ origin: "opened", name, onnx: file(name), labels: ["nay", "yea"] });
  }
  const { id } = session.models.value.find(({ name }) => name === "first") ?? { id: "" };
  await session.use(id);
  await own.remove(id);
  await until(() => expect(session.currentModelId.value).toBe("digits"));
  expect(names()).toEqual(["second"]);
  await until(async () => expect(await kept.keptFile(id)).toBeUndefined());
  undo();
  await until(async () => expect(text(await kept.keptFile(id))).toBe("first"));
  expect(names()).toEqual(["first", "second"]);
  expect(session.currentModelId.value).toBe(id);
  await until(async () => expect(await kept.rememberedModel()).toBe(id));
  await load();
  expect(names()).toEqual(["first", "second"]);
  expect(session.currentModel.value).toMatchObject({ name: "first", labels: ["nay", "yea"] });
  expect(opened).toEqual(["first"]);
});

test("a removal that nobody takes back is for good", async () => {
  await session.adopt({ origin: "opened", name: "first", onnx: file("first") });
  await own.remove(newest());
  for (const { id } of toasts.toasts.value) toasts.dismiss(id);
  await load();
  expect(names()).toEqual([]);
});

test("where the browser has no room, a model is used all the same, and can be removed and brought back", async () => {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === "files") throw new DOMException("The disk is full.", "QuotaExceededError");
    return put.apply(this, args);
  });
  await session.adopt({ origin: "opened", name: "large", onnx: file("large") });
  expect(toasts.toasts.value.map(({ kind }) => kind)).toEqual(["error"]);
  await own.remove(newest());
  undo();
  await until(() => expect(names()).toEqual(["large"]));
  expect(text(await session.fileOf(session.currentModel.value))).toBe("large");
});
