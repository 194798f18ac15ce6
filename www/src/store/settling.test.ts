import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { EngineError } from "../engine/error";
import {
  BYTES,
  bytesOf,
  type Fake,
  FakeInfer,
  FakeOpening,
  FakeTrial,
  fileOf,
  read,
  trials,
  UNIT,
} from "./testing/fake-files";

vi.mock("../engine/infer", () => ({ InferEngine: FakeInfer }));
vi.mock("../engine/opening", () => ({ opening: new FakeOpening(), TrialEngine: FakeTrial }));

let room: typeof import("./settling");
let opening: typeof import("./opening");
let session: typeof import("./session");
let toasts: typeof import("./toasts");
let kept: typeof import("./database");

const foreign: Fake = { name: "foreign", classes: 10 };
const clothes = { right: 0.8, classes: "top trouser pullover dress coat sandal shirt sneaker bag boot".split(" ") };

/** As a page that is opened anew; what the database holds stays. */
async function load(): Promise<void> {
  vi.resetModules();
  [room, opening, session, toasts, kept] = await Promise.all([
    import("./settling"),
    import("./opening"),
    import("./session"),
    import("./toasts"),
    import("./database"),
  ]);
  await session.beginSession();
}

/** Waits for what is on its way; how long that takes is the machine's affair. */
function until(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: 30_000, interval: 5 });
}

const settled = () => until(() => expect(room.settling.value?.phase).toBe("ready"));
const inUse = async () => read(await session.fileOf(session.currentModel.value));

async function keptFile(): Promise<Fake> {
  return read((await kept.keptFile(session.currentModelId.value)) ?? bytesOf({ name: "none", classes: 0 }));
}

function undo(): void {
  toasts.undo(toasts.toasts.value.findLast((shown) => shown.undo)?.id ?? 0);
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal(
    "fetch",
    async (address: URL) => new Response(address.pathname.split("/").at(-1)?.replace(".onnx", "")),
  );
  trials.reset();
  FakeInfer.opened = [];
  await load();
});

