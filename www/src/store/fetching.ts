/** What is on its way over the network, so that every page can say what is waited for, how far it is, and for how long. */
import { signal } from "@preact/signals";
import { Pace } from "../engine/fetched";

/**
 * The package that answers; those that train, on the CPU and on the GPU; the images of a dataset; what a test needs of
 * both; a model, by its id.
 */
export type Fetched = "recogniser" | "trainer" | "gpuTrainer" | "images" | "tester" | "testImages" | `model ${string}`;

/** In bytes. `total` is 0 where the host does not say it. */
export interface Fetching {
  loaded: number;
  total: number;
  secondsLeft: number | null;
}

/** Only what is under way. */
export const fetching = signal<Partial<Record<Fetched, Fetching>>>({});
const paces = new Map<Fetched, Pace>();

/** Takes what a download says of itself: see `OnBytes`. */
export function hearOf(what: Fetched, loaded: number, total: number, now = performance.now()): void {
  if (loaded === total) {
    paces.delete(what);
    const { [what]: done, ...others } = fetching.value;
    if (done) fetching.value = others;
    return;
  }
  const pace = paces.get(what) ?? new Pace();
  paces.set(what, pace);
  pace.hear(loaded, now);
  fetching.value = { ...fetching.value, [what]: { loaded, total, secondsLeft: pace.secondsLeft(total) } };
}
