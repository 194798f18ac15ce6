import { effect } from "@preact/signals";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ModelInfo } from "../engine/types";

/** What the fake engine was asked to open, with what to answer. */
interface Asked {
  file: string;
  open(labels?: string[]): Promise<void>;
  refuse(code?: string): Promise<void>;
}

/** The requests in the order in which they came; those that are answered leave. */
const asked: Asked[] = [];
/** The file that the worker holds, as the engine's contract has it: what cannot be opened changes nothing. */
let holds = "";

vi.mock("../engine/infer", () => ({
  InferEngine: class {
    onDeath: ((error: Error, back: boolean) => void) | undefined;

    start(): void {}

    open(_slot: string, onnx: Uint8Array): Promise<ModelInfo> {
      const file = new TextDecoder().decode(onnx);
      return new Promise((resolve, reject) => {
        const done = async (end: () => void) => {
          asked.splice(asked.indexOf(request), 1);
          end();
          await settled();
        };
        const request: Asked = {
          file,
          open: (labels = ["0", "1"]) =>
            done(() => {
              holds = file;
              resolve({ labels, takesDrawings: !file.startsWith("lite") } as unknown as ModelInfo);
            }),
          refuse: (code = "not-onnx") =>
            done(() => reject(Object.assign(new Error(`${file} is no network.`), { code }))),
        };
        asked.push(request);
      });
    }
  },
}));

/** Shipped files whose download is held back, and how it ends. */
const fetching = new Map<string, { come(): Promise<void>; fail(): Promise<void> }>();

function fetchLater(address: URL): Promise<Response> {
  const id = address.pathname.replace(/^.*\/(\w+)\.onnx$/, "$1");
  return new Promise((resolve) => {
    const end = async (response: Response) => {
      fetching.delete(id);
      resolve(response);
      await settled();
    };
    fetching.set(id, {
      come: () => end(new Response(id)),
      fail: () => end(new Response(null, { status: 404 })),
    });
  });
}

/** What promises set off has happened. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

type Session = typeof import("./session");
let session: Session;

const file = (name: string) => new TextEncoder().encode(name);
const newest = () => asked.at(-1) as Asked;
const own = (name: string, labels?: string[]) => ({
  origin: "opened" as const,
  name,
  onnx: file(name),
  ...(labels && { labels }),
});

async function come(id: string): Promise<void> {
  await settled();
  await fetching.get(id)?.come();
}

/** The page says that a model is ready exactly where the worker holds it. */
function agreed(): string {
  const { answering, currentModel, modelState } = session;
  expect(modelState.value).toBe("ready");
  expect(answering.value?.id).toBe(currentModel.value.id);
  expect(currentModel.value.onnx ? currentModel.value.name : currentModel.value.id).toBe(holds);
  return holds;
}

beforeEach(async () => {
  asked.length = 0;
  fetching.clear();
  holds = "";
  vi.resetModules();
  vi.stubGlobal("fetch", vi.fn(fetchLater));
  session = await import("./session");
  void session.beginSession();
  await come("digits");
  await newest().open();
});

test("the session begins with the network for digits", () => {
  expect(agreed()).toBe("digits");
});

describe("a choice that fails goes back to the model that was really open", () => {
  test("of two choices, the first slow to be fetched and the second refused, neither is called ready", async () => {
    void session.use("lite0");
    void session.use("fashion");
    await come("fashion");
    await newest().refuse();
    await come("lite0");
    expect(asked).toEqual([]);
    expect(agreed()).toBe("digits");
  });

  test("a model that was being opened when the one that failed was chosen is open, and the page says so", async () => {
    void session.use("lite0");
    await come("lite0");
    const slow = newest();
    void session.use("fashion");
    await settled();
    await fetching.get("fashion")?.fail();
    expect(session.modelState.value).toBe("loading");
    await slow.open();
    expect(agreed()).toBe("lite0");
  });

  test("an own file that is refused changes nothing, and what was being opened is opened after all", async () => {
    void session.use("lite0");
    await come("lite0");
    const adopted = session.adopt(own("noise")).catch((error: Error) => error.message);
    await newest().open();
    await newest().refuse();
    expect(await adopted).toBe("noise is no network.");
    await settled();
    await newest().open();
    expect(agreed()).toBe("lite0");
  });

  test("if nothing was ever open, it is the network for digits", async () => {
    vi.resetModules();
    session = await import("./session");
    void session.use("lite0");
    await come("lite0");
    await newest().refuse();
    await come("digits");
    await newest().open();
    expect(agreed()).toBe("digits");
  });
});

test("a worker that dies of opening a model gets a second chance, and no third", async () => {
  void session.use("lite0");
  await come("lite0");
  await newest().refuse("worker-died");
  await newest().open();
  expect(agreed()).toBe("lite0");
  void session.use("lite2");
  await come("lite2");
  await newest().refuse("worker-died");
  await newest().refuse("worker-died");
  expect(asked).toEqual([]);
  expect(agreed()).toBe("lite0");
});

