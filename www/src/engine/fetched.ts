/**
 * Downloads that say how far they are. On a slow line a package, a dataset or a model takes a minute, and whoever waits
 * is told of what, and for how long.
 */

/** Bytes that have come, of how many. `total` is 0 where the host does not say; both alike: nothing more is on its way. */
export type OnBytes = (loaded: number, total: number) => void;

export interface FetchedOptions {
  signal?: AbortSignal;
  /** What the file has: of one that is sent compressed, a host says only how much is sent. */
  bytes?: number;
}

/** As `fetch`, whose response it returns untouched; what comes of its body is told to `onBytes`, to the end or the failure. */
export async function fetched(url: URL, onBytes: OnBytes, options: FetchedOptions = {}): Promise<Response> {
  return (await begun(url, onBytes, options)).response;
}

/**
 * As `fetched`, of a file that several workers need: one downloads it, and those that come later find it in the browser's
 * cache. Asked for at once, Chromium holds all but one back for 20 s, and then downloads it again for each of them.
 */
export function fetchedInTurn(url: URL, onBytes: OnBytes, options: FetchedOptions = {}): Promise<Response> {
  // Of pages over plain http only those of this very machine have them.
  if (!navigator.locks) return fetched(url, onBytes, options);
  return new Promise((resolve, reject) => {
    const download = async () => {
      const { response, ended } = await begun(url, onBytes, options);
      resolve(response);
      await ended;
    };
    navigator.locks.request(url.href, download).catch(reject);
  });
}

async function begun(url: URL, onBytes: OnBytes, { signal, bytes = 0 }: FetchedOptions) {
  const response = await fetch(url, signal ? { signal } : {});
  const { body } = response.ok ? response.clone() : { body: null };
  const compressed = response.headers.has("content-encoding");
  const total = compressed ? bytes : Number(response.headers.get("content-length") ?? bytes);
  return { response, ended: body ? count(body, total, onBytes) : Promise.resolve() };
}

// A clone is counted, not a stream that is passed on: browsers keep compiled code only of what they fetched themselves.
async function count(body: ReadableStream<Uint8Array>, total: number, onBytes: OnBytes): Promise<void> {
  const reader = body.getReader();
  let loaded = 0;
  onBytes(0, total);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      loaded += next.value.byteLength;
      // It is done at its end, not before, whatever the host said of its size.
      onBytes(loaded, total && Math.max(total, loaded + 1));
    }
    onBytes(loaded, loaded);
  } catch {
    // Whoever reads the response hears why.
    onBytes(0, 0);
  }
}

/** Makes one download of `count`: how far all are together, from when the last of them has begun. */
export function together(count: number, onBytes: OnBytes): OnBytes[] {
  const parts = new Map<number, { loaded: number; total: number }>();
  return Array.from({ length: count }, (_, part) => (loaded, total) => {
    parts.set(part, { loaded, total });
    if (parts.size < count) return;
    const all = [...parts.values()];
    const sum = (of: "loaded" | "total") => all.reduce((so, each) => so + each[of], 0);
    const known = all.every((each) => each.total > 0 || each.loaded === 0);
    onBytes(sum("loaded"), known ? sum("total") : 0);
  });
}

/** Says how far a download is at most every so often; its end at once, and where it stalls where that was. */
export function throttled(onBytes: OnBytes, everyMs = 100): OnBytes {
  let newest: [number, number] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = () => {
    timer = undefined;
    if (!newest) return;
    const [loaded, total] = newest;
    newest = null;
    timer = setTimeout(say, everyMs);
    onBytes(loaded, total);
  };
  return (loaded, total) => {
    newest = [loaded, total];
    if (loaded === total) clearTimeout(timer);
    if (loaded === total || timer === undefined) say();
  };
}

/** What the pace of the last seconds leaves to wait. */
export class Pace {
  #heard: { loaded: number; at: number }[] = [];

  constructor(private readonly windowMs = 4000) {}

  /** `at`: in milliseconds, of any clock. */
  hear(loaded: number, at: number): void {
    // One that begins again has no pace yet.
    if (loaded < (this.#heard.at(-1)?.loaded ?? 0)) this.#heard = [];
    this.#heard.push({ loaded, at });
    while (this.#heard.length > 2 && at - (this.#heard[1]?.at ?? at) >= this.windowMs) this.#heard.shift();
  }

  /** Until `total` bytes are there; null while that cannot be said. */
  secondsLeft(total: number): number | null {
    const [first, last] = [this.#heard[0], this.#heard.at(-1)];
    if (!first || !last || total === 0) return null;
    const [bytes, ms] = [last.loaded - first.loaded, last.at - first.at];
    return bytes > 0 && ms >= LEAST_MS ? ((total - last.loaded) / bytes) * (ms / 1000) : null;
  }
}

/** A first burst from some cache says nothing of the line. */
const LEAST_MS = 500;
