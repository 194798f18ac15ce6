// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ComputeOptions } from "../../engine/features";
import type { PullOptions } from "../../engine/head";
import type { FeatureWork, HeadKind, Lesson } from "../../engine/learning-protocol";
import type { NewSample, OwnId } from "../../engine/library/records";

/** What the fake workers are asked, and what they do with it. */
const fake = vi.hoisted(() => ({
  computed: [] as { sample: number; copies: readonly number[] }[],
  lessons: [] as { samples: number; rows: number; classes: readonly string[] }[],
  opened: [] as string[],
  unreadable: new Set<number>(),
  full: false,
  /** Holds features back until it is called. */
  gate: null as Promise<void> | null,
  compare: null as ((options: PullOptions) => Promise<void>) | null,
  fails: null as Error | null,
}));

const FILE = { facts: { kind: "logistic" }, reject: { threshold: 2, kept: 0.95 }, ms: 30 };

vi.mock("../../engine/features", () => ({
  FeatureEngine: class {
    open = async () => ({ id: "backbone", dimension: 2, channels: 3, height: 4, width: 4, fit: "whole" });
    async run(_onnx: Uint8Array, dataset: OwnId, works: FeatureWork[], { signal, onRows }: ComputeOptions) {
      if (fake.gate) await fake.gate;
      signal.throwIfAborted();
      const { keepFeatures } = await import("../../engine/library/features");
      for (const { sample, copies } of works) {
        fake.computed.push({ sample, copies });
        const there = fake.unreadable.has(sample) ? [] : copies;
        const rows = {
          samples: Uint32Array.from(there, () => sample),
          copies: Uint8Array.from(there),
          features: Float32Array.from(there.flatMap((copy) => [sample, copy])),
        };
        if (!fake.full) await keepFeatures(dataset, "backbone", rows);
        onRows({ ...rows, kept: !fake.full, broken: Uint32Array.from(there.length > 0 ? [] : [sample]) });
      }
    }
    rest() {}
  },
}));

vi.mock("../../engine/head", () => ({
  HeadEngine: class {
    start() {}
    hold() {}
    rest() {}
    #took(lesson: Lesson) {
      if (fake.fails) throw fake.fails;
      const bits = [...lesson.copies].map((copies) => copies.toString(2).replaceAll("0", "").length);
      const rows = bits.reduce((a, b) => a + b, 0);
      fake.lessons.push({ samples: lesson.ids.length, rows, classes: lesson.classes });
    }
    async quick(_onnx: Uint8Array, lesson: Lesson) {
      this.#took(lesson);
      return { ...FILE, onnx: new TextEncoder().encode(`quick ${lesson.ids.length}`) };
    }
    async compare(_onnx: Uint8Array, lesson: Lesson, options: PullOptions) {
      this.#took(lesson);
      await fake.compare?.(options);
      const row = { low: 0.8, high: 1, milliseconds: 5, strength: 1 };
      return {
        best: "mlp",
        heads: [
          { kind: "logistic", accuracy: 0.9, ...row },
          { kind: "mlp", accuracy: 0.95, ...row },
          { kind: "nearest", accuracy: 0.99, ...row },
        ],
      };
    }
    async make(kind: HeadKind) {
      return { ...FILE, facts: { kind }, onnx: new TextEncoder().encode(`made ${kind}`) };
    }
  },
}));

