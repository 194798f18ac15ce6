// @vitest-environment node
import { inflateSync } from "node:zlib";
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { OwnDataset, OwnSample } from "../library/records";
import { dataset, WRITER } from "../library/testing";
import type { DataNews, IncomingFile } from "../protocol";
import type { SplitTools } from "./known";
import type { LookAt } from "./prepare";
import { idx, incoming, noise, zipped } from "./testing/files";

const ID = "own-1";
/** Of the IDX pictures, which need no decoder. */
const SIDE = 4;

/** The browser's decoder, for the grey PNG files that come back out of a zip: sizes, and the first pixel. */
vi.mock("../picture", () => ({
  async pixelsOf(file: Blob) {
    const png = Buffer.from(await file.arrayBuffer());
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const first = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))[1];
    const data = new Uint8ClampedArray(width * height * 4).fill(first ?? 0);
    return { pixels: { data, width, height }, width, height, thumbnail: null, incomplete: false };
  },
}));

let library: typeof import("../library/library");
let rooms: { add: typeof import("./add"); known: typeof import("./known"); zip: typeof import("../export/zip") };
let news: DataNews[];
let abort: AbortController;

beforeEach(async () => {
  vi.stubGlobal("navigator", { language: "en" });
  globalThis.indexedDB = new IDBFactory();
  vi.resetModules();
  library = await import("../library/library");
  rooms = { add: await import("./add"), known: await import("./known"), zip: await import("../export/zip") };
  news = [];
  abort = new AbortController();
  await library.createDataset(dataset());
});

/** What pictures look like: only their first pixel counts. Those of the same tens are nearly alike. */
const lookAt: LookAt = (rgba) => ({
  pixels: new Uint8Array(1024).fill(rgba[0] ?? 0),
  brightness: 0.5,
  contrast: 0.1,
  sharpness: 100,
  colour: 0,
});

const tools: SplitTools = {
  LookIndex: class {
    #looks: number[] = [];
    add(look: Uint8Array): Uint32Array {
      const tens = Math.floor((look[0] ?? 0) / 10);
      const alike = this.#looks.flatMap((other, place) => (other === tens ? [place] : []));
      this.#looks.push(tens);
      return Uint32Array.from(alike);
    }
    free() {}
  },
  // Each group goes where its first went; the others to training, validation and test in turn.
  assignSplits(_labels, groups, splits, pinned) {
    const given = new Map<number, number>();
    for (const fixed of [true, false]) {
      for (const [i, split] of splits.entries()) {
        const group = groups[i] ?? 0;
        if (split !== 255 && (pinned[i] === 1 || !fixed) && !given.has(group)) given.set(group, split);
      }
    }
    return splits.map((split, i) => {
      const group = groups[i] ?? 0;
      if (!given.has(group)) given.set(group, given.size % 3);
      return pinned[i] === 1 ? split : (given.get(group) ?? 0);
    });
  },
};

/** An IDX pair of pictures whose first pixels are these. */
function digits(name: string, firsts: readonly number[], labels: readonly number[]): IncomingFile[] {
  const pixels = noise(name.length, firsts.length * SIDE * SIDE);
  for (const [i, first] of firsts.entries()) pixels[i * SIDE * SIDE] = first;
  return [
    incoming(`${name}-images.idx`, idx([firsts.length, SIDE, SIDE], pixels)),
    incoming(`${name}-labels.idx`, idx([labels.length], Uint8Array.from(labels))),
  ];
}

async function bringIn(files: readonly IncomingFile[], label?: string | null, tell?: (news: DataNews) => void) {
  const { signal } = abort;
  const known = await rooms.known.Known.of(ID, tools, signal);
  const into = { known, writer: WRITER, lookAt, signal, tell: tell ?? ((one: DataNews) => news.push(one)) };
  return rooms.add.addFiles({ files, label, origin: "file" }, into);
}

