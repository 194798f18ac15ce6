/** While keys come one after another, what is not looked at is not drawn anew for each of them. */
import { signal } from "@preact/signals";

/** So long after the last key all is shown as it is. In ms. */
const PAUSE_MS = 250;

export const hurried = signal(false);
let timer: ReturnType<typeof setTimeout> | undefined;

export function hurry(): void {
  hurried.value = true;
  clearTimeout(timer);
  timer = setTimeout(() => {
    hurried.value = false;
  }, PAUSE_MS);
}
