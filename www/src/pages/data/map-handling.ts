/** What mouse, fingers, pen and keys do with the map. */
import type { Signal } from "@preact/signals";
import type { DatasetMap } from "../../store/own/map";
import { nearest, panned, type Size, type Spot, type View, WHOLE, within, zoomed } from "./map-geometry";
import { labelFrom } from "./one-by-one";
import { choose, chooseNone, chooseThese } from "./selection";
import { shown } from "./showing";

export interface Handle {
  view: Signal<View>;
  /** The id of the image that the pointer is at. */
  pointed: Signal<number | null>;
  lasso: Signal<readonly Spot[]>;
  lassoing: Signal<boolean>;
  size: () => Size;
  map: () => DatasetMap | null;
}

/** What moves less than this is a tap. In CSS pixels. */
const TAP = 6;
/** A point is hit from so far away; a finger is less exact. */
const REACH = { mouse: 12, touch: 24 };
/** Between two corners of a lasso. */
const LASSO_STEP = 3;
const KEY_STEP = 60;
const KEY_ZOOM = 1.3;
/** After the page was scrolled for so long, the wheel still means the page. In ms. */
const STILL_SCROLLING = 350;
/** A wheel that turns by lines turns by so many pixels each. */
const LINE = 16;

/** The view after a key; null where it means nothing. */
export function keyed(view: View, size: Size, key: string): View | null {
  const middle: Spot = [size.width / 2, size.height / 2];
  switch (key) {
    case "ArrowLeft":
      return panned(view, size, KEY_STEP, 0);
    case "ArrowRight":
      return panned(view, size, -KEY_STEP, 0);
    case "ArrowUp":
      return panned(view, size, 0, KEY_STEP);
    case "ArrowDown":
      return panned(view, size, 0, -KEY_STEP);
    case "+":
    case "=":
      return zoomed(view, size, middle, KEY_ZOOM);
    case "-":
    case "_":
      return zoomed(view, size, middle, 1 / KEY_ZOOM);
    case "0":
      return WHOLE;
    default:
      return null;
  }
}

export function handle(canvas: HTMLCanvasElement, how: Handle, signal: AbortSignal): void {
  const { view, pointed, lasso, lassoing, size } = how;
  /** Fingers and buttons that are down, by their ids. */
  const down = new Map<number, Spot>();
  let began: Spot = [0, 0];
  let isTap = false;
  let drawing = false;

  const spotOf = (event: MouseEvent): Spot => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const idAt = (spot: Spot, touch: boolean): number | null => {
    const map = how.map();
    if (!map) return null;
    const place = nearest(map.points, view.peek(), size(), spot, touch ? REACH.touch : REACH.mouse);
    return place < 0 ? null : (map.ids[place] ?? null);
  };
  const listen = <K extends keyof HTMLElementEventMap>(kind: K, act: (event: HTMLElementEventMap[K]) => void) =>
    canvas.addEventListener(kind, act, { signal, passive: false });

  listen("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const spot = spotOf(event);
    down.set(event.pointerId, spot);
    if (down.size === 1) {
      began = spot;
      isTap = true;
      drawing = lassoing.peek() || event.shiftKey;
      lasso.value = drawing ? [spot] : [];
    } else {
      // Two fingers move and zoom, whatever one would do.
      isTap = false;
      drawing = false;
      lasso.value = [];
    }
  });
  listen("pointermove", (event) => {
    const spot = spotOf(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") pointed.value = idAt(spot, false);
      return;
    }
    if (Math.hypot(spot[0] - began[0], spot[1] - began[1]) > TAP) isTap = false;
    if (isTap) return;
    pointed.value = null;
    down.set(event.pointerId, spot);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) view.value = pinched(view.peek(), size(), before, spot, other);
    else if (drawing) lasso.value = extended(lasso.peek(), spot);
    else view.value = panned(view.peek(), size(), spot[0] - before[0], spot[1] - before[1]);
  });
  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId) || down.size > 0) return;
    const touch = event.pointerType === "touch";
    const more = touch || event.ctrlKey || event.metaKey || event.shiftKey;
    const outline = lasso.peek();
    lasso.value = [];
    if (event.type === "pointercancel") return;
    if (isTap) tap(idAt(spotOf(event), touch), more, touch);
    else if (drawing) take(outline, more && !touch);
  };
  const tap = (id: number | null, more: boolean, touch: boolean) => {
    pointed.value = id;
    if (id === null) {
      // A finger that slips beside a point does not lose what was gathered.
      if (!touch) chooseNone();
    } else if (shown.peek().some((sample) => sample.id === id)) choose(id, { more });
    else chooseThese([id], more);
  };
  const take = (outline: readonly Spot[], more: boolean) => {
    const map = how.map();
    if (!map) return;
    const ids = within(map.points, view.peek(), size(), outline).map((place) => map.ids[place] as number);
    const there = new Set(shown.peek().map(({ id }) => id));
    // What a filter has made faint is only meant where nothing else is in the outline.
    const meant = ids.filter((id) => there.has(id));
    if (ids.length > 0) chooseThese(meant.length > 0 ? meant : ids, more);
    else if (!more) chooseNone();
  };
  listen("pointerup", up);
  listen("pointercancel", up);
  listen("pointerleave", () => {
    if (down.size === 0) pointed.value = null;
  });
  listen("dblclick", (event) => {
    const id = idAt(spotOf(event), false);
    if (id !== null) labelFrom(id);
  });

  let scrolledAt = Number.NEGATIVE_INFINITY;
  addEventListener(
    "scroll",
    () => {
      scrolledAt = performance.now();
    },
    { signal, passive: true },
  );
  listen("wheel", (event) => {
    // A page that is scrolled past the map is not held up by it.
    if (!event.ctrlKey && performance.now() - scrolledAt < STILL_SCROLLING) return;
    const by = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
    if (by > 0 && view.peek().zoom === 1 && !event.ctrlKey) return;
    event.preventDefault();
    view.value = zoomed(view.peek(), size(), spotOf(event), Math.exp(-by * (event.ctrlKey ? 0.01 : 0.002)));
  });
}

/** One of two fingers moves from `before` to `after` while the other stays at `other`. */
function pinched(view: View, size: Size, before: Spot, after: Spot, other: Spot): View {
  const apart = Math.hypot(before[0] - other[0], before[1] - other[1]);
  const now = Math.hypot(after[0] - other[0], after[1] - other[1]);
  const middle: Spot = [(after[0] + other[0]) / 2, (after[1] + other[1]) / 2];
  const moved = panned(view, size, (after[0] - before[0]) / 2, (after[1] - before[1]) / 2);
  return zoomed(moved, size, middle, apart > 0 ? now / apart : 1);
}

/** Steps that nobody sees add nothing to an outline. */
function extended(outline: readonly Spot[], spot: Spot): readonly Spot[] {
  const last = outline.at(-1);
  return last && Math.hypot(spot[0] - last[0], spot[1] - last[1]) < LASSO_STEP ? outline : [...outline, spot];
}
