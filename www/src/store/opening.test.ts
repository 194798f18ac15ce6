import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Fake, FakeInfer, FakeOpening, FakeTrial, fileOf, read, trials, UNIT } from "./testing/fake-files";

const opening = new FakeOpening();

vi.mock("../engine/infer", () => ({ InferEngine: FakeInfer }));
vi.mock("../engine/opening", () => ({ opening, TrialEngine: FakeTrial }));

let room: typeof import("./opening");
let session: typeof import("./session");
let toasts: typeof import("./toasts");
let kept: typeof import("./database");
let labels: typeof import("./model-labels");

/** Networks whose files say how they are given pictures: nothing is settled by itself. */
const digits: Fake = { name: "mine", classes: 3, preprocessing: UNIT };
const list = (names: string[], name = "labels.txt") => new File([names.join("\n")], name);

const own = () => session.models.value.filter(({ origin }) => origin !== "shipped");
const names = () => own().map(({ name }) => name);
const said = (kind: "info" | "error") =>
  toasts.toasts.value.filter((toast) => toast.kind === kind).map(({ text }) => text);

/** As a page that is opened anew; what the database holds stays. */
async function load(): Promise<void> {
  vi.resetModules();
  [room, session, toasts, kept, labels] = await Promise.all([
    import("./opening"),
    import("./session"),
    import("./toasts"),
    import("./database"),
    import("./model-labels"),
  ]);
  await session.beginSession();
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  let now = 1_700_000_000_000;
  vi.spyOn(Date, "now").mockImplementation(() => ++now);
  vi.stubGlobal(
    "fetch",
    async (address: URL) => new Response(address.pathname.split("/").at(-1)?.replace(".onnx", "")),
  );
  opening.asked.length = 0;
  opening.reading = Promise.resolve();
  trials.reset();
  await load();
});

describe("models", () => {
  test("are opened, kept with what tells them apart, and the last is in use", async () => {
    await room.openModels([fileOf(digits), fileOf({ ...digits, name: "yours" })]);
    expect(names()).toEqual(["mine", "yours"]);
    expect(session.currentModel.value.name).toBe("yours");
    expect(said("info")).toEqual(["2 models are open; yours is in use."]);
    const [first] = await kept.keptModels();
    expect(first).toMatchObject({ name: "mine", hash: expect.stringContaining("hash of") });
  });

  test("that are refused say why, and those beside them are opened", async () => {
    await room.openModels([fileOf({ ...digits, name: "odd", error: "onnx-operator" }), fileOf(digits)]);
    expect(names()).toEqual(["mine"]);
    expect(said("error")).toHaveLength(1);
  });

  test("of more than 200 MB are not read", async () => {
    const large = fileOf(digits);
    Object.defineProperty(large, "size", { value: 201e6 });
    await room.openModels([large]);
    expect(opening.asked).toEqual([]);
    expect(said("error")).toHaveLength(1);
  });

  test("that are large say how far they are, and can be given up", async () => {
    const large = fileOf(digits);
    Object.defineProperty(large, "size", { value: 100e6 });
    let go = () => {};
    opening.reading = new Promise((resolve) => {
      go = resolve;
    });
    const done = room.openModels([large]);
    await vi.waitFor(() => expect(room.arriving.value).toEqual({ name: "mine.onnx", loaded: 1, total: 100e6 }));
    room.cancelArriving();
    go();
    await done;
    expect(room.arriving.value).toBeNull();
    expect([names(), said("error"), said("info")]).toEqual([[], [], []]);
  });

  test("are found under any name", async () => {
    await room.openModels([fileOf(digits, "network")]);
    expect(names()).toEqual(["network"]);
    expect(said("error")).toEqual([]);
  });

  test("of other programs are told by what is in them, also beside one that is opened", async () => {
    const other = fileOf({ ...digits, error: "format-keras" }, "other.keras");
    await room.openModels([fileOf(digits), other, new File(["?"], "notes.pdf")]);
    expect(names()).toEqual(["mine"]);
    expect(said("error")).toHaveLength(1);
    expect(opening.asked).not.toContain("arrive notes.pdf");
  });

  test("of TensorFlow.js are in a file that is called as a list of labels may be", async () => {
    await room.openModels([
      fileOf({ ...digits, error: "format-tfjs" }, "model.json"),
      new File(["?"], "group1-shard1of1.bin"),
    ]);
    expect(said("error")).toEqual([expect.stringContaining("TensorFlow.js")]);
  });

  test("a file that is none says so once", async () => {
    await room.openModels([new File(["?"], "picture.png")]);
    expect(said("error")).toHaveLength(1);
    expect(session.currentModelId.value).toBe("digits");
  });
});

