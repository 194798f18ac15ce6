/** Which of many tiles are in sight: only those are in the page. Sizes in CSS pixels. */

/** As `.tiles` in data.css has them. */
export const LEAST_TILE = 104;
export const GAP = 8;
/** Rows above and below what is in sight, so that a flick of the finger does not show an empty page. */
const AROUND = 2;
/** There are always some: whoever looks for images finds them. */
const LEAST_ROWS = 4;
/** So few are in the page as a whole: the browser finds them, and goes through them, as it does everything else. */
export const FEW = 240;

export interface Window {
  columns: number;
  /** From one row to the next. */
  rowHeight: number;
  /** Of all rows together. */
  height: number;
  /** The first row that is in the page, and the first tile after those that are. */
  firstRow: number;
  first: number;
  end: number;
}

/** Whether the same tiles are at the same places. */
export function isSame(a: Window, b: Window): boolean {
  return a.first === b.first && a.end === b.end && a.columns === b.columns && a.height === b.height;
}

/** As many columns as CSS makes of `repeat(auto-fill, minmax(LEAST_TILE, 1fr))`. */
export function columnsIn(width: number): number {
  return Math.max(1, Math.floor((width + GAP) / (LEAST_TILE + GAP)));
}

/** `top`: where the tiles begin, from the top of what is in sight; `sight`: how high that is. */
export function windowOf(count: number, width: number, top: number, sight: number): Window {
  const columns = columnsIn(width);
  const rowHeight = (width - GAP * (columns - 1)) / columns + GAP;
  const rows = Math.ceil(count / columns);
  const few = count <= FEW;
  const firstRow = few ? 0 : clamp(Math.floor(-top / rowHeight) - AROUND, 0, Math.max(0, rows - 1));
  const endRow = few ? rows : clamp(Math.ceil((sight - top) / rowHeight) + AROUND, firstRow + LEAST_ROWS, rows);
  const height = Math.max(0, rows * rowHeight - GAP);
  return {
    columns,
    rowHeight,
    height,
    firstRow,
    first: firstRow * columns,
    end: Math.min(count, endRow * columns),
  };
}

function clamp(n: number, least: number, most: number): number {
  return Math.min(Math.max(n, least), Math.max(most, 0));
}