async function kept(): Promise<{ dataset: OwnDataset; samples: OwnSample[]; said: string[] }> {
  const there = (await library.ownDataset(ID)) as OwnDataset;
  const samples = await library.samplesAfter(ID, -1, 1000);
  const names = new Map(there.classes.map(({ id, name }) => [id, name]));
  const said = samples.map(
    ({ name, label, split, pinned }) =>
      `${name} ${label === null ? "–" : names.get(label)} ${split}${pinned ? "!" : ""}`,
  );
  return { dataset: there, samples, said };
}

const told = () => news.flatMap((one) => (one.kind === "added" ? one.samples.map(({ id }) => id) : []));

describe("an import", () => {
  test("brings everything in, makes the classes it needs, and tells what is kept and how far it is", async () => {
    const report = await bringIn(digits("train", [10, 20, 30, 40, 50], [7, 1, 7, 7, 1]));
    expect(report).toEqual({ added: 5, refused: [], cancelled: false });
    const { dataset: now, samples, said } = await kept();
    expect(now.classes.map(({ name }) => name)).toEqual(["7", "1"]);
    expect(said[1]).toBe("train/1/00001.png 1 train!");
    expect(told()).toEqual(samples.map(({ id }) => id));
    expect(news.at(-1)).toEqual({ kind: "progress", dataset: ID, done: 5, total: 5 });
    expect(await (await library.original(samples[0] as OwnSample))?.slice(1, 4).text()).toBe("PNG");
    expect(samples[0]).toMatchObject({ type: "image/png", width: SIDE, height: SIDE, origin: "file" });
    expect(samples[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("into a dataset that nobody has touched puts its classes in the place of those that it began with", async () => {
    const begun = dataset({
      id: "own-2",
      classes: [
        { id: "a", name: "Class 1" },
        { id: "b", name: "7" },
      ],
    });
    await library.createDataset(begun);
    const known = await rooms.known.Known.of("own-2", tools, abort.signal);
    const into = { known, writer: WRITER, lookAt, signal: abort.signal, tell: () => {} };
    await rooms.add.addFiles({ files: digits("a", [10, 20], [7, 1]), label: undefined, origin: "file" }, into);
    expect((await library.ownDataset("own-2"))?.classes.map(({ name }) => name)).toEqual(["7", "1"]);
  });

  test("refuses what is there already, by its bytes, and names it", async () => {
    const files = digits("a", [10, 20], [1, 2]);
    await bringIn(files);
    const again = await bringIn(files.map(({ file, path }) => ({ file, path: `again/${path}` })));
    expect(again.added).toBe(0);
    expect(again.refused.map(({ path, code, detail }) => [path, code, detail])).toEqual([
      ["again/a-images.idx#0", "duplicate", "a-images/1/00000.png"],
      ["again/a-images.idx#1", "duplicate", "a-images/2/00001.png"],
    ]);
    const { samples } = await kept();
    await library.patchSamples(ID, WRITER, new Map([[samples[0]?.id ?? 0, { gone: 1 }]]));
    expect((await bringIn(files)).added).toBe(1);
  });

  test("refuses the second of two that come together", async () => {
    const same = noise(1, SIDE * SIDE);
    const report = await bringIn([incoming("a.idx", idx([2, SIDE, SIDE], Uint8Array.of(...same, ...same)))], null);
    expect([report.added, report.refused[0]?.code, report.refused[0]?.detail]).toEqual([1, "duplicate", "a/00000.png"]);
  });

  test("keeps what is nearly alike together: in one group and one split", async () => {
    const report = await bringIn(digits("a", [11, 21, 12, 31, 13, 22], [1, 1, 1, 1, 1, 1]));
    expect(report.added).toBe(6);
    const { samples } = await kept();
    expect(samples.map(({ group }) => group)).toEqual([0, 1, 0, 3, 0, 1]);
    const splits = new Map(samples.map(({ group, split }) => [group, split]));
    expect(samples.every(({ group, split }) => splits.get(group) === split)).toBe(true);
    expect(new Set(splits.values()).size).toBe(3);
    await bringIn(digits("bb", [14], [1]));
    expect((await kept()).samples.at(-1)).toMatchObject({ group: 0, split: samples[0]?.split });
  });

  test("moves what is there to where a picture that is nearly alike is pinned, unless it is pinned itself", async () => {
    await bringIn(digits("a", [11], [1]));
    expect((await kept()).samples[0]?.split).toBe("train");
    await bringIn(digits("test", [12], [1]));
    expect((await kept()).samples.map(({ split, group }) => [split, group])).toEqual([
      ["test", 0],
      ["test", 0],
    ]);
    expect(news.filter(({ kind }) => kind === "added").at(-1)).toMatchObject({ samples: [{ id: 0, split: "test" }] });
  });

  test("heeds what a person does meanwhile: a class that is renamed, removed, or made by the same name", async () => {
    const made: OwnDataset[] = [];
    const tell = (one: DataNews) => {
      if (one.kind === "added") made.push(one.dataset);
    };
    await bringIn(digits("a", [10], [1]), undefined, tell);
    await library.changeDataset(ID, WRITER, (now) => ({ ...now, classes: [{ id: "mine", name: "2" }] }));
    await bringIn(digits("bb", [20, 30], [1, 2]), undefined, tell);
    const { dataset: now, said } = await kept();
    expect(now.classes.map(({ id, name }) => [id === "mine", name])).toEqual([
      [true, "2"],
      [false, "1"],
    ]);
    expect(said.slice(1)).toEqual([expect.stringContaining(" 1 "), expect.stringContaining(" 2 ")]);
    await bringIn(digits("ccc", [40], [1]), "no such class");
    expect((await kept()).said.at(-1)).toContain(" – ");
  });

  test("heeds what a person moves meanwhile", async () => {
    let moved: Promise<unknown> | undefined;
    const tell = (one: DataNews) => {
      if (one.kind !== "added" || moved) return;
      moved = library.patchSamples(ID, WRITER, new Map([[0, { split: "test", pinned: true } as const]]));
    };
    // The first shows what the last does.
    const firsts = [11, ...Array.from({ length: 99 }, (_, i) => 20 + 2 * i), 12].map((first) => first % 256);
    await bringIn(
      digits(
        "a",
        firsts,
        firsts.map(() => 1),
      ),
      undefined,
      tell,
    );
    await moved;
    const { samples, dataset: now } = await kept();
    expect(samples[0]).toMatchObject({ split: "test", pinned: true });
    expect(samples.at(-1)).toMatchObject({ group: 0, split: "test", pinned: false });
    expect(library.countOf(now, now.classes[0]?.id ?? "")).toBe(firsts.length);
  });

  test("that is ended keeps what was told, and nothing else", async () => {
    const firsts = Array.from({ length: 400 }, (_, i) => i % 250);
    const tell = (one: DataNews) => {
      news.push(one);
      if (one.kind === "added") abort.abort(new Error("enough"));
    };
    const report = await bringIn(
      digits(
        "a",
        firsts,
        firsts.map((n) => n % 3),
      ),
      undefined,
      tell,
    );
    expect(report.cancelled).toBe(true);
    const { samples } = await kept();
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.length).toBeLessThan(400);
    expect(told()).toEqual(samples.map(({ id }) => id));
    expect(report.added).toBe(samples.length);
  });

  test.each([
    new DOMException("x", "QuotaExceededError"),
    new DOMException("Encountered full disk while committing transaction.", "UnknownError"),
    Object.assign(new Error("The current transaction exceeded its quota limitations."), { name: "AbortError" }),
  ])("on a full disk says so and keeps what was told: $name $message", async (error) => {
    const add = IDBObjectStore.prototype.add;
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === "originals" && told().length > 0) throw error;
      return add.apply(this, args);
    });
    const firsts = Array.from({ length: 60 }, (_, i) => i * 4);
    const failing = bringIn(
      digits(
        "a",
        firsts,
        firsts.map(() => 1),
      ),
    );
    await expect(failing).rejects.toMatchObject({ code: "disk-full" });
    vi.restoreAllMocks();
    const { samples, dataset: now } = await kept();
    expect(told()).toEqual(samples.map(({ id }) => id));
    expect(library.countOf(now, now.classes[0]?.id ?? "")).toBe(samples.length);
  });

  test("into a dataset that another tab has taken over says so", async () => {
    await library.claim(ID, "other");
    await expect(bringIn(digits("a", [1], [1]))).rejects.toMatchObject({ code: "dataset-elsewhere" });
  });

  test("refuses what would make more classes than a network tells apart", async () => {
    const classes = Array.from({ length: 999 }, (_, i) => ({ id: `i${i}`, name: `n${i}` }));
    await library.changeDataset(ID, WRITER, (now) => ({ ...now, classes }));
    const report = await bringIn(digits("a", [10, 20, 30], [1, 2, 1]));
    expect([report.added, report.refused]).toEqual([
      2,
      [{ path: "a-images.idx#1", code: "too-many-classes", detail: "2" }],
    ]);
  });
});