test("models that are chosen in quick succession end with the last, whichever comes first", async () => {
  void session.use("fashion");
  void session.use("lite0");
  void session.use("lite2");
  await come("lite2");
  await newest().open();
  await come("lite0");
  await come("fashion");
  expect(agreed()).toBe("lite2");
});

test("at no moment does one model answer by another's names", async () => {
  const seen = new Set<string>();
  const stop = effect(() => {
    const { value: by } = session.answering;
    if (by) seen.add(`${by.id}: ${by.labels.join()}`);
  });
  void session.use("lite0");
  expect(session.answering.value).toBeNull();
  await come("lite0");
  await newest().open(["tench", "hammerhead"]);
  const adopted = session.adopt(own("mine", ["nought", "one"]));
  await settled();
  await newest().open();
  await adopted;
  void session.use("fashion");
  await come("fashion");
  await newest().open(["Shirt", "Bag"]);
  stop();
  const mine = session.models.value.find(({ name }) => name === "mine")?.id;
  expect([...seen]).toEqual(["digits: 0,1", "lite0: tench,hammerhead", `${mine}: nought,one`, "fashion: Shirt,Bag"]);
});

describe("another file for a model", () => {
  const info = (labels: string[]) => ({ labels, takesDrawings: true }) as unknown as ModelInfo;

  /** An own model in use. */
  async function adopted(): Promise<string> {
    const adopting = session.adopt(own("mine"));
    await settled();
    await newest().open();
    return adopting;
  }

  test("answers once the worker holds it, and nothing does before that", async () => {
    const id = await adopted();
    const replacing = session.replaceFile(id, { id: "own-2", onnx: file("other"), info: info(["a", "b"]) });
    await settled();
    expect(session.answering.value).toBeNull();
    await newest().open(["a", "b"]);
    await replacing;
    expect(session.answering.value).toMatchObject({ id: "own-2", labels: ["a", "b"] });
    expect(holds).toBe("other");
    expect(session.idNow(id)).toBe("own-2");
    expect(session.models.value.filter(({ origin }) => origin === "opened").map(({ id }) => id)).toEqual(["own-2"]);
  });

  test("with the same answers is not opened anew", async () => {
    const id = await adopted();
    await session.replaceFile(id, { id, onnx: file("mine, with metadata"), info: info(["0", "1"]) });
    expect(asked).toEqual([]);
    expect(session.answering.value?.id).toBe(id);
    const { onnx = new Uint8Array() } = session.currentModel.value;
    expect(new TextDecoder().decode(onnx)).toBe("mine, with metadata");
  });

  test("that cannot be opened changes nothing", async () => {
    const id = await adopted();
    const other = { id: "own-2", onnx: file("other"), info: info(["a", "b"]) };
    const replacing = session.replaceFile(id, other).catch((error: Error) => error.message);
    await settled();
    await newest().refuse();
    expect(await replacing).toBe("other is no network.");
    expect(session.currentModelId.value).toBe(id);
    expect(agreed()).toBe("mine");
  });

  test("does not take the place of a model that was chosen meanwhile", async () => {
    const id = await adopted();
    const replacing = session.replaceFile(id, { id: "own-2", onnx: file("other"), info: info(["a", "b"]) });
    await settled();
    void session.use("lite0");
    await newest().open(["a", "b"]);
    await replacing;
    expect(session.currentModelId.value).toBe("lite0");
    await come("lite0");
    await newest().open();
    expect(agreed()).toBe("lite0");
  });

  test("is what is opened where the one of before was on its way", async () => {
    const id = await adopted();
    void session.use("fashion");
    await come("fashion");
    await newest().open();
    void session.use(id);
    const replacing = session.replaceFile(id, { id: "own-2", onnx: file("other"), info: info(["a", "b"]) });
    await settled();
    while (asked.length > 0) await newest().open(["a", "b"]);
    await replacing;
    expect(session.currentModelId.value).toBe("own-2");
    expect(session.modelState.value).toBe("ready");
    expect(holds).toBe("other");
  });

  test("of one that is gone is none", async () => {
    const id = await adopted();
    session.models.value = session.models.value.filter((model) => model.id !== id);
    await session.replaceFile(id, { id: "own-2", onnx: file("other"), info: info(["a", "b"]) });
    expect(session.models.value.some((model) => model.id === "own-2")).toBe(false);
  });
});

test("a worker that keeps dying is no longer said to be ready", () => {
  session.infer.onDeath?.(new Error("dead") as never, false);
  expect(session.modelState.value).toBe("failed");
  expect(session.answering.value).toBeNull();
});
