import { EngineError } from "./error";
import type { CallMap, FromWorker, Request, ToWorker } from "./protocol";

/** How often a worker that owes an answer is asked for a sign of life. */
const BEAT_MS = 1000;

export interface CallOptions {
  transfer?: Transferable[];
  signal?: AbortSignal;
  /** Whether a call that is aborted is still answered, with what was done until then; otherwise it is rejected at once. */
  answered?: boolean;
}

export interface ClientOptions<News> {
  spawn(): Worker;
  /** Beats without any message after which a worker that owes an answer counts as dead. */
  patience: number;
  onNews?(news: News): void;
  /** Called once for each worker that died, after every pending call was rejected. The next call starts a new one. */
  onDeath?(error: EngineError): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Bitmaps hold memory outside JavaScript's heap: one that reached no worker is closed, as a worker would have done. */
function release(transfer: readonly Transferable[]): void {
  for (const part of transfer) if (typeof ImageBitmap !== "undefined" && part instanceof ImageBitmap) part.close();
}

/**
 * The page's end of the protocol: starts its worker when first needed, and never leaves a call hanging. A worker dies
 * of an uncaught error, of a trap in its module, or of silence (it closed itself, or the system took it).
 */
export class WorkerClient<C extends CallMap<C>, News = never> {
  #worker: Worker | null = null;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #watched = false;
  #beat: ReturnType<typeof setInterval> | undefined;
  // Counted in beats, not in time: a laptop that slept must not find its workers dead.
  #silentBeats = 0;
  #panic: string | undefined;

  constructor(private readonly options: ClientOptions<News>) {}

  /** What is transferred is the worker's from here on, whatever becomes of the call. */
  call<K extends keyof C & string>(
    kind: K,
    ask: C[K]["ask"],
    { transfer = [], signal, answered = false }: CallOptions = {},
  ): Promise<C[K]["answer"]> {
    if (signal?.aborted) {
      release(transfer);
      return Promise.reject(signal.reason);
    }
    const worker = this.#alive();
    const id = this.#nextId++;
    const answer = new Promise<C[K]["answer"]>((resolve, reject) => {
      const abort = () => {
        if (!answered) this.#settle(id)?.reject(signal?.reason);
        if (this.#worker === worker) this.#send(worker, { type: "abort", id });
      };
      const settled = () => signal?.removeEventListener("abort", abort);
      this.#pending.set(id, {
        resolve(value) {
          settled();
          resolve(value);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener("abort", abort);
    });
    try {
      this.#send(worker, { type: "call", id, request: { kind, ...ask } as Request<C> }, transfer);
      this.#listen();
    } catch (error) {
      // What cannot be copied, or a buffer that another call has taken: the worker has heard nothing of it.
      release(transfer);
      this.#settle(id)?.reject(error);
    }
    return answer;
  }

  /** Starts the worker before it is asked anything, so that its module is on its way. */
  start(): void {
    this.#alive();
  }

  /** While watched, a worker must give signs of life even when it owes no answer: a training that runs by itself. */
  watch(watched: boolean): void {
    this.#watched = watched;
    this.#listen();
  }

  /** Lets the worker go. What it still owes is rejected, quietly; the next call starts a new one. */
  retire(): void {
    this.#end(new EngineError("aborted", "The worker was let go."));
  }

  #alive(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.options.spawn();
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker<News>>) => {
      if (this.#worker === worker) this.#hear(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#die(this.#panic ?? (event.message || "its script could not be loaded"));
    });
    this.#worker = worker;
    return worker;
  }

  #send(worker: Worker, message: ToWorker<C>, transfer: Transferable[] = []): void {
    worker.postMessage(message, transfer);
  }

  #hear(message: FromWorker<News>): void {
    this.#silentBeats = 0;
    if (message.type === "news") this.options.onNews?.(message.news);
    if (message.type === "panic") this.#panic = message.sentence;
    if (message.type === "news" || message.type === "pong" || message.type === "panic") return;
    const pending = this.#settle(message.id);
    if (message.type === "answer") {
      pending?.resolve(message.value);
      return;
    }
    const { code, message: sentence, values, fatal } = message.error;
    pending?.reject(new EngineError(code, sentence, values));
    if (fatal) this.#die(sentence);
  }

  /** Takes a call off the list of those that wait for an answer. */
  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#listen();
    return pending;
  }

  /** Beats only while there is something to wait for. */
  #listen(): void {
    const waiting = this.#worker !== null && (this.#watched || this.#pending.size > 0);
    if (waiting && this.#beat === undefined) {
      this.#silentBeats = 0;
      this.#beat = setInterval(() => this.#listenForLife(), BEAT_MS);
    } else if (!waiting && this.#beat !== undefined) {
      clearInterval(this.#beat);
      this.#beat = undefined;
    }
  }

  #listenForLife(): void {
    if (!this.#worker) return;
    this.#silentBeats += 1;
    if (this.#silentBeats > this.options.patience) this.#die("it no longer answers");
    else this.#send(this.#worker, { type: "ping" });
  }

  #die(reason: string): void {
    const error = new EngineError("worker-died", `The worker stopped: ${reason}.`);
    this.#end(error);
    this.options.onDeath?.(error);
  }

  #end(error: EngineError): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#panic = undefined;
    this.#watched = false;
    this.#listen();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of pending) call.reject(error);
  }
}
