// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { dataset, newSample, WRITER } from "./testing";

type Library = typeof import("./library");

let library: Library;
const ID = "own-1";

/** As a page that is loaded anew has it. */
async function reload(): Promise<Library> {
  vi.resetModules();
  return import("./library");
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  library = await reload();
  await library.createDataset(dataset());
});

/** A write to the store that fails as it does on a full disk. */
function fullDisk(store: string): void {
  const add = IDBObjectStore.prototype.add;
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === store) throw new DOMException("The disk is full.", "QuotaExceededError");
    return add.apply(this, args);
  });
}

describe("samples", () => {
  test("come in with their files, are counted, and are there for whoever comes later", async () => {
    const news = [newSample(1, { label: "c1", split: "test" }), newSample(2), newSample(3, { label: "c1" })];
    const { dataset: now, samples } = await library.addSamples(ID, WRITER, news);
    expect(samples.map(({ id, group }) => [id, group])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(now).toMatchObject({ next: 3, revision: 1, counts: { c1: [1, 0, 1], "": [1, 0, 0] } });
    const later = await reload();
    expect(await later.ownDataset(ID)).toEqual(now);
    expect(await later.samplesAfter(ID, -1, 10)).toEqual(samples);
    expect(await later.samplesAfter(ID, 0, 1)).toEqual([samples[1]]);
    expect(await (await later.original(samples[1] as never))?.text()).toBe("file 2");
    expect((await later.looksAfter(ID, 1, 10)).map(({ id, look }) => [id, look[0]])).toEqual([[2, 3]]);
    const small = await later.pictures(samples);
    const texts = small.map((each) => each && new Blob([each.kept]).text());
    expect(await Promise.all(texts)).toEqual(["small 1", "small 2", "small 3"]);
    expect((await later.originals(samples)).map((file) => file?.type)).toEqual(Array(3).fill("image/jpeg"));
  });

  test("that are nearly alike share a group, with those that are there and those of the same call", async () => {
    await library.addSamples(ID, WRITER, [newSample(1)]);
    const news = [newSample(2), newSample(3, { group: -1 }), newSample(4, { group: 0 }), newSample(5, { group: -2 })];
    const { samples } = await library.addSamples(ID, WRITER, news);
    expect(samples.map(({ group }) => group)).toEqual([1, 1, 0, 1]);
  });

  test.each(["samples", "originals", "looks"])("come in as a whole or not at all: no room in %s", async (store) => {
    await library.addSamples(ID, WRITER, [newSample(1, { label: "c1" })]);
    const before = await library.ownDataset(ID);
    fullDisk(store);
    const failing = library.addSamples(ID, WRITER, [newSample(2, { label: "c1" }), newSample(3)]);
    await expect(failing).rejects.toMatchObject({ name: "QuotaExceededError" });
    vi.restoreAllMocks();
    const later = await reload();
    expect(await later.ownDataset(ID)).toEqual(before);
    expect(await later.samplesAfter(ID, -1, 10)).toHaveLength(1);
    expect(await later.looksAfter(ID, -1, 10)).toHaveLength(1);
    expect(await later.original({ dataset: ID, id: 1, type: "" })).toBeUndefined();
  });

  test("are relabelled, moved and removed together, and the counts follow", async () => {
    await library.addSamples(ID, WRITER, [newSample(1, { label: "c1" }), newSample(2), newSample(3)]);
    const patches = new Map([
      [0, { label: null }],
      [1, { label: "c2", split: "test", pinned: true } as const],
      [2, { gone: 5 }],
      [99, { label: "c2" }],
    ]);
    const { dataset: now, samples } = await library.patchSamples(ID, WRITER, patches);
    expect(samples).toHaveLength(3);
    expect(now.counts).toEqual({ c1: [0, 0, 0], "": [1, 0, 0], c2: [0, 0, 1] });
    const back = await library.patchSamples(ID, WRITER, new Map([[2, { gone: undefined }]]));
    expect(back.samples[0]).not.toHaveProperty("gone");
    expect(library.countOf(back.dataset, "")).toBe(2);
    expect(library.countOf(back.dataset, "c2", "test")).toBe(1);
  });

  test("that were removed are forgotten with their files, and only those", async () => {
    await library.addSamples(ID, WRITER, [newSample(1), newSample(2), newSample(3)]);
    const gone = new Map([
      [0, { gone: 10 }],
      [1, { gone: 30 }],
    ]);
    await library.patchSamples(ID, WRITER, gone);
    expect(await library.forgetGone(ID, WRITER, 20)).toBe(1);
    expect((await library.samplesAfter(ID, -1, 10)).map(({ id }) => id)).toEqual([1, 2]);
    expect((await library.looksAfter(ID, -1, 10)).map(({ id }) => id)).toEqual([1, 2]);
    expect(await library.original({ dataset: ID, id: 0, type: "" })).toBeUndefined();
    expect(await library.original({ dataset: ID, id: 1, type: "" })).toBeDefined();
    // Their ids are not given again.
    const { samples } = await library.addSamples(ID, WRITER, [newSample(4)]);
    expect(samples[0]?.id).toBe(3);
  });
});

describe("one tab writes", () => {
  test("and another's writes are refused with nothing changed", async () => {
    await library.addSamples(ID, WRITER, [newSample(1)]);
    const before = await library.ownDataset(ID);
    const elsewhere = { code: "dataset-elsewhere" };
    await expect(library.addSamples(ID, "other", [newSample(2)])).rejects.toMatchObject(elsewhere);
    const removal = new Map([[0, { gone: 1 }]]);
    await expect(library.patchSamples(ID, "other", removal)).rejects.toMatchObject(elsewhere);
    await expect(library.changeDataset(ID, "other", (same) => same)).rejects.toMatchObject(elsewhere);
    await expect(library.forgetGone(ID, "other", 1e15)).rejects.toMatchObject(elsewhere);
    expect(await library.ownDataset(ID)).toEqual(before);
  });

  test("until another takes that over", async () => {
    await library.claim(ID, "other");
    await library.addSamples(ID, "other", [newSample(1)]);
    const refused = library.addSamples(ID, WRITER, [newSample(2)]);
    await expect(refused).rejects.toMatchObject({ code: "dataset-elsewhere" });
  });

  test("a dataset that has been removed is said to be", async () => {
    await library.forgetDataset(ID);
    const gone = { code: "dataset-gone" };
    await expect(library.addSamples(ID, WRITER, [newSample(1)])).rejects.toMatchObject(gone);
    await expect(library.claim(ID, WRITER)).rejects.toMatchObject(gone);
  });
});

describe("datasets", () => {
  test("are listed in the order they were made, without those that were removed", async () => {
    await library.createDataset(dataset({ id: "own-0", created: 0 }));
    await library.createDataset(dataset({ id: "own-2", created: 2, gone: 5 }));
    expect((await library.ownDatasets()).map(({ id }) => id)).toEqual(["own-0", ID]);
  });

  test("that were removed long enough ago are forgotten with all that is in them", async () => {
    await library.addSamples(ID, WRITER, [newSample(1)]);
    await library.createDataset(dataset({ id: "own-2" }));
    await library.addSamples("own-2", WRITER, [newSample(2)]);
    await library.changeDataset(ID, WRITER, (same) => ({ ...same, gone: 10 }));
    await library.forgetGoneDatasets(10);
    expect(await library.ownDataset(ID)).toBeDefined();
    await library.forgetGoneDatasets(11);
    expect(await library.ownDataset(ID)).toBeUndefined();
    expect(await library.samplesAfter(ID, -1, 10)).toEqual([]);
    expect(await library.looksAfter(ID, -1, 10)).toEqual([]);
    expect(await library.samplesAfter("own-2", -1, 10)).toHaveLength(1);
  });
});
