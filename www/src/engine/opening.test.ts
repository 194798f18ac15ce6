import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OpeningEngine, TrialEngine } from "./opening";
import type { FromWorker, InspectedFile } from "./protocol";

interface Asked {
  id: number;
  kind: string;
}

/** The workers that were started, the newest last. */
let workers: FakeWorker[];

/** A worker that does nothing by itself: the test says what it answers. */
class FakeWorker extends EventTarget {
  readonly asked: Asked[] = [];
  ended = false;

  constructor() {
    super();
    workers.push(this);
  }

  postMessage(message: { type: string; id: number; request: { kind: string } }): void {
    if (message.type === "call") this.asked.push({ id: message.id, kind: message.request.kind });
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: FromWorker<{ loaded: number; total: number }>): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** Answers the oldest question. */
  async answer(value: unknown): Promise<void> {
    await told();
    const asked = this.asked.shift();
    this.say({ type: "answer", id: asked?.id ?? 0, value });
    await told();
  }

  async trap(): Promise<void> {
    await told();
    const error = { code: "trap", message: "unreachable", fatal: true };
    this.say({ type: "error", id: this.asked.shift()?.id ?? 0, error });
    await told();
  }
}

const newest = () => workers.at(-1) as FakeWorker;
const onnx = Uint8Array.of(1, 2, 3);
const never = new AbortController().signal;
const preprocessing = { fit: "digit", offset: 0, scale: 1 } as const;

/** What promises set off has happened. */
async function told(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  workers = [];
  vi.useFakeTimers();
  vi.stubGlobal("Worker", FakeWorker);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a worker that opens files", () => {
  test("that a file ends is a sentence of that file, and the next file is opened by another", async () => {
    const engine = new OpeningEngine();
    const first = engine.inspect(onnx).catch((error) => error);
    await newest().trap();
    expect(await first).toMatchObject({ code: "opening-died", message: expect.stringMatching(/^This file .*\.$/) });
    const second = engine.inspect(onnx);
    await newest().answer({ name: "mine" });
    expect(await second).toEqual({ name: "mine" });
    expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
  });

  test("is let go when nothing has been asked of it for a while", async () => {
    const engine = new OpeningEngine();
    const graph = engine.graph(onnx);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(newest().ended).toBe(false);
    newest().say({ type: "pong" });
    await newest().answer({ nodes: 3 });
    expect(await graph).toEqual({ nodes: 3 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(newest().ended).toBe(true);
  });

  test("tells how far a file has been read", async () => {
    const heard = vi.fn();
    const arrival = new OpeningEngine().arrive(new Blob([onnx]), [], heard, never);
    newest().say({ type: "news", news: { loaded: 2, total: 3 } });
    await newest().answer({ hash: "abc" });
    expect(await arrival).toEqual({ hash: "abc" });
    expect(heard).toHaveBeenCalledWith({ loaded: 2, total: 3 });
  });

  test("is let go with what is given up", async () => {
    const abort = new AbortController();
    const arrival = new OpeningEngine().arrive(new Blob([onnx]), [], () => {}, abort.signal);
    const ended = arrival.catch((error) => error);
    abort.abort(new Error("given up"));
    expect(await ended).toMatchObject({ message: "given up" });
    expect(newest().ended).toBe(true);
  });
});

describe("a file on trial", () => {
  const file = { onnx, info: {} } as InspectedFile;

  test("is opened once, when first asked about", async () => {
    const trial = new TrialEngine(file, []);
    const tried = trial.tryOut(0, preprocessing, 5);
    expect(newest().asked.map(({ kind }) => kind)).toEqual(["begin"]);
    await newest().answer({ proposals: [], samples: [] });
    expect(newest().asked.map(({ kind }) => kind)).toEqual(["tryOut"]);
    await newest().answer({ predictions: [] });
    expect(await tried).toEqual({ predictions: [] });
    const weighed = trial.weigh(preprocessing);
    await newest().answer({ confidence: 1, information: 1 });
    expect(await weighed).toMatchObject({ confidence: 1 });
    expect(workers).toHaveLength(1);
  });

  test("is opened anew where its worker has died, or was let go", async () => {
    const trial = new TrialEngine(file, []);
    const first = trial.weigh(preprocessing).catch((error) => error);
    await newest().answer({ proposals: [], samples: [] });
    await newest().trap();
    expect(await first).toMatchObject({ code: "opening-died" });
    const second = trial.weigh(preprocessing);
    await newest().answer({ proposals: [], samples: [] });
    await newest().answer({ confidence: 1 });
    expect(await second).toEqual({ confidence: 1 });
    await vi.advanceTimersByTimeAsync(60_000);
    const third = trial.weigh(preprocessing);
    await newest().answer({ proposals: [], samples: [] });
    await newest().answer({ confidence: 0 });
    expect(await third).toEqual({ confidence: 0 });
    expect(workers.map(({ ended }) => ended)).toEqual([true, true, false]);
  });

  test("that is closed answers nothing more", async () => {
    const trial = new TrialEngine(file, []);
    const weighed = trial.weigh(preprocessing).catch((error) => error);
    trial.close();
    expect(await weighed).toMatchObject({ code: "aborted" });
    expect(newest().ended).toBe(true);
  });
});
