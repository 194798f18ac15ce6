/** How the page is arranged: what is to be set comes first before a run, what happens during it, what came of it after. */
import { computed, effect, signal } from "@preact/signals";
import { busy, hasNet, runState } from "../../store/run";

export type Phase = "before" | "during" | "after";

export const phase = computed<Phase>(() => {
  if (busy.value) return "during";
  return runState.value !== "idle" && hasNet.value ? "after" : "before";
});

const opened = signal(false);
/** While a run goes on its set-up is one line, until a person opens it. */
export const folded = computed(() => busy.value && !opened.value);

export function toggleSetup(): void {
  opened.value = !opened.value;
}

effect(() => {
  // The next run begins folded.
  if (!busy.value) opened.value = false;
});
