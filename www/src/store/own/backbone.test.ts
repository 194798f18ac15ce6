// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Model } from "../models";

/** Files that are not there, and what is opened. */
const fake = vi.hoisted(() => ({ broken: new Map<string, string>(), opened: [] as string[] }));

vi.mock("../../engine/features", () => ({
  FeatureEngine: class {
    open = async (onnx: Uint8Array) => {
      const id = new TextDecoder().decode(onnx);
      fake.opened.push(id);
      return { id, dimension: 2, channels: 3, height: 4, width: 4, fit: "whole" };
    };
    rest() {}
  },
}));

vi.mock("../model-files", () => ({
  fileOf: async ({ id }: Model) => {
    const code = fake.broken.get(id);
    if (code) throw Object.assign(new Error("broken"), { code });
    return new TextEncoder().encode(id);
  },
  idOf: () => undefined,
}));

const head = { backbone: "lite0", samples: 20 };
const OWN: Model = { id: "own-1", origin: "opened", name: "Pets", bytes: 9, facts: { head } };
const OTHER: Model = { id: "own-2", origin: "trained", name: "Digits", bytes: 9, facts: {} };

let kept = new Map<string, string>();

/** @param own What is kept in this browser; null while it has not been read. */
async function newTab(own: Model[] | null) {
  vi.resetModules();
  const features = await import("./features");
  const session = await import("../session");
  const { toasts } = await import("../toasts");
  const { strings } = await import("../../i18n");
  const restore = (more: Model[]) => {
    session.models.value = [...session.models.value, ...more];
    session.modelsRestored.value = true;
  };
  if (own) restore(own);
  const said = () => toasts.value.filter(({ text }) => text === strings.value.head.backboneLost).length;
  return { ...features, ...session, restore, said };
}

beforeEach(() => {
  fake.broken.clear();
  fake.opened = [];
  kept = new Map();
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("navigator", { languages: ["en"] });
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("document", { documentElement: {}, baseURI: "http://localhost/" });
});

test("of the person's own models heads can look, and the choice is remembered", async () => {
  let tab = await newTab([OWN, OTHER]);
  expect(tab.ownBackbones.value.map(({ name }) => name)).toEqual(["Pets"]);
  tab.chooseBackbone("own-1");
  expect(await tab.openedBackbone()).toMatchObject({ id: "own-1" });
  // It waits for the list: until that has been read nothing is known to be gone.
  tab = await newTab(null);
  expect(tab.backbone.value).toBe("own-1");
  await expect(tab.openedBackbone()).rejects.toMatchObject({ code: "model-missing" });
  tab.restore([OWN]);
  expect(await tab.openedBackbone()).toMatchObject({ id: "own-1" });
  expect(tab.said()).toBe(0);
});

test("where it is removed, or was before the page was opened, Lite0 looks, and that is said", async () => {
  let tab = await newTab([OWN]);
  tab.chooseBackbone("own-1");
  tab.models.value = tab.models.value.filter(({ id }) => id !== "own-1");
  expect([tab.backbone.value, tab.said()]).toEqual(["lite0", 1]);
  kept.set("hearth.backbone", "own-1");
  tab = await newTab([OTHER]);
  expect([tab.backbone.value, tab.said()]).toEqual(["lite0", 1]);
  kept.set("hearth.backbone", "own-2");
  tab = await newTab([OTHER]);
  expect([tab.backbone.value, kept.get("hearth.backbone")]).toEqual(["lite0", "lite0"]);
});

test.each(["model-missing", "onnx-malformed"])(
  "where its file fails with %s, Lite0 is opened instead",
  async (code) => {
    const tab = await newTab([OWN]);
    tab.chooseBackbone("own-1");
    fake.broken.set("own-1", code);
    const both = await Promise.all([tab.openedBackbone(), tab.openedBackbone()]);
    expect(both.map(({ id }) => id)).toEqual(["lite0", "lite0"]);
    expect([tab.backbone.value, tab.said()]).toEqual(["lite0", 1]);
  },
);

test("a worker that died is no fault of the file, and one of the page's own is not replaced", async () => {
  const tab = await newTab([OWN]);
  tab.chooseBackbone("own-1");
  fake.broken.set("own-1", "worker-died");
  await expect(tab.openedBackbone()).rejects.toMatchObject({ code: "worker-died" });
  expect(tab.backbone.value).toBe("own-1");
  tab.chooseBackbone("lite2");
  fake.broken.set("lite2", "model-missing");
  await expect(tab.openedBackbone()).rejects.toMatchObject({ code: "model-missing" });
  expect([tab.backbone.value, tab.said()]).toEqual(["lite2", 0]);
});