describe("a file that does not say how it is given pictures", () => {
  test("is tried on samples by itself, and the likeliest is written into it", async () => {
    trials.likeliest = 1;
    const ids: string[] = [];
    const stop = session.currentModelId.subscribe((id) => ids.push(id));
    await opening.openModels([fileOf(foreign)]);
    await settled();
    stop();
    expect(trials.asked.filter((asked) => asked.startsWith("weigh"))).toEqual([`weigh ${1 / 255}`, "weigh 1"]);
    expect(room.settling.value).toMatchObject({ known: "bytes", chosen: BYTES, applied: BYTES, done: 2, total: 2 });
    expect(room.settling.value?.candidates.map(({ known }) => known)).toEqual(["bytes", "digits"]);
    // Whatever was kept of its answers by its id is of the file of before.
    expect(ids).toEqual(["digits", expect.stringMatching(/^own-/), expect.stringMatching(/^own-/)]);
    expect(session.idNow(ids[1] ?? "")).toBe(ids[2]);
    expect(session.modelInfo.value?.preprocessing).toEqual(BYTES);
    expect(FakeInfer.holds).toBe(JSON.stringify(await inUse()));
    await until(async () => expect((await keptFile()).preprocessing).toEqual(BYTES));
    expect((await kept.keptModels()).map(({ name }) => name)).toEqual(["foreign"]);
    await load();
    expect(session.currentModel.value.name).toBe("foreign");
    expect(session.modelInfo.value?.settled).toBe(true);
    expect(room.settling.value).toBeNull();
  });

  test("answers on without a gap where it was given them rightly from the start", async () => {
    const [states, ids]: string[][] = [[], []];
    const stop = session.modelState.subscribe((state) => states?.push(state));
    const stopIds = session.currentModelId.subscribe((id) => ids?.push(id));
    await opening.openModels([fileOf(foreign)]);
    await settled();
    stop();
    stopIds();
    expect(ids).toEqual(["digits", session.currentModelId.value]);
    expect(states).toEqual(["ready"]);
    expect(FakeInfer.opened.filter((name) => name === "foreign")).toHaveLength(1);
    expect(session.modelInfo.value?.settled).toBe(true);
    expect((await inUse()).preprocessing).toEqual(UNIT);
  });

  test("stays as it is where a person chooses before all is weighed", async () => {
    let go = () => {};
    trials.weighing = new Promise((resolve) => {
      go = resolve;
    });
    trials.likeliest = 1;
    await opening.openModels([fileOf(foreign)]);
    await until(() => expect(room.settling.value?.phase).toBe("weighing"));
    room.choosePreset("digits");
    go();
    await settled();
    expect(room.settling.value).toMatchObject({ known: "digits", touched: true, applied: null });
    expect((await inUse()).preprocessing).toBeUndefined();
  });

  test("goes by its own word where there are no samples", async () => {
    trials.samples = 0;
    trials.proposals.reverse();
    await opening.openModels([fileOf(foreign)]);
    await settled();
    expect(trials.asked.filter((asked) => asked.startsWith("weigh"))).toEqual([]);
    expect((await inUse()).preprocessing).toEqual(BYTES);
  });

  test("that ends its worker is used all the same, and the panel says why", async () => {
    trials.fails = new EngineError("opening-died", "It stopped.");
    await opening.openModels([fileOf(foreign)]);
    await until(() => expect(room.settling.value).toMatchObject({ phase: "failed", error: { code: "opening-died" } }));
    expect(session.answering.value?.id).toBe(session.currentModelId.value);
  });

  test("is tried when it comes into use, if another file came before its turn was over", async () => {
    let go = () => {};
    trials.weighing = new Promise((resolve) => {
      go = resolve;
    });
    await opening.openModels([fileOf(foreign)]);
    await until(() => expect(room.settling.value?.phase).toBe("weighing"));
    const first = session.currentModelId.value;
    await opening.openModels([fileOf({ ...foreign, name: "second" })]);
    go();
    await settled();
    expect(room.settling.value?.modelId).toBe(session.currentModelId.value);
    expect(trials.open).toBe(1);
    await session.use(first);
    await until(() => expect(room.settling.value).toMatchObject({ modelId: first, phase: "ready" }));
    expect((await inUse()).preprocessing).toEqual(UNIT);
  });

  test("is left alone once the person has left it", async () => {
    let go = () => {};
    trials.weighing = new Promise((resolve) => {
      go = resolve;
    });
    await opening.openModels([fileOf(foreign)]);
    await until(() => expect(room.settling.value?.phase).toBe("weighing"));
    room.leave();
    go();
    await session.use("digits");
    await session.use(session.models.value.at(-1)?.id ?? "");
    expect(room.settling.value).toBeNull();
    expect(trials.open).toBe(0);
    expect((await inUse()).preprocessing).toBeUndefined();
  });

  test("works where nothing can be kept", async () => {
    vi.stubGlobal("indexedDB", {
      open: () => {
        throw new DOMException("No.", "SecurityError");
      },
    });
    await load();
    trials.likeliest = 1;
    await opening.openModels([fileOf(foreign)]);
    await settled();
    expect((await inUse()).preprocessing).toEqual(BYTES);
    expect(session.modelInfo.value?.settled).toBe(true);
  });

  test("has its samples answered by its names, and by other names once it has them", async () => {
    await opening.openModels([fileOf(foreign)]);
    await settled();
    await until(() => expect(room.tried.value.size).toBe(3));
    expect([...room.tried.value.keys()].sort()).toEqual(["bytes:0", "digits:0", "digits:1"]);
    expect(room.tried.value.get("digits:0")?.predictions[0]?.label).toBe("1");
    await room.chooseLabels(
      new File(["zero one two three four five six seven eight nine".replaceAll(" ", "\n")], "l.txt"),
    );
    expect(room.tried.value.get("digits:0")?.predictions[0]?.label).toBe("one");
    expect(room.settling.value?.info.labels[1]).toBe("one");
  });
});