describe("weights beside the file", () => {
  const split: Fake = { ...digits, external: ["weights/mine.onnx.data", "more.bin"] };
  const weights = (name: string) => new File([name], name);

  test("are taken in when they come together, whatever else comes with them", async () => {
    await room.openModels([weights("more.bin"), fileOf(split), weights("mine.onnx.data"), new File(["?"], "README")]);
    expect(read(await session.fileOf(session.currentModel.value)).weights).toEqual(["mine.onnx.data", "more.bin"]);
    expect(said("error")).toEqual([]);
  });

  test("that are missing are named, and complete the model when they come later, one by one", async () => {
    await room.openModels([fileOf(split), list(["a", "b", "c"])]);
    expect(room.waiting.value).toMatchObject({ name: "mine.onnx", missing: ["mine.onnx.data", "more.bin"] });
    expect(room.isAwaited(weights("MORE.bin"))).toBe(true);
    await room.openModels([weights("more.bin")]);
    expect(room.waiting.value?.missing).toEqual(["mine.onnx.data"]);
    expect(names()).toEqual([]);
    await room.openModels([weights("mine.onnx.data")]);
    expect(room.waiting.value).toBeNull();
    expect(names()).toEqual(["mine"]);
    expect(session.labels.value).toEqual(["a", "b", "c"]);
  });

  test("do not keep other models from being opened meanwhile", async () => {
    await room.openModels([fileOf(split)]);
    await room.openModels([fileOf({ ...digits, name: "yours" })]);
    expect(names()).toEqual(["yours"]);
    expect(room.waiting.value?.name).toBe("mine.onnx");
  });
});

describe("labels", () => {
  test("that come with a model are written into its file", async () => {
    await room.openModels([fileOf(digits), list(["a", "b", "c"])]);
    expect(session.labels.value).toEqual(["a", "b", "c"]);
    await load();
    expect(session.labels.value).toEqual(["a", "b", "c"]);
    expect(own()[0]).not.toHaveProperty("labels");
  });

  test("of several lists are those that fit", async () => {
    await room.openModels([list(["a", "b"], "two.txt"), list(["a", "b", "c"], "three.csv"), fileOf(digits)]);
    expect(session.labels.value).toEqual(["a", "b", "c"]);
    expect(said("error")).toEqual([]);
  });

  test("that do not fit say both numbers, and can be chosen from", async () => {
    await room.openModels([fileOf(digits), list(["nothing much", "a", "b", "c"])]);
    expect(said("error")[0]).toMatch(/4 labels.*3 classes/);
    expect(session.labels.value).toEqual(["0", "1", "2"]);
    expect(labels.misfit.value).toMatchObject({ names: ["nothing much", "a", "b", "c"], classes: 3 });
    await labels.chooseFromMisfit("last");
    expect(session.labels.value).toEqual(["a", "b", "c"]);
    expect(labels.misfit.value).toBeNull();
  });

  test("that come later are for the model in use, and the way back is there", async () => {
    await room.openModels([fileOf(digits)]);
    await room.openModels([list(["a", "b", "c"])]);
    expect(session.labels.value).toEqual(["a", "b", "c"]);
    toasts.undo(toasts.toasts.value.findLast(({ undo }) => undo)?.id ?? 0);
    await vi.waitFor(() => expect(session.labels.value).toEqual(["0", "1", "2"]));
  });

  test("without a model of one's own are for none", async () => {
    await room.openModels([list(["a", "b", "c"])]);
    expect(said("error")).toHaveLength(1);
    expect(session.labels.value).toHaveLength(10);
  });

  test("that cannot be read do not keep their model from being opened", async () => {
    await room.openModels([fileOf(digits), new File(["{}"], "config.json")]);
    expect(names()).toEqual(["mine"]);
    expect(said("error")).toHaveLength(1);
  });

  test("of a thousand classes without names are ImageNet's, and that can be taken back", async () => {
    await room.openModels([fileOf({ ...digits, name: "net", classes: 1000, channels: 3 })]);
    expect(session.labels.value.slice(0, 2)).toEqual(["tench", "goldfish"]);
    expect(said("info")).toHaveLength(2);
    toasts.undo(toasts.toasts.value.find(({ undo }) => undo)?.id ?? 0);
    await vi.waitFor(() => expect(session.labels.value.slice(0, 2)).toEqual(["0", "1"]));
  });
});

describe("the same file", () => {
  test("opened twice is one model, which comes into use", async () => {
    await room.openModels([fileOf(digits)]);
    const id = session.currentModelId.value;
    await session.use("digits");
    await room.openModels([fileOf(digits, "another name.onnx")]);
    expect(names()).toEqual(["mine"]);
    expect(session.currentModelId.value).toBe(id);
    expect(said("info").at(-1)).toMatch(/here already/);
  });

  test("is the same after its settings were written, as it came and as it is now", async () => {
    await room.openModels([fileOf(digits)]);
    await room.openModels([list(["a", "b", "c"])]);
    const settled = new File(
      [(await session.fileOf(session.currentModel.value)) as Uint8Array<ArrayBuffer>],
      "down.onnx",
    );
    await load();
    await room.openModels([fileOf(digits)]);
    await room.openModels([settled]);
    expect(names()).toEqual(["mine"]);
  });

  test("is known of models that earlier versions kept without what tells them apart", async () => {
    const onnx = new Uint8Array(await fileOf(digits).arrayBuffer());
    await kept.keepModel({ id: "own-1", origin: "opened", name: "old", bytes: onnx.byteLength, created: 1 }, onnx);
    await load();
    await room.openModels([fileOf(digits)]);
    expect(names()).toEqual(["old"]);
    expect(session.currentModelId.value).toBe("own-1");
    await vi.waitFor(async () => expect((await kept.keptModels())[0]?.hash).toMatch(/^hash of/));
  });

  test("with labels beside it names the classes of the one that is there", async () => {
    await room.openModels([fileOf(digits)]);
    await room.openModels([fileOf(digits), list(["a", "b", "c"])]);
    expect(names()).toEqual(["mine"]);
    expect(session.labels.value).toEqual(["a", "b", "c"]);
  });
});
