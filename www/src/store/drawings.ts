/** The drawings that pages share, and what keeps them. */
import { strings } from "../i18n";
import { Drawing, type Stroke } from "./drawing";
import { dismiss, toast } from "./toasts";

const KEY = "hearth.drawing";
/** So long after the last change it is written down. */
const KEEP_MS = 300;
/** Characters: far more than anyone draws, and little to write down. */
const MOST_CHARACTERS = 500_000;
/** Places are kept to a ten-thousandth of the area's side. */
const PLACES = 1e4;

/** What is drawn on Draw: it is still there when the person comes back to it, or loads the page again. */
export const handDrawing = new Drawing();
/** What is drawn beside a training. */
export const padDrawing = new Drawing();

keep(handDrawing, KEY);

/** Clears a drawing, and offers to take that back until something new is drawn. */
export function clear(drawing: Drawing): void {
  if (drawing.isBlank.peek()) return;
  drawing.clear();
  const cleared = drawing.version.peek();
  const id = toast("info", strings.peek().draw.cleared, { undo: () => drawing.undo() });
  const stop = drawing.version.subscribe((now) => {
    if (now === cleared) return;
    dismiss(id);
    stop();
  });
}

/** Keeps a drawing in the tab's storage: a reload finds it again, another tab begins with its own. */
export function keep(drawing: Drawing, key: string): void {
  restore(drawing, key);
  const seen = drawing.version.peek();
  let due: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (due === undefined) return;
    clearTimeout(due);
    due = undefined;
    try {
      const text = written(drawing);
      if (text.length > MOST_CHARACTERS) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, text);
    } catch {
      // Storage may be forbidden or full; the drawing then lasts as long as the page.
    }
  };
  drawing.version.subscribe((now) => {
    if (now === seen) return;
    clearTimeout(due);
    due = setTimeout(write, KEEP_MS);
  });
  addEventListener("pagehide", write);
}

/** Numbers in rows: a stroke's width, then x and y of its points. */
function written({ strokes }: Drawing): string {
  const rounded = (n: number) => Math.round(n * PLACES) / PLACES;
  return JSON.stringify(
    strokes.map(({ width, points }) => [width, ...points.flatMap(({ x, y }) => [x, y])].map(rounded)),
  );
}

function restore(drawing: Drawing, key: string): void {
  try {
    const rows: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    const strokes = Array.isArray(rows) ? rows.map(strokeOf).filter((stroke) => stroke !== null) : [];
    if (strokes.length > 0) drawing.restore(strokes);
  } catch {
    // Nothing is kept, or nothing that can be read.
  }
}

function strokeOf(row: unknown): Stroke | null {
  if (!Array.isArray(row) || row.length < 3 || !row.every(Number.isFinite)) return null;
  const [width, ...places] = row as number[];
  const points = Array.from({ length: Math.floor(places.length / 2) }, (_, i) => ({
    x: places[2 * i] as number,
    y: places[2 * i + 1] as number,
  }));
  return { width: width as number, points };
}