describe("a network of ten unnamed classes that knows Fashion-MNIST", () => {
  test("gets those names", async () => {
    trials.recognised = { "fashion-mnist": clothes, mnist: { right: 0.1, classes: [] } };
    await opening.openModels([fileOf(foreign)]);
    await settled();
    expect(session.labels.value).toEqual(clothes.classes);
    expect(toasts.toasts.value.at(-1)?.text).toMatch(/80/);
  });

  test("keeps the names it has", async () => {
    trials.recognised = { "fashion-mnist": clothes };
    const labels = clothes.classes.map((name) => `my ${name}`);
    await opening.openModels([fileOf({ ...foreign, labels })]);
    await settled();
    expect(session.labels.value).toEqual(labels);
  });
});

describe("what a person chooses", () => {
  beforeEach(async () => {
    await opening.openModels([fileOf(foreign)]);
    await settled();
  });

  test("is written when it is applied, and the way back is there", async () => {
    const before = session.currentModelId.value;
    room.choosePreset("bytes");
    expect(room.settling.value).toMatchObject({ known: "bytes", applied: UNIT });
    await room.apply();
    expect(room.settling.value).toMatchObject({ applied: BYTES, modelId: session.currentModelId.value });
    expect(session.modelInfo.value?.preprocessing).toEqual(BYTES);
    expect(session.idNow(before)).toBe(session.currentModelId.value);
    undo();
    await until(() => expect(session.currentModelId.value).toBe(before));
    expect(room.settling.value).toMatchObject({ known: "digits", applied: UNIT, modelId: before });
    await until(async () => expect((await keptFile()).preprocessing).toEqual(UNIT));
    expect(session.models.value.map(({ name }) => name).filter((name) => name === "foreign")).toHaveLength(1);
  });

  test("part by part is known by its name where it has one", async () => {
    room.change({ ink: "dark" });
    expect(room.settling.value?.known).toBe("custom");
    await until(() => expect(room.tried.value.has("custom:1")).toBe(true));
    room.change({ ink: "light", scale: 1 });
    expect(room.settling.value?.known).toBe("bytes");
    expect(room.tried.value.has("custom:1")).toBe(false);
  });

  test("of a labels list does not undo what was applied, and can be taken back by itself", async () => {
    await room.chooseLabels(new File([clothes.classes.join("\n")], "labels.txt"));
    const takeBack = toasts.toasts.value.findLast((shown) => shown.undo)?.id ?? 0;
    room.choosePreset("bytes");
    await room.apply();
    expect(await inUse()).toMatchObject({ labels: clothes.classes, preprocessing: BYTES });
    toasts.undo(takeBack);
    await until(() => expect(session.labels.value[1]).toBe("1"));
    expect((await inUse()).preprocessing).toEqual(BYTES);
  });

  test("of another output or size begins anew on the file that is so", async () => {
    await room.chooseOutput("other");
    await settled();
    expect(await inUse()).toMatchObject({ output: "other" });
    await room.chooseSize(64, 32);
    await settled();
    expect(session.modelInfo.value).toMatchObject({ answer: "other", height: 64, width: 32 });
    expect(room.settling.value?.modelId).toBe(session.currentModelId.value);
    expect(trials.open).toBe(1);
  });

  test("for a model that is not in use does not bring it into use", async () => {
    const id = session.currentModelId.value;
    await session.use("lite0");
    await room.settle(id);
    room.choosePreset("bytes");
    await room.apply();
    expect(session.currentModelId.value).toBe("lite0");
    expect(room.settling.value).toMatchObject({ modelId: session.idNow(id), applied: BYTES });
    expect(FakeInfer.opened.at(-1)).toBe("lite0");
  });

  test("is gone with its model", async () => {
    const { remove } = await import("./own-models");
    await remove(session.currentModelId.value);
    expect(room.settling.value).toBeNull();
    expect(trials.open).toBe(0);
  });
});
