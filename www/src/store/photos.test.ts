import { Blob as NodeBlob, File as NodeFile } from "node:buffer";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ModelInfo } from "../engine/types";

vi.mock("../engine/infer", () => ({
  InferEngine: class {
    start(): void {}

    async open(): Promise<Partial<ModelInfo>> {
      return { labels: ["cat", "cup"], parameters: 7, takesDrawings: false };
    }

    file(): Uint8Array {
      return Uint8Array.of(1);
    }

    async predictPhoto(_slot: string, picture: Blob) {
      if ((await picture.text()) === "broken")
        throw Object.assign(new Error("Broken."), { code: "picture-unreadable" });
      const predictions = [{ index: 1, label: "cup", p: 0.9 }];
      return { predictions, ms: 1, width: 4, height: 3, thumbnail: new Blob(["small"]) };
    }
  },
}));

type Photos = typeof import("./photos");
type Session = typeof import("./session");
type Toasts = typeof import("./toasts");

let photos: Photos;
let session: Session;
let toasts: Toasts;
let revoked: string[];

const file = (name: string, content = name) => new NodeFile([content], name, { type: "image/jpeg" }) as unknown as File;
const names = () => photos.photos.value.map(({ name }) => name);
const answers = () => photos.photos.value.map((photo) => photos.answerOf(photo)?.predictions[0]?.label);
const errors = () => toasts.toasts.value.filter(({ kind }) => kind === "error").map(({ text }) => text);

/** The Photos page, opened anew. */
async function load(): Promise<void> {
  vi.resetModules();
  [photos, session, toasts] = await Promise.all([import("./photos"), import("./session"), import("./toasts")]);
  await session.beginSession();
  await session.use("lite0");
  await photos.restorePhotos();
  photos.askModel("lite0");
}

async function answered(): Promise<void> {
  await until(() => expect(photos.waiting.value).toBe(0));
}

/** Waits until the database holds so many. */
async function kept(count: number): Promise<void> {
  const { keptPhotos } = await import("./database");
  await until(async () => expect(await keptPhotos(0, 100)).toHaveLength(count));
}

/** Waits for what is on its way; how long that takes is the machine's affair. */
function until(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: 30_000, interval: 5 });
}

function undo(): void {
  toasts.undo(toasts.toasts.value.findLast((shown) => shown.undo)?.id ?? 0);
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("fetch", async () => new Response("net"));
  vi.stubGlobal("Blob", NodeBlob);
  vi.stubGlobal("File", NodeFile);
  revoked = [];
  let addresses = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${++addresses}`);
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((address) => revoked.push(address));
  await load();
});

describe("photos that are cleared", () => {
  test("come back as they were, answers included, when that is undone", async () => {
    photos.addPhotos([file("a.jpg"), file("b.jpg")]);
    await answered();
    const before = photos.photos.value;
    photos.clearPhotos();
    expect(names()).toEqual([]);
    await kept(0);
    photos.addPhotos([file("c.jpg")]);
    undo();
    expect(names()).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
    expect(photos.photos.value.slice(0, 2)).toEqual(before);
    expect(revoked).toEqual([]);
    await kept(3);
  });

  test("are let go for good once that can no longer be undone", async () => {
    photos.addPhotos([file("a.jpg"), file("b.jpg")]);
    await answered();
    photos.clearPhotos();
    for (const { id } of toasts.toasts.value) toasts.dismiss(id);
    expect(revoked).toEqual(["blob:1", "blob:2"]);
    await kept(0);
    await load();
    expect(names()).toEqual([]);
  });

  test("are asked anew when they come back to another model", async () => {
    photos.addPhotos([file("a.jpg"), file("b.jpg")]);
    await answered();
    photos.clearPhotos();
    await session.use("lite2");
    photos.askModel("lite2");
    undo();
    await until(() => expect(photos.photos.value.map(({ model }) => model.value)).toEqual(["lite2", "lite2"]));
    await answered();
    expect(answers()).toEqual(["cup", "cup"]);
  });

  test("while they are being answered are answered when they come back", async () => {
    photos.addPhotos([file("a.jpg"), file("b.jpg")]);
    photos.clearPhotos();
    undo();
    await answered();
    expect(answers()).toEqual(["cup", "cup"]);
  });
});

describe("photos and a reload", () => {
  test("they come back in their order, with where they lay, and are answered anew", async () => {
    photos.addPhotos([file("b.jpg"), file("a.jpg"), file("x.jpg", "broken")]);
    await kept(3);
    await load();
    expect(names()).toEqual(["b.jpg", "a.jpg", "x.jpg"]);
    expect(photos.photos.value.map(({ path }) => path)).toEqual(["b.jpg", "a.jpg", "x.jpg"]);
    expect(photos.photos.value[0]?.file.type).toBe("image/jpeg");
    await answered();
    expect(answers()).toEqual(["cup", "cup", undefined]);
  });

  test("hundreds come back, and those that are added then come after them", async () => {
    photos.addPhotos(Array.from({ length: 60 }, (_, i) => file(`${i}.jpg`)));
    await kept(60);
    vi.resetModules();
    photos = await import("./photos");
    photos.addPhotos([file("new.jpg")]);
    await photos.restorePhotos();
    expect(names()).toEqual([...Array(60).keys()].map((i) => `${i}.jpg`).concat("new.jpg"));
  });

  test("where the browser has no room, they are answered all the same, and that is said once", async () => {
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    });
    photos.addPhotos([file("a.jpg")]);
    photos.addPhotos([file("b.jpg")]);
    await answered();
    await until(() => expect(errors()).toHaveLength(1));
    expect(errors()[0]).toMatch(/cannot be stored/);
  });

  test("more than there is room for: the first are kept, and how many is said", async () => {
    const { PhotoKeeping } = await import("./photo-keeping");
    const keeping = new PhotoKeeping(25);
    const list = ["one", "two", "six"].map((name) => ({ name, path: name, file: file(name, "ten bytes."), key: null }));
    await keeping.keep(list);
    await kept(2);
    expect(errors()).toEqual([expect.stringMatching(/the first 2 come back/)]);
    await keeping.forget(list);
    await kept(0);
  });
});