vi.mock("../../engine/infer", () => ({
  InferEngine: class {
    #open = "";
    start() {}
    rest() {}
    async open(_slot: string, onnx: Uint8Array) {
      this.#open = new TextDecoder().decode(onnx);
      fake.opened.push(this.#open);
      return {};
    }
    async predictPhoto() {
      const novelty = this.#open.startsWith("made") ? 3 : 1;
      return { predictions: [{ index: 0, label: this.#open, p: 0.9 }], novelty };
    }
  },
}));

vi.mock("../model-files", () => ({ fileOf: async () => new Uint8Array(1), idOf: () => undefined }));

function picture(label: string | null, name: string, split: NewSample["split"] = "train"): NewSample {
  return {
    ...{ label, name, split, pinned: false, origin: "file", type: "image/png", bytes: 3, width: 8, height: 8 },
    ...{ hash: name, group: null, added: 1, brightness: 0.5, contrast: 0.2, sharpness: 0.1, colour: 0 },
    ...{ original: Uint8Array.of(1, 2, 3), thumbnail: null, look: new Uint8Array(1024) },
  };
}

async function newTab() {
  vi.resetModules();
  const list = await import("./list");
  const open = await import("./open");
  const changes = await import("./changes");
  const features = await import("./features");
  const head = await import("./head");
  const library = await import("../../engine/library/library");
  const { toasts } = await import("../toasts");
  await list.restoreDatasets();
  return { ...list, ...open, ...changes, ...features, ...head, library, toasts };
}

let tab: Awaited<ReturnType<typeof newTab>>;
let cats = "";
let dogs = "";
let kept = new Map<string, string>();

beforeEach(async () => {
  Object.assign(fake, { computed: [], lessons: [], opened: [], unreadable: new Set(), full: false });
  Object.assign(fake, { gate: null, compare: null, fails: null });
  kept = new Map();
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("navigator", { languages: ["en"] });
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (k: string, v: string) => kept.set(k, v),
  };
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("document", { documentElement: {}, baseURI: "http://localhost/" });
  tab = await newTab();
});

/** A dataset of cats and dogs, `count` each, and one of each to test on; open. */
async function filled(count: number): Promise<OwnId> {
  const id = (await tab.newDataset("Pets", ["cats", "dogs"])) as OwnId;
  [cats = "", dogs = ""] = (tab.ownById(id)?.classes ?? []).map((each) => each.id);
  const news = [cats, dogs].flatMap((label) => [
    ...Array.from({ length: count }, (_, i) => picture(label, `${label} ${i}.png`)),
    picture(label, `${label} test.png`, "test"),
  ]);
  await tab.library.addSamples(id, tab.TAB, news);
  await tab.open(id);
  return id;
}

/** Images come in while the dataset is open. */
async function add(id: OwnId, label: string, ...names: string[]): Promise<void> {
  const { dataset, samples } = await tab.library.addSamples(
    id,
    tab.TAB,
    names.map((name) => picture(label, name)),
  );
  tab.heed(dataset);
  tab.heedSamples(samples);
}

const ready = () => vi.waitFor(() => expect(tab.headState.value).toBe("ready"), { timeout: 10_000 });

describe("a head", () => {
  test("is fitted on the images first, then compared with their copies, and the best answers", async () => {
    await filled(3);
    expect(tab.headState.value).toBe("idle");
    const states: string[] = [];
    tab.headState.subscribe((state) => states.push(state));
    await tab.trainHead();
    expect(states).toEqual(["idle", "fitting", "comparing", "ready"]);
    expect(fake.lessons).toEqual([
      { samples: 6, rows: 6, classes: ["cats", "dogs"] },
      { samples: 6, rows: 54, classes: ["cats", "dogs"] },
    ]);
    expect(fake.opened).toEqual(["quick 6", "made mlp"]);
    expect(tab.liveHead.value).toMatchObject({ kind: "mlp", samples: 6, accuracy: 0.95, stale: false, fitMs: 5 });
    expect(tab.headTable.value.map(({ kind, chosen, comparisonOnly }) => [kind, chosen, comparisonOnly])).toEqual([
      ["logistic", false, false],
      ["mlp", true, false],
      ["nearest", false, true],
    ]);
    await tab.chooseHead("logistic");
    expect(tab.liveHead.value).toMatchObject({ kind: "logistic", accuracy: 0.9 });
  });

  test("follows what comes in, with only what is new computed, and never before a person has asked for one", async () => {
    const id = await filled(3);
    await add(id, cats, "before.png");
    await tab.trainHead();
    const before = fake.computed.length;
    await add(id, dogs, "new.png");
    expect(tab.liveHead.value?.stale).toBe(true);
    await vi.waitFor(() => expect(tab.liveHead.value).toMatchObject({ samples: 8, stale: false }), { timeout: 5000 });
    const added = tab.samples.value.at(-1)?.id ?? -1;
    await ready();
    expect(fake.computed.slice(before)).toEqual([
      { sample: added, copies: [0] },
      { sample: added, copies: [1, 2, 3, 4, 5, 6, 7, 8] },
    ]);
  });

  test("keeps up with a camera without piling up: what comes while one is fitted goes into the next", async () => {
    const id = await filled(3);
    await tab.trainHead();
    fake.lessons = [];
    let go = () => {};
    fake.gate = new Promise((resolve) => {
      go = resolve;
    });
    await add(id, cats, "0.png");
    await vi.waitFor(() => expect(tab.headState.value).toBe("fitting"), { timeout: 5000 });
    for (let i = 1; i < 20; i++) await add(id, cats, `${i}.png`);
    fake.gate = null;
    go();
    await ready();
    const quick = fake.lessons.slice(0, -1).map(({ samples }) => samples);
    expect(quick).toEqual([7, 26]);
  });

  test("a change ends a comparison at once; one that is taken back leaves the head as it is", async () => {
    const id = await filled(3);
    let ended = false;
    fake.compare = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          ended = true;
          reject(signal.reason);
        });
      });
    const training = tab.trainHead();
    await vi.waitFor(() => expect(fake.lessons).toHaveLength(2));
    fake.compare = null;
    await add(id, cats, "new.png");
    expect(ended).toBe(true);
    await training;
    await vi.waitFor(() => expect(tab.liveHead.value).toMatchObject({ kind: "mlp", samples: 7 }), { timeout: 5000 });
    await ready();
    fake.lessons = [];
    const change = tab.relabel([0], dogs, "labelled");
    expect(tab.liveHead.value?.stale).toBe(true);
    await Promise.all([change, tab.undo()]);
    expect(tab.liveHead.value?.stale).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(fake.lessons).toEqual([]);
  });

  test("waits for a class that has too few, and says which; the one that is there stays", async () => {
    const id = await filled(3);
    await tab.trainHead();
    const birds = (await tab.addClass("birds", "added")) ?? "";
    expect(tab.headState.value).toBe("ready");
    await add(id, birds, "b1.png");
    expect(tab.headObstacle.value).toEqual({ kind: "images", label: "birds", least: 3 });
    expect(tab.headState.value).toBe("waiting");
    expect(tab.liveHead.value).toMatchObject({ classes: ["cats", "dogs"], stale: true });
    await add(id, birds, "b2.png", "b3.png");
    await ready();
    expect(tab.liveHead.value?.classes).toEqual(["cats", "dogs", "birds"]);
    await tab.changeClass(birds, { name: "parrots" }, "renamed");
    await ready();
    expect(tab.liveHead.value?.classes).toEqual(["cats", "dogs", "parrots"]);
  });

  test("is fitted only when asked for where that is what a person wants, and that is remembered", async () => {
    const id = await filled(3);
    tab.autoFit.value = false;
    await tab.trainHead();
    fake.lessons = [];
    await add(id, cats, "new.png");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(fake.lessons).toEqual([]);
    expect(tab.headState.value).toBe("idle");
    expect(tab.liveHead.value?.stale).toBe(true);
    tab = await newTab();
    expect(tab.autoFit.value).toBe(false);
  });

  test("that is cancelled, or fails, loses nothing of what is there", async () => {
    const id = await filled(3);
    await tab.trainHead();
    let cancelled = false;
    fake.compare = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await add(id, cats, "new.png");
    await vi.waitFor(() => expect(tab.liveHead.value?.samples).toBe(7), { timeout: 5000 });
    tab.cancelHead();
    cancelled = true;
    expect(tab.headState.value).toBe("ready");
    expect(cancelled && tab.liveHead.value?.kind).toBe("logistic");
    fake.compare = null;
    fake.fails = new Error("memory ran out");
    await tab.trainHead();
    expect(tab.headState.value).toBe("failed");
    expect(tab.toasts.value.map(({ text }) => text)).toContain("memory ran out");
    expect(tab.liveHead.value?.samples).toBe(7);
    fake.fails = null;
    await tab.trainHead();
    expect(tab.headState.value).toBe("ready");
  });

  test("goes with its dataset", async () => {
    await filled(3);
    await tab.trainHead();
    await tab.open(null);
    expect(tab.liveHead.value).toBeNull();
    expect(tab.headTable.value).toEqual([]);
    expect(tab.headState.value).toBe("waiting");
  });
});

