import { EngineError } from "./error";
import type { Backbone, ComputedRows, FeatureCalls, FeatureWork } from "./learning-protocol";
import type { OwnId } from "./library/records";
import { ModelWorker, share } from "./pool";

/** More workers than this gain little: they share the memory's bandwidth. */
const MOST_WORKERS = 8;
/** Where the browser does not tell how much memory there is, in GB. */
const LIKELY_MEMORY = 4;
/** Vectors that are computed between two messages, and written in one transaction. */
const ROWS_AT_ONCE = 8;
/** For so long workers wait for more, such as the next picture of a camera. */
const IDLE_MS = 30_000;

export interface ComputeOptions {
  signal: AbortSignal;
  /** Whether the library is to have what is computed. */
  keep: boolean;
  /** Some of what was asked for, in whatever order. */
  onRows(rows: ComputedRows): void;
}

type FeatureWorker = ModelWorker<FeatureCalls, never, Backbone>;

/**
 * What a network makes of own images, by several workers. Several runs may go on at once: their pieces take turns, so a
 * single picture does not wait for thousands.
 */
export class FeatureEngine {
  #workers: FeatureWorker[] = [];
  #runs = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** `tensor`: another one than `features`. */
  constructor(private readonly tensor: string | null = null) {}

  /** As many as there are cores, but each takes up to 250 MB. */
  get workers(): number {
    const { deviceMemory = LIKELY_MEMORY } = navigator as Navigator & { deviceMemory?: number };
    return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2, Math.floor(deviceMemory)));
  }

  /** What the file says of its features. */
  open(onnx: Uint8Array): Promise<Backbone> {
    return this.#busy(() => opened(this.#worker(0), onnx));
  }

  /** Rejects where `signal` aborts and where the file cannot be opened. A picture that cannot be read is left out. */
  run(onnx: Uint8Array, dataset: OwnId, works: readonly FeatureWork[], options: ComputeOptions): Promise<void> {
    return this.#busy(async () => {
      const pieces = inPieces(works);
      const workers = Array.from({ length: Math.min(this.workers, pieces.length) }, (_, i) => this.#worker(i));
      await share(workers, pieces.length, options.signal, async (worker, piece, signal) => {
        await compute(worker, onnx, dataset, pieces[piece] ?? [], { ...options, signal });
      });
    });
  }

  /** Lets the workers go; the next run starts others. */
  rest(): void {
    clearTimeout(this.#idle);
    for (const worker of this.#workers) worker.retire();
    this.#workers = [];
  }

  #worker(place: number): FeatureWorker {
    const worker = this.#workers[place] ?? featureWorker(this.tensor);
    this.#workers[place] = worker;
    return worker;
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#runs += 1;
    clearTimeout(this.#idle);
    try {
      return await work();
    } finally {
      this.#runs -= 1;
      if (this.#runs === 0) this.#idle = setTimeout(() => this.rest(), IDLE_MS);
    }
  }
}

/** Images together until they are so many vectors. */
export function inPieces(works: readonly FeatureWork[]): FeatureWork[][] {
  const pieces: FeatureWork[][] = [];
  let rows = ROWS_AT_ONCE;
  for (const work of works) {
    if (rows + work.copies.length > ROWS_AT_ONCE) {
      pieces.push([]);
      rows = 0;
    }
    pieces.at(-1)?.push(work);
    rows += work.copies.length;
  }
  return pieces;
}

async function compute(
  worker: FeatureWorker,
  onnx: Uint8Array,
  dataset: OwnId,
  works: FeatureWork[],
  options: ComputeOptions,
): Promise<void> {
  const { signal, keep, onRows } = options;
  await opened(worker, onnx);
  try {
    onRows(await worker.client.call("compute", { dataset, works, keep }, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (EngineError.from(error).code !== "worker-died") throw error;
    // One of them did it, or memory was short: each is tried by itself, and the one that did it is left out.
    const [first, ...others] = works;
    if (others.length > 0) {
      for (const work of works) await compute(worker, onnx, dataset, [work], options);
    } else if (first) {
      const none = { samples: new Uint32Array(0), copies: new Uint8Array(0), features: new Float32Array(0) };
      onRows({ ...none, kept: true, broken: Uint32Array.of(first.sample) });
    }
  }
}

/** A worker that died of opening the file, where memory is short, gets a second chance: the others have gone on. */
function opened(worker: FeatureWorker, onnx: Uint8Array): Promise<Backbone> {
  return worker.open(onnx).catch((error) => {
    if (EngineError.from(error).code !== "worker-died") throw error;
    return worker.open(onnx);
  });
}

function featureWorker(tensor: string | null): FeatureWorker {
  return new ModelWorker<FeatureCalls, never, Backbone>({
    spawn: () => new Worker(new URL("./features.worker.ts", import.meta.url), { type: "module" }),
    open: (client, onnx) => client.call("open", { onnx, tensor }),
  });
}
