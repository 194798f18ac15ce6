// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { NewSample, OwnId } from "../../engine/library/records";

type Room = Awaited<ReturnType<typeof newTab>>;

/** A lock manager for all tabs of a test, as far as the store asks for it. */
class Locks {
  #held = new Map<string, { end: () => void }>();
  #queue = new Map<string, (() => void)[]>();

  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    work: (lock: object | null) => Promise<unknown>,
  ): Promise<unknown> {
    if (options.steal) {
      this.#held.get(name)?.end();
      this.#held.delete(name);
    }
    if (this.#held.has(name)) {
      if (options.ifAvailable) return Promise.resolve().then(() => work(null));
      return new Promise((resolve, reject) => {
        options.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
        this.#queue.set(name, [...(this.#queue.get(name) ?? []), () => resolve(this.request(name, {}, work))]);
      });
    }
    return new Promise((resolve, reject) => {
      const mine = { end: () => reject(new DOMException("", "AbortError")) };
      this.#held.set(name, mine);
      work({}).then((value) => {
        resolve(value);
        if (this.#held.get(name) !== mine) return;
        this.#held.delete(name);
        this.#queue.get(name)?.shift()?.();
      }, reject);
    });
  }
}

/** The modules as one tab has them. */
async function newTab() {
  vi.resetModules();
  const list = await import("./list");
  const open = await import("./open");
  const changes = await import("./changes");
  const library = await import("../../engine/library/library");
  const { toasts } = await import("../toasts");
  const { currentDataset } = await import("../session");
  await list.restoreDatasets();
  return { ...list, ...open, ...changes, library, toasts, currentDataset };
}

function picture(label: string | null, name: string): NewSample {
  return {
    label,
    name,
    split: "train",
    pinned: false,
    origin: "file",
    type: "image/png",
    bytes: 3,
    width: 8,
    height: 8,
    hash: name,
    group: null,
    added: 1,
    brightness: 0.5,
    contrast: 0.2,
    sharpness: 0.1,
    colour: 0,
    original: Uint8Array.of(1, 2, 3),
    thumbnail: null,
    look: new Uint8Array(1024),
  };
}

let tab: Room;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("navigator", { locks: new Locks(), languages: ["en"] });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("document", { documentElement: {}, baseURI: "http://localhost/" });
  tab = await newTab();
});

/** A dataset of two classes with `count` images, the first half of the one; open in the tab. */
async function filled(count: number): Promise<{ id: OwnId; cats: string; dogs: string }> {
  const id = (await tab.newDataset("Pets", ["cats", "dogs"])) as OwnId;
  const [cats = "", dogs = ""] = (tab.ownById(id)?.classes ?? []).map((each) => each.id);
  const news = Array.from({ length: count }, (_, i) => picture(i < count / 2 ? cats : dogs, `${i}.png`));
  await tab.library.addSamples(id, tab.TAB, news);
  await tab.open(id);
  return { id, cats, dogs };
}

/** What is on the disk: the names of the classes of the images that are there. */
async function onDisk(id: OwnId): Promise<string[]> {
  const dataset = await tab.library.ownDataset(id);
  const kept = await tab.library.samplesAfter(id, -1, 100);
  return kept
    .filter(({ gone }) => gone === undefined)
    .map(({ label }) => dataset?.classes.find((each) => each.id === label)?.name ?? "");
}