describe("features", () => {
  test("are there when the page is opened again: nothing is computed a second time", async () => {
    const id = await filled(3);
    await tab.ensureFeatures();
    expect(fake.computed).toHaveLength(8);
    expect(tab.featuresMissing.value).toBe(0);
    tab = await newTab();
    await tab.open(id);
    await vi.waitFor(() => expect(tab.featured.value.size).toBe(8));
    await tab.ensureFeatures();
    expect(fake.computed).toHaveLength(8);
    // Of another network none are known.
    tab.chooseBackbone("lite2");
    await vi.waitFor(() => expect(tab.featured.value.size).toBe(0));
    expect(tab.featuresMissing.value).toBe(8);
  });

  test("that a full disk has no room for are used, and said not to be kept", async () => {
    const id = await filled(3);
    fake.full = true;
    await tab.trainHead();
    expect(tab.headState.value).toBe("ready");
    expect(tab.toasts.value.filter(({ kind }) => kind === "info")).toHaveLength(1);
    expect(tab.looseRows([0])?.samples).toHaveLength(9);
    const { keptCopies } = await import("../../engine/library/features");
    expect((await keptCopies(id, "backbone")).size).toBe(0);
  });

  test("of a picture that cannot be read are not waited for, and the picture is left out", async () => {
    await filled(4);
    fake.unreadable = new Set([1]);
    await tab.trainHead();
    expect(tab.liveHead.value).toMatchObject({ samples: 7, stale: false });
    expect(tab.headState.value).toBe("ready");
    await tab.ensureFeatures();
    expect(tab.featuresMissing.value).toBe(0);
  });

  test("can be cancelled; what came until then stays", async () => {
    await filled(3);
    let go = () => {};
    fake.gate = new Promise((resolve) => {
      go = resolve;
    });
    const work = tab.ensureFeatures();
    const failed = expect(work).rejects.toMatchObject({ code: "aborted" });
    expect(tab.featuring.value).toMatchObject({ loading: true });
    tab.cancelFeatures();
    go();
    await failed;
    expect(tab.featuring.value).toBeNull();
    fake.gate = null;
    await tab.ensureFeatures();
    expect(tab.featuresMissing.value).toBe(0);
  });
});

describe("an answer", () => {
  test("to what is tried is given anew by every head, and says where it is none of the classes", async () => {
    await filled(3);
    vi.stubGlobal("URL", Object.assign(globalThis.URL, { createObjectURL: () => "blob:1", revokeObjectURL: () => {} }));
    const answers: string[] = [];
    await tab.trainHead();
    tab.tryPicture(new Blob(["picture"]), "picture");
    await vi.waitFor(() => expect(tab.liveAnswer.value?.predictions[0]?.label).toBe("made mlp"));
    expect(tab.liveAnswer.value).toMatchObject({ none: true, novelty: 3, source: "picture" });
    tab.liveAnswer.subscribe((answer) => answers.push(answer?.predictions[0]?.label ?? "nothing"));
    await tab.trainHead();
    expect(answers).toEqual(["made mlp", "quick 6", "made mlp"]);
    expect(tab.triedPicture.value).toBe("blob:1");
    const { setRejecting } = await import("../rejecting");
    setRejecting(false);
    expect(tab.liveAnswer.value?.none).toBe(false);
    tab.dropTried();
    expect([tab.liveAnswer.value, tab.triedPicture.value]).toEqual([null, null]);
  });
});
