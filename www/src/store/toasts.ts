import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  kind: "info" | "error";
  text: string;
  /** Takes back what the text tells of. */
  undo?: () => void;
  /** Called when it has gone and nothing was taken back: what was kept for that can be let go. */
  gone?: () => void;
}

/** An error stays until it is closed; other news goes by itself. */
const INFO_MS = 6000;
/** Time to see what is gone, and to find the way back by keyboard. */
const UNDO_MS = 12_000;
/** More than this many at once would cover the page: the oldest go, those that can undo something last. */
const MOST = 3;

let nextId = 1;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
export const toasts = signal<Toast[]>([]);

/** Returns the toast's id. With `undo` it has a button that takes back what it tells of, once. */
export function toast(kind: Toast["kind"], text: string, back: Pick<Toast, "undo" | "gone"> = {}): number {
  const id = nextId++;
  // The same news again takes its own place; two removals of one name are two that can be undone.
  for (const shown of toasts.value) if (shown.text === text && !shown.undo) dismiss(shown.id);
  toasts.value = [...toasts.value, { id, kind, text, ...back }];
  while (toasts.value.length > MOST) dismiss(oldest());
  letPass(id);
  return id;
}

/** The one that goes first. */
function oldest(): number {
  const before = toasts.value.slice(0, -1);
  return (before.find((shown) => !shown.undo) ?? before[0])?.id ?? 0;
}

export function dismiss(id: number): void {
  take(id)?.gone?.();
}

function take(id: number): Toast | undefined {
  hold(id);
  const taken = toasts.value.find((shown) => shown.id === id);
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
  return taken;
}

/** Takes back what the toast tells of. */
export function undo(id: number): void {
  take(id)?.undo?.();
}

/** It stays while a person points at it or has the focus in it. */
export function hold(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

/** Goes by itself from now on, unless it is an error. */
export function letPass(id: number): void {
  const shown = toasts.value.find((each) => each.id === id);
  if (shown?.kind !== "info") return;
  hold(id);
  timers.set(
    id,
    setTimeout(() => dismiss(id), shown.undo ? UNDO_MS : INFO_MS),
  );
}
