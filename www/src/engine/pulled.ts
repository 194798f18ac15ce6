import { macrotask } from "./macrotask";

/** How far what is pulled has come, in units of work. */
export interface Progress {
  done: number;
  total: number;
}

/** Units of work between two looks at the messages. */
const PULL = 1;

/** Pulls to the end, with a look at the messages between: who cancels is heard at once. */
export async function pulled<P extends Progress>(
  work: { advance(units: number): P | Promise<P> },
  signal: AbortSignal,
  hear: (progress: P) => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const progress = await work.advance(PULL);
    hear(progress);
    if (progress.done >= progress.total) return;
    await macrotask();
  }
}
