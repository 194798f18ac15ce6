import { afterEach, describe, expect, test, vi } from "vitest";
import { fetched, fetchedInTurn, Pace, throttled, together } from "./fetched";

const url = new URL("http://localhost/train_bg.wasm");

/** A host that sends `chunks`, then the end, or breaks off. */
function host(chunks: number[], headers: Record<string, string>, breaks = false): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const size of chunks) controller.enqueue(new Uint8Array(size));
      if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body, { headers }));
}

afterEach(() => vi.unstubAllGlobals());

async function heard(...ask: Parameters<typeof host>): Promise<[number, number][]> {
  host(...ask);
  const said: [number, number][] = [];
  const response = await fetched(url, (loaded, total) => said.push([loaded, total]), { bytes: 90 });
  await response.arrayBuffer().catch(() => {});
  await vi.waitFor(() => expect(said.at(-1)?.[0]).toBe(said.at(-1)?.[1]));
  return said;
}

describe("a file that several workers need", () => {
  /** Web Locks, as far as they are needed here. */
  function locks() {
    let last: Promise<unknown> = Promise.resolve();
    const request = (_name: string, work: () => Promise<void>) => {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    };
    vi.stubGlobal("navigator", { locks: { request } });
  }

  test("is downloaded by one at a time, and a failure holds nobody back", async () => {
    locks();
    const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
    const fetching = vi.fn(async () => {
      if (fetching.mock.calls.length === 2) throw new TypeError("network error");
      return new Response(new ReadableStream({ start: (controller) => void bodies.push(controller) }));
    });
    vi.stubGlobal("fetch", fetching);
    const [first, second, third] = [1, 2, 3].map(() => fetchedInTurn(url, () => {}));
    const failed = expect(second).rejects.toThrow("network error");
    const response = await first;
    bodies[0]?.enqueue(new Uint8Array(3));
    await new Promise((resolve) => setTimeout(resolve));
    expect(fetching, "the first has not all of it yet").toHaveBeenCalledTimes(1);
    bodies[0]?.close();
    expect((await response?.arrayBuffer())?.byteLength).toBe(3);
    await failed;
    expect((await third)?.ok).toBe(true);
    expect(fetching).toHaveBeenCalledTimes(3);
  });

  test("is downloaded without locks as well", async () => {
    vi.stubGlobal("navigator", {});
    host([3], {});
    expect((await fetchedInTurn(url, () => {})).ok).toBe(true);
  });
});

describe("a download says how far it is", () => {
  test("of as much as the host says", async () => {
    expect(await heard([20, 30], { "content-length": "50" })).toEqual([
      [0, 50],
      [20, 50],
      [50, 51],
      [50, 50],
    ]);
  });

  test("of the file's own size where the host compresses it", async () => {
    const said = await heard([40, 50], { "content-length": "25", "content-encoding": "gzip" });
    expect(said.slice(0, 2)).toEqual([
      [0, 90],
      [40, 90],
    ]);
  });

  test("and that nothing more comes when it breaks off", async () => {
    const said = await heard([20], { "content-length": "50" }, true);
    expect(said.at(-1)).toEqual([0, 0]);
  });
});

test("several are one from when the last has begun", () => {
  const said: [number, number][] = [];
  const [first, second] = together(2, (loaded, total) => said.push([loaded, total]));
  first?.(10, 10);
  expect(said, "the small one alone is not all of it").toEqual([]);
  second?.(0, 90);
  second?.(40, 90);
  expect(said).toEqual([
    [10, 100],
    [50, 100],
  ]);
});

test("a throttled download speaks every so often, and of where it stalls", () => {
  vi.useFakeTimers();
  const said: number[] = [];
  const say = throttled((loaded) => said.push(loaded), 100);
  for (const loaded of [0, 1, 2]) say(loaded, 5);
  expect(said).toEqual([0]);
  vi.advanceTimersByTime(100);
  expect(said, "nothing more comes for a while").toEqual([0, 2]);
  vi.advanceTimersByTime(1000);
  say(3, 5);
  say(4, 5);
  say(5, 5);
  expect(said, "the end at once").toEqual([0, 2, 3, 5]);
  vi.advanceTimersByTime(1000);
  expect(said).toEqual([0, 2, 3, 5]);
  vi.useRealTimers();
});

describe("what is left to wait", () => {
  test("is said at the pace of the last seconds", () => {
    const pace = new Pace();
    // 800 KB/s at first, then half of it.
    for (let ms = 0; ms <= 2000; ms += 100) pace.hear(800 * ms, ms);
    for (let ms = 2100; ms <= 10_000; ms += 100) pace.hear(1_600_000 + 400 * (ms - 2000), ms);
    expect(pace.secondsLeft(1_600_000 + 400 * 8000 + 4_000_000)).toBeCloseTo(10, 1);
  });

  test("is not known at first, nor where the size is not", () => {
    const pace = new Pace();
    pace.hear(0, 0);
    pace.hear(64_000, 100);
    expect(pace.secondsLeft(3_500_000)).toBeNull();
    pace.hear(400_000, 1000);
    expect(pace.secondsLeft(3_500_000)).toBeCloseTo(7.75);
    expect(pace.secondsLeft(0)).toBeNull();
  });

  test("begins anew with a download that does", () => {
    const pace = new Pace();
    pace.hear(0, 0);
    pace.hear(400_000, 1000);
    pace.hear(0, 60_000);
    expect(pace.secondsLeft(3_500_000)).toBeNull();
  });
});
