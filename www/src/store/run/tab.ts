/** What other tabs and the browser must know of a training that goes on in this one. */
import { effect } from "@preact/signals";
import { busy } from "./state";

effect(() => {
  if (busy.value) addEventListener("beforeunload", askFirst);
  else removeEventListener("beforeunload", askFirst);
});

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Held by every tab in which a training goes on; one that crashes lets go of it. */
const LOCK = "hearth-training";
let letGo: (() => void) | undefined;

effect(() => {
  if (!busy.value) {
    letGo?.();
    letGo = undefined;
  } else if (!letGo) {
    const over = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    navigator.locks?.request(LOCK, { mode: "shared" }, () => over).catch(() => {});
  }
});

export async function isTraining(): Promise<boolean> {
  const locks = await navigator.locks?.query().catch(() => undefined);
  return locks?.held?.some(({ name }) => name === LOCK) ?? false;
}