describe("what a person changes", () => {
  test("is shown at once, written, and can be taken back step by step, many images at once", async () => {
    const { id, dogs } = await filled(4);
    const labels = () => tab.samples.value.map(({ label }) => label === dogs);
    const relabelled = tab.relabel([0, 1], dogs, "labelled");
    expect(labels()).toEqual([true, true, true, true]);
    expect(await relabelled).toBe(true);
    expect(await onDisk(id)).toEqual(["dogs", "dogs", "dogs", "dogs"]);
    await tab.remove([1, 2], "removed");
    expect(tab.samples.value.map((sample) => sample.id)).toEqual([0, 3]);
    expect(tab.lastStep.value).toBe("removed");
    await tab.undo();
    await tab.undo();
    expect(labels()).toEqual([false, false, true, true]);
    expect(await onDisk(id)).toEqual(["cats", "cats", "dogs", "dogs"]);
    expect(tab.canUndo.value).toBe(false);
    await tab.redo();
    expect(await onDisk(id)).toEqual(["dogs", "dogs", "dogs", "dogs"]);
  });

  test("a class goes with its images, and comes back with them and its place", async () => {
    const { id, cats } = await filled(4);
    await tab.removeClass(cats, "class removed");
    expect(tab.openDataset.value?.classes.map(({ name }) => name)).toEqual(["dogs"]);
    expect(await onDisk(id)).toEqual(["dogs", "dogs"]);
    await tab.undo();
    expect(tab.openDataset.value?.classes.map(({ name }) => name)).toEqual(["cats", "dogs"]);
    expect(await onDisk(id)).toEqual(["cats", "cats", "dogs", "dogs"]);
  });

  test("a split that a person chose is pinned; taking it back takes the pin back too", async () => {
    await filled(2);
    await tab.move([0], "test", "moved");
    expect(tab.samples.value[0]).toMatchObject({ split: "test", pinned: true });
    await tab.undo();
    expect(tab.samples.value[0]).toMatchObject({ split: "train", pinned: false });
  });

  test("the counts of a dataset are those of its samples after every change", async () => {
    const { id, cats, dogs } = await filled(4);
    await tab.relabel([0], null, "unlabelled");
    await tab.remove([3], "removed");
    await tab.move([2], "validation", "moved");
    const counts = (await tab.library.ownDataset(id))?.counts;
    expect(counts).toEqual({ [cats]: [1, 0, 0], [dogs]: [0, 1, 0], "": [1, 0, 0] });
  });

  test("what cannot be written is taken back on the page, and said", async () => {
    const { id, dogs } = await filled(2);
    await tab.library.claim(id, "another tab");
    expect(await tab.relabel([0], dogs, "labelled")).toBe(false);
    expect(tab.samples.value[0]?.label).not.toBe(dogs);
    expect(tab.canUndo.value).toBe(false);
    expect(tab.mayWrite.value).toBe(false);
    expect(tab.toasts.value.some(({ kind }) => kind === "error")).toBe(true);
  });
});

describe("two tabs", () => {
  test("one writes; the other sees that, and can take the right over", async () => {
    const first = tab;
    const { id, dogs } = await filled(2);
    const second = await newTab();
    await second.open(id);
    expect([first.mayWrite.value, second.mayWrite.value]).toEqual([true, false]);
    expect(await second.relabel([0], dogs, "labelled")).toBe(false);
    await second.writeHere();
    await vi.waitFor(() => expect([first.mayWrite.value, second.mayWrite.value]).toEqual([false, true]));
    expect(await second.relabel([0], dogs, "labelled")).toBe(true);
    expect(await first.relabel([0], null, "labelled")).toBe(false);
  });

  test("one that waits takes over when the other lets go, with what that has changed", async () => {
    const first = tab;
    const { id, dogs } = await filled(2);
    const second = await newTab();
    await second.open(id);
    await first.relabel([0], dogs, "labelled");
    await first.open(null);
    await vi.waitFor(() => expect(second.mayWrite.value).toBe(true));
    await vi.waitFor(() => expect(second.samples.value[0]?.label).toBe(dogs));
  });
});

test("a removed dataset is out of the list, and can be brought back; later it is forgotten with its files", async () => {
  const { id } = await filled(2);
  await tab.removeDataset(id);
  expect(tab.ownDatasets.value).toEqual([]);
  expect(tab.currentDataset.value).toBe("mnist");
  tab.toasts.value.at(-1)?.undo?.();
  await vi.waitFor(() => expect(tab.ownDatasets.value.map(({ name }) => name)).toEqual(["Pets"]));
  await tab.removeDataset(id);
  await tab.library.forgetGoneDatasets(Date.now() + 1);
  expect(await tab.library.samplesAfter(id, -1, 10)).toEqual([]);
  expect(await tab.library.original({ dataset: id, id: 0, type: "" })).toBeUndefined();
});
