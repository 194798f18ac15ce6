// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Lesson } from "./learning-protocol";
import { dataset, newSample, WRITER } from "./library/testing";

const ID = "own-1";

async function rooms() {
  vi.resetModules();
  const [library, features, lesson] = await Promise.all([
    import("./library/library"),
    import("./library/features"),
    import("./lesson"),
  ]);
  return { ...library, ...features, ...lesson };
}

let room: Awaited<ReturnType<typeof rooms>>;

/** Vectors that say whose they are. */
function rows(...places: [sample: number, copy: number][]) {
  return {
    samples: Uint32Array.from(places, ([sample]) => sample),
    copies: Uint8Array.from(places, ([, copy]) => copy),
    features: Float32Array.from(places.flat()),
  };
}

function lesson(copies: Record<number, number>): Lesson {
  const ids = Uint32Array.from(Object.keys(copies), Number);
  const [labels, groups] = [new Uint16Array(ids.length), new Uint32Array(ids.length)];
  const bits = Uint32Array.from(Object.values(copies));
  return { dataset: ID, backbone: "b", ids, labels, groups, copies: bits, classes: ["a", "b"], seed: 1 };
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  room = await rooms();
  await room.createDataset(dataset());
  await room.addSamples(ID, WRITER, [newSample(1), newSample(2), newSample(3)]);
});

test("a lesson's vectors come from the library once, and those that it does not have from the page", async () => {
  await room.keepFeatures(ID, "b", rows([0, 0], [0, 2], [1, 0]));
  const held = new room.HeldVectors();
  held.hold(ID, "b", rows([2, 0]));
  const read = vi.spyOn(IDBObjectStore.prototype, "get");
  const found = await held.read(lesson({ 0: 0b101, 1: 0b1, 2: 0b1 }));
  expect([...found.features]).toEqual([0, 0, 0, 2, 1, 0, 2, 0]);
  expect([...found.samples]).toEqual([0, 0, 1, 2]);
  expect([...found.copies]).toEqual([0, 2, 0, 0]);
  expect(found.dimension).toBe(2);
  const reads = read.mock.calls.length;
  expect(reads).toBe(3);
  await held.read(lesson({ 0: 0b1, 1: 0b1 }));
  expect(read.mock.calls.length).toBe(reads);
});

test("what is nowhere is left out: a copy, or an image with all its copies", async () => {
  await room.keepFeatures(ID, "b", rows([0, 0], [1, 1], [2, 0]));
  const found = await new room.HeldVectors().read(lesson({ 0: 0b11, 1: 0b10, 2: 0b1 }));
  expect(found.present).toEqual([0, 2]);
  expect([...found.samples]).toEqual([0, 1]);
  const none = new room.HeldVectors().read(lesson({ 1: 0b1 }));
  await expect(none).rejects.toMatchObject({ code: "features-missing" });
});

test("another dataset's vectors, and another network's, are never taken for these", async () => {
  const held = new room.HeldVectors();
  held.hold(ID, "b", rows([0, 0]));
  await expect(held.read({ ...lesson({ 0: 1 }), backbone: "other" })).rejects.toMatchObject({
    code: "features-missing",
  });
  await expect(held.read(lesson({ 0: 1 }))).rejects.toMatchObject({ code: "features-missing" });
});
