import { EngineError, toWire } from "./error";
import type { CallMap, FromWorker, Request, ToWorker } from "./protocol";

export type Handlers<C extends CallMap<C>> = {
  [K in keyof C & string]: (ask: C[K]["ask"], signal: AbortSignal) => C[K]["answer"] | Promise<C[K]["answer"]>;
};

/** What an answer hands over instead of copying it: what wasm-bindgen returns is a copy of its own already. */
function buffersOf(value: unknown): Transferable[] {
  const parts = ArrayBuffer.isView(value) ? [value] : typeof value === "object" && value ? Object.values(value) : [];
  return [...new Set(parts.filter((part) => ArrayBuffer.isView(part)).map((part) => part.buffer as ArrayBuffer))];
}

/** A call that is aborted before its turn has bitmaps that nobody will look at: they would hold their memory for long. */
function closeBitmaps(request: object): void {
  for (const part of Object.values(request)) if (part instanceof ImageBitmap) part.close();
}

/**
 * The worker's end of the protocol. Calls are handled one after another, in the order they came; pings and aborts are
 * heard at once. Returns what sends news.
 */
export function serve<C extends CallMap<C>, News = never>(handlers: Handlers<C>): (news: News) => void {
  const post = (message: FromWorker<News>, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
  const aborts = new Map<number, AbortController>();
  let turn: Promise<void> = Promise.resolve();
  // Rust says why it panics just before the trap, which itself says only "unreachable".
  let panic: string | undefined;
  self.addEventListener("hearth-panic", (event) => {
    panic = (event as CustomEvent<string>).detail;
    // In a future it reaches nobody who waits for an answer: the page hears of it as of an error of the whole worker.
    post({ type: "panic", sentence: panic });
  });

  async function answer(id: number, request: Request<C>, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) closeBitmaps(request);
      signal.throwIfAborted();
      const value = await handlers[request.kind](request, signal);
      post({ type: "answer", id, value }, buffersOf(value));
    } catch (error) {
      const wire = toWire(error);
      post({ type: "error", id, error: wire.fatal && panic ? { ...wire, message: panic } : wire });
    } finally {
      aborts.delete(id);
    }
  }

  self.addEventListener("message", ({ data }: MessageEvent<ToWorker<C>>) => {
    if (data.type === "ping") return post({ type: "pong" });
    if (data.type === "abort") return aborts.get(data.id)?.abort(new EngineError("aborted", "Cancelled."));
    const abort = new AbortController();
    aborts.set(data.id, abort);
    turn = turn.then(() => answer(data.id, data.request, abort.signal));
  });
  // A rejection nobody waits for would pass unheard; as an error it reaches the page, which starts a new worker.
  self.addEventListener("unhandledrejection", ({ reason }) => {
    setTimeout(() => {
      throw reason;
    });
  });
  return (news) => post({ type: "news", news });
}
