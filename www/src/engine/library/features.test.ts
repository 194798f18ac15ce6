// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, expect, test, vi } from "vitest";
import type { FeatureRow } from "./features";
import { dataset, newSample, WRITER } from "./testing";

const ID = "own-1";
const BACKBONE = "backbone";

async function rooms() {
  vi.resetModules();
  return { ...(await import("./library")), ...(await import("./features")) };
}

let room: Awaited<ReturnType<typeof rooms>>;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  room = await rooms();
  await room.createDataset(dataset());
});

/** Vectors of two values that say whose they are. */
function rows(...places: [sample: number, copy: number][]) {
  return {
    samples: Uint32Array.from(places, ([sample]) => sample),
    copies: Uint8Array.from(places, ([, copy]) => copy),
    features: Float32Array.from(places.flat()),
  };
}

async function read(places: FeatureRow[], backbone = BACKBONE, of: typeof ID | "own-2" = ID): Promise<number[][]> {
  const found: number[][] = places.map(() => []);
  await room.readFeatures(of, backbone, places, (place, vector) => {
    found[place] = [...vector];
  });
  return found;
}

test("features are there for whoever comes later, by image, copy and network", async () => {
  await room.addSamples(ID, WRITER, [newSample(1), newSample(2)]);
  await room.keepFeatures(ID, BACKBONE, rows([0, 0], [0, 3], [1, 0]));
  await room.keepFeatures(ID, "another", rows([1, 2]));
  room = await rooms();
  expect(await room.keptCopies(ID, BACKBONE)).toEqual(
    new Map([
      [0, 0b1001],
      [1, 0b1],
    ]),
  );
  expect(
    await read([
      { sample: 1, copy: 0 },
      { sample: 0, copy: 3 },
      { sample: 1, copy: 2 },
    ]),
  ).toEqual([[1, 0], [0, 3], []]);
  expect(await read([{ sample: 1, copy: 2 }], "another")).toEqual([[1, 2]]);
});

test("of thousands all are found, whatever lies between them", async () => {
  const news = Array.from({ length: 1300 }, (_, i) => newSample(i));
  await room.addSamples(ID, WRITER, news);
  const all = news.flatMap((_, i): [number, number][] => [
    [i, 0],
    [i, 1],
  ]);
  await room.keepFeatures(ID, BACKBONE, rows(...all));
  const wanted = news.map((_, i) => ({ sample: news.length - 1 - i, copy: i % 2 }));
  expect(await read(wanted)).toEqual(wanted.map(({ sample, copy }) => [sample, copy]));
  expect((await room.keptCopies(ID, BACKBONE)).size).toBe(1300);
});

test("features go with their sample and with their dataset, and only those", async () => {
  await room.addSamples(ID, WRITER, [newSample(1), newSample(2)]);
  await room.createDataset(dataset({ id: "own-2" }));
  await room.addSamples("own-2", WRITER, [newSample(3)]);
  await room.keepFeatures(ID, BACKBONE, rows([0, 0], [0, 1], [1, 0]));
  await room.keepFeatures("own-2", BACKBONE, rows([0, 0]));
  await room.patchSamples(ID, WRITER, new Map([[0, { gone: 10 }]]));
  await room.forgetGone(ID, WRITER, 20);
  expect([...(await room.keptCopies(ID, BACKBONE)).keys()]).toEqual([1]);
  // What is computed too late, of a sample that has been forgotten, is not kept either.
  await room.keepFeatures(ID, BACKBONE, rows([0, 0], [1, 1]));
  expect(await room.keptCopies(ID, BACKBONE)).toEqual(new Map([[1, 0b11]]));
  await room.forgetDataset(ID);
  expect((await room.keptCopies(ID, BACKBONE)).size).toBe(0);
  expect((await room.keptCopies("own-2", BACKBONE)).size).toBe(1);
});

test("features that find no room are refused as a whole, and nothing else is lost", async () => {
  await room.addSamples(ID, WRITER, [newSample(1)]);
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  });
  const failing = room.keepFeatures(ID, BACKBONE, rows([0, 0]));
  await expect(failing).rejects.toMatchObject({ name: "QuotaExceededError" });
  vi.restoreAllMocks();
  expect((await room.keptCopies(ID, BACKBONE)).size).toBe(0);
  expect(await room.samplesAfter(ID, -1, 10)).toHaveLength(1);
});

test("a library of the first version keeps everything when it gets room for features", async () => {
  globalThis.indexedDB = new IDBFactory();
  const old = await openDB("hearth-images", 1, {
    upgrade(db) {
      db.createObjectStore("datasets", { keyPath: "id" });
      db.createObjectStore("samples", { keyPath: ["dataset", "id"] });
      for (const name of ["originals", "thumbnails", "looks"]) db.createObjectStore(name);
    },
  });
  const { original, thumbnail, look, group: _, ...facts } = newSample(7);
  await old.put("datasets", dataset({ next: 1, revision: 4 }));
  await old.put("samples", { ...facts, dataset: ID, id: 0, group: 0 });
  await old.put("originals", original, [ID, 0]);
  await old.put("thumbnails", thumbnail, [ID, 0]);
  await old.put("looks", look, [ID, 0]);
  old.close();
  room = await rooms();
  const [sample] = await room.samplesAfter(ID, -1, 10);
  expect(sample).toMatchObject({ id: 0, name: "7.jpg" });
  expect(await (await room.original({ dataset: ID, id: 0, type: "" }))?.text()).toBe("file 7");
  expect((await room.ownDataset(ID))?.revision).toBe(4);
  await room.keepFeatures(ID, BACKBONE, rows([0, 0]));
  expect((await room.keptCopies(ID, BACKBONE)).get(0)).toBe(1);
});