describe("out and in again", () => {
  /** Without what a new place gives anew. */
  async function essence() {
    const { dataset: now, samples } = await kept();
    const names = new Map(now.classes.map(({ id, name }) => [id, name]));
    return {
      ...now,
      id: "",
      classes: now.classes.map(({ id: _, ...rest }) => rest),
      counts: Object.fromEntries(now.classes.map(({ id, name }) => [name, now.counts[id] ?? [0, 0, 0]])),
      created: 0,
      changed: 0,
      revision: 0,
      next: 0,
      samples: samples
        .filter(({ gone }) => gone === undefined)
        .map(({ id: _, group: __, added: ___, dataset: ____, label, ...rest }) => ({
          ...rest,
          label: label && names.get(label),
        })),
    };
  }

  async function anew(): Promise<void> {
    await library.forgetDataset(ID);
    await library.createDataset(dataset({ name: "My images", shares: { validation: 0, test: 0 } }));
  }

  test("loses nothing: classes, their order and keys, labels, splits, pins, names, origins, settings", async () => {
    await bringIn(digits("a", [10, 20, 30, 40, 50, 60, 70], [3, 1, 2, 3, 1, 2, 3]));
    await bringIn(digits("test", [80, 90], [1, 2]));
    const first = await kept();
    const [three, one] = first.dataset.classes;
    await library.changeDataset(ID, WRITER, (now) => ({
      ...now,
      name: "Zahlen / 数字",
      classes: [
        { id: "e", name: "empty" },
        { ...(one as never as { id: string }), name: "eins/uno: 1", key: "x" },
        ...now.classes.filter((each) => each !== one && each.id !== one?.id && each.id !== three?.id),
        { ...(three as never as { id: string }), name: "CON" },
      ],
      input: { channels: 1, side: 28 },
      fit: "whole",
      seed: 99,
    }));
    await library.patchSamples(
      ID,
      WRITER,
      new Map([
        [0, { label: null }],
        [1, { split: "validation", pinned: true } as const],
        [2, { name: "../../../etc/passwd" }],
        [3, { name: "deep/folder/same.png" }],
        [4, { name: "other/folder/SAME.png" }],
        [5, { gone: 1 }],
      ]),
    );
    const before = await essence();
    const zip = await rooms.zip.exportZip(ID, abort.signal);
    const again = await rooms.zip.exportZip(ID, abort.signal);
    expect(Buffer.from(await again.arrayBuffer()).equals(Buffer.from(await zip.arrayBuffer()))).toBe(true);
    await anew();
    expect(await bringIn([{ file: zip, path: "out.zip" }])).toEqual({ added: 8, refused: [], cancelled: false });
    const after = await essence();
    // A name that leads out of its folder is the one thing that is not brought back.
    const mended = before.samples.map((sample) =>
      sample.name.startsWith("..") ? { ...sample, name: expect.stringMatching(/^images\/.*passwd/) } : sample,
    );
    expect(after).toEqual({ ...before, samples: mended });
  });

  test("into a dataset with images of its own adds to it and leaves its settings", async () => {
    await bringIn(digits("a", [10, 20], [1, 2]));
    const zip = await rooms.zip.exportZip(ID, abort.signal);
    await anew();
    await bringIn(digits("bb", [30], [2]));
    await bringIn([{ file: zip, path: "out.zip" }]);
    const { dataset: now, said } = await kept();
    expect([now.name, now.shares, now.classes.map(({ name }) => name)]).toEqual([
      "My images",
      { validation: 0, test: 0 },
      ["2", "1"],
    ]);
    expect(said).toHaveLength(3);
  });

  test("files in the zip lie in folders of their classes, with a list that others read", async () => {
    await bringIn(digits("a", [10, 20], [1, 2]));
    await library.patchSamples(ID, WRITER, new Map([[1, { label: null }]]));
    const zip = await rooms.zip.exportZip(ID, abort.signal);
    const { openArchive } = await import("./archive");
    const { sources } = await openArchive(zip, "", abort.signal);
    const [image, unlabelled, list, manifest] = sources;
    const text = async (source: typeof list) => new TextDecoder().decode(await source?.read(1e6, abort.signal));
    expect(sources.map(({ path }) => path)).toEqual([
      "images/1/00000.png",
      "unlabelled/00001.png",
      "labels.csv",
      "dataset.json",
    ]);
    expect(await text(list)).toBe("file,label,split\nimages/1/00000.png,1,train\nunlabelled/00001.png,,validation\n");
    expect(JSON.parse(await text(manifest))).toMatchObject({ hearth: 1, name: "Pets", classes: ["1", "2"], seed: 1 });
    const [sample] = (await kept()).samples;
    const original = await library.original(sample as OwnSample);
    expect(await image?.read(1e6, abort.signal)).toEqual(new Uint8Array((await original?.arrayBuffer()) ?? []));
    expect(unlabelled?.bytes).toBeGreaterThan(0);
  });

  test("without its description, as another tool may write it, labels and splits come back by the list", async () => {
    await bringIn(digits("a", [10, 20, 30], [1, 2, 1]));
    const { openArchive } = await import("./archive");
    const { sources } = await openArchive(await rooms.zip.exportZip(ID, abort.signal), "", abort.signal);
    const rest = sources.filter(({ path }) => path !== "dataset.json");
    const files = await Promise.all(rest.map(async (each) => [each.path, await each.blob(1e9, abort.signal)] as const));
    // No picture is decoded here: what is planned is enough.
    const { planned } = await import("./plan");
    const plan = await planned([{ file: await zipped(Object.fromEntries(files)), path: "a.zip" }], {
      label: undefined,
      origin: "file",
      language: "en",
      signal: abort.signal,
    });
    expect([...plan.jobs].map(({ label, split }) => [label, split])).toEqual([
      [{ name: "1" }, "train"],
      [{ name: "2" }, "validation"],
      [{ name: "1" }, "test"],
    ]);
    expect(plan.refused).toEqual([]);
  });
});

test("splits that are given out anew leave pinned ones and keep together what is nearly alike", async () => {
  await bringIn(digits("a", [11, 21, 12, 31], [1, 1, 1, 1]));
  await library.patchSamples(ID, WRITER, new Map([[1, { split: "test", pinned: true } as const]]));
  const known = await rooms.known.Known.of(ID, tools, abort.signal);
  const patches = known.shuffled(5);
  expect(patches.has(1)).toBe(false);
  const { samples } = await kept();
  const after = samples.map(({ id, split }) => patches.get(id)?.split ?? split);
  expect(after[0]).toBe(after[2]);
});
