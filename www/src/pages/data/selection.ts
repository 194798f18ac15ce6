/** Which images are selected, and which one the keyboard is at. */
import { batch, computed, signal } from "@preact/signals";
import { onClose } from "../../store/own/open";
import { shown, want } from "./showing";

export interface Selection {
  ids: ReadonlySet<number>;
  /** Where a range begins. */
  anchor: number | null;
  /** Where the keyboard is. */
  active: number | null;
}

export interface How {
  /** From the anchor to here. */
  range?: boolean;
  /** The others stay selected. */
  more?: boolean;
}

const NONE: Selection = { ids: new Set(), anchor: null, active: null };

const state = signal<Selection>(NONE);

onClose(() => {
  state.value = NONE;
});

/** Those that are shown: what a filter hides is not acted upon. In the order in which they are shown. */
export const selected = computed(() => {
  const { ids } = state.value;
  return ids.size === 0 ? [] : shown.value.filter(({ id }) => ids.has(id));
});
export const selectedIds = computed(() => state.value.ids);
export const active = computed(() => state.value.active);

/** `order`: the ids as they are shown. */
export function chosen(before: Selection, order: readonly number[], id: number, { range, more }: How): Selection {
  const from = range && before.anchor !== null ? order.indexOf(before.anchor) : -1;
  if (from >= 0) {
    const to = order.indexOf(id);
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    return { ids: new Set([...(more ? before.ids : []), ...between]), anchor: before.anchor, active: id };
  }
  if (!more) return { ids: new Set([id]), anchor: id, active: id };
  const ids = new Set(before.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, active: id };
}

function order(): number[] {
  return shown.peek().map(({ id }) => id);
}

export function choose(id: number, how: How): void {
  state.value = chosen(state.value, order(), id, how);
}

/** Moves the keyboard's place; with `range` what lies between is selected. */
export function moveTo(place: number, range: boolean): void {
  const all = shown.peek();
  const sample = all[Math.min(Math.max(place, 0), all.length - 1)];
  if (!sample) return;
  if (range) {
    const before = state.value.anchor === null ? { ...state.value, anchor: state.value.active } : state.value;
    state.value = chosen(before, order(), sample.id, { range: true });
  } else {
    state.value = { ...state.value, anchor: sample.id, active: sample.id };
  }
}

export function chooseAll(): void {
  state.value = { ...state.value, ids: new Set(order()) };
}

/** Selects these, and shows them where a filter hides some. With `more` the others stay selected. */
export function chooseThese(ids: readonly number[], more = false): void {
  const all = new Set(more ? [...state.peek().ids, ...ids] : ids);
  batch(() => {
    const inSight = new Set(order());
    if (ids.some((id) => !inSight.has(id))) want({ label: null, split: null });
    state.value = { ids: all, anchor: ids[0] ?? null, active: ids[0] ?? state.peek().active };
  });
}

/** What a drag takes along: the selection, or the image itself where it is none of those. */
export function taken(id: number): void {
  if (!state.value.ids.has(id)) choose(id, {});
}

export function chooseNone(): void {
  batch(() => {
    state.value = { ...state.value, ids: new Set(), anchor: null };
  });
}
