import { afterEach, describe, expect, test, vi } from "vitest";
import { type ClientOptions, WorkerClient } from "./client";
import type { EngineError } from "./error";
import type { FromWorker, ToWorker } from "./protocol";

interface Calls {
  double: { ask: { n: number }; answer: number };
  look: { ask: { picture: object }; answer: null };
}

/** A worker that does nothing by itself: the test says what it answers. */
class FakeWorker extends EventTarget {
  readonly sent: ToWorker<Calls>[] = [];
  ended = false;

  postMessage(message: ToWorker<Calls>, transfer: Transferable[]): void {
    structuredClone(message, { transfer: transfer.filter((part) => !(part instanceof FakeBitmap)) });
    this.sent.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: FromWorker<never>): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

class FakeBitmap {
  closed = false;

  close(): void {
    this.closed = true;
  }
}

vi.stubGlobal("ImageBitmap", FakeBitmap);

function begin(options: Partial<ClientOptions<never>> = {}) {
  const worker = new FakeWorker();
  const client = new WorkerClient<Calls>({ spawn: () => worker as unknown as Worker, patience: 3, ...options });
  return { worker, client };
}

/** A signal that knows who listens to it. */
function counted() {
  const abort = new AbortController();
  let listeners = 0;
  const { signal } = abort;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(signal, args);
  };
  return { abort, signal, listeners: () => listeners };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a call that cannot be sent", () => {
  test("is rejected when what it carries cannot be copied", async () => {
    const { client } = begin();
    await expect(client.call("look", { picture: { no: () => {} } })).rejects.toMatchObject({ name: "DataCloneError" });
  });

  test("is rejected when another call has taken its buffer", async () => {
    const { worker, client } = begin();
    const taken = new Uint8Array(4);
    structuredClone(taken, { transfer: [taken.buffer] });
    const transfer = [taken.buffer];
    await expect(client.call("look", { picture: taken }, { transfer })).rejects.toThrow();
    expect(worker.sent).toEqual([]);
  });

  test("leaves nothing to wait for: the worker is not taken for dead", async () => {
    vi.useFakeTimers();
    const onDeath = vi.fn();
    const { worker, client } = begin({ onDeath });
    await expect(client.call("look", { picture: () => {} })).rejects.toThrow();
    vi.advanceTimersByTime(60_000);
    expect(onDeath).not.toHaveBeenCalled();
    expect(worker.ended).toBe(false);
  });

  test("closes the bitmaps that were to go with it", async () => {
    const { client } = begin();
    const bitmap = new FakeBitmap();
    const transfer = [bitmap as unknown as ImageBitmap];
    await expect(client.call("look", { picture: { no: () => {} } }, { transfer })).rejects.toThrow();
    expect(bitmap.closed).toBe(true);
  });
});

describe("a call with a signal", () => {
  test("no longer listens to it once it is answered, has failed, or its worker has died", async () => {
    const { worker, client } = begin();
    const { signal, listeners } = counted();
    const ask = () => client.call("double", { n: 1 }, { signal });
    const [answered, failed, lost] = [ask(), ask(), ask()];
    expect(listeners()).toBe(3);
    worker.say({ type: "answer", id: 1, value: 2 });
    await expect(answered).resolves.toBe(2);
    worker.say({ type: "error", id: 2, error: { code: "odd", message: "It is odd.", fatal: false } });
    await expect(failed).rejects.toMatchObject({ code: "odd" } satisfies Partial<EngineError>);
    client.retire();
    await expect(lost).rejects.toMatchObject({ code: "aborted" } satisfies Partial<EngineError>);
    expect(listeners()).toBe(0);
  });

  test("is rejected when that aborts, and the worker is told once", async () => {
    const { worker, client } = begin();
    const { abort, signal, listeners } = counted();
    const call = client.call("double", { n: 1 }, { signal });
    abort.abort(new Error("Enough."));
    await expect(call).rejects.toThrow("Enough.");
    expect(worker.sent.filter(({ type }) => type === "abort")).toHaveLength(1);
    expect(listeners()).toBe(0);
  });

  test("is told, and a call that is to be answered all the same is", async () => {
    const { worker, client } = begin();
    const abort = new AbortController();
    const call = client.call("double", { n: 1 }, { signal: abort.signal, answered: true });
    abort.abort(new Error("Enough."));
    expect(worker.sent.map(({ type }) => type)).toEqual(["call", "abort"]);
    worker.say({ type: "answer", id: 1, value: 2 });
    await expect(call).resolves.toBe(2);
  });

  test("that has aborted already closes its bitmaps and calls no worker", async () => {
    const { worker, client } = begin();
    const bitmap = new FakeBitmap();
    const transfer = [bitmap as unknown as ImageBitmap];
    const signal = AbortSignal.abort(new Error("Enough."));
    await expect(client.call("look", { picture: bitmap }, { transfer, signal })).rejects.toThrow("Enough.");
    expect(bitmap.closed).toBe(true);
    expect(worker.sent).toEqual([]);
  });

  test("leaves nothing to wait for after an abort: the worker is not taken for dead", async () => {
    vi.useFakeTimers();
    const onDeath = vi.fn();
    const { client } = begin({ onDeath });
    const abort = new AbortController();
    const call = client.call("double", { n: 1 }, { signal: abort.signal });
    abort.abort(new Error("Enough."));
    await expect(call).rejects.toThrow();
    vi.advanceTimersByTime(60_000);
    expect(onDeath).not.toHaveBeenCalled();
  });
});

test("a worker that owes an answer and gives no sign of life is dead, and its calls are rejected", async () => {
  vi.useFakeTimers();
  const onDeath = vi.fn();
  const { worker, client } = begin({ onDeath });
  const call = client.call("double", { n: 1 });
  const lost = expect(call).rejects.toMatchObject({ code: "worker-died" } satisfies Partial<EngineError>);
  vi.advanceTimersByTime(10_000);
  await lost;
  expect(onDeath).toHaveBeenCalledOnce();
  expect(worker.ended).toBe(true);
});
