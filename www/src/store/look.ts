import { computed, signal } from "@preact/signals";
import { hasNet } from "./run";

export type Subject = "session" | "training";

const wanted = signal<Subject>("session");

/** Which network is looked into: the session's, or that of the training of this moment, while there is one. */
export const subject = computed<Subject>(() => (wanted.value === "training" && hasNet.value ? "training" : "session"));

export function lookInto(which: Subject): void {
  wanted.value = which;
}
