import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  kind: "info" | "error";
  text: string;
}

/** An error stays until it is closed; other news goes by itself. */
const INFO_MS = 6000;
/** More than this many at once would cover the page: the oldest go. */
const MOST = 3;

let nextId = 1;
export const toasts = signal<Toast[]>([]);

export function toast(kind: Toast["kind"], text: string): void {
  const id = nextId++;
  const others = toasts.value.filter((shown) => shown.text !== text);
  toasts.value = [...others, { id, kind, text }].slice(-MOST);
  if (kind === "info") setTimeout(() => dismiss(id), INFO_MS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
}
