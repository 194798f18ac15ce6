import type { Shape } from "./net";

/** Where the maps of a stage lie on its canvas, in CSS pixels: in rows, as many in each as fit. */
export interface Grid {
  shape: Shape;
  /** A short list of numbers is drawn as bars, one below the other. */
  bars: boolean;
  columns: number;
  rows: number;
  /** Of one cell of a map. */
  cell: number;
  gap: number;
  width: number;
  height: number;
}

/** Around the maps, so that an outline at the edge is seen whole. */
export const MARGIN = 2;
/** A map's side, by how many there are. */
const SIDES = [
  { upTo: 4, side: 112 },
  { upTo: 32, side: 68 },
  { upTo: 64, side: 52 },
  { upTo: Number.POSITIVE_INFINITY, side: 40 },
];
/** The side of a single number and the gap beside it, by how many a list has. */
const DOTS = [
  { upTo: 128, side: 18, gap: 1 },
  { upTo: 512, side: 10, gap: 1 },
  { upTo: Number.POSITIVE_INFINITY, side: 6, gap: 0 },
];
const GAP = 4;
const MOST_BARS = 24;
const BAR = 20;
const WIDEST_BARS = 480;

export function mapGrid(shape: Shape, available: number): Grid {
  const { channels } = shape;
  if (shape.height * shape.width === 1) {
    if (channels <= MOST_BARS) return barGrid(shape, available);
    const dot = DOTS.find(({ upTo }) => channels <= upTo);
    return fitted(shape, available, dot?.side ?? 1, dot?.gap ?? 0);
  }
  const side = SIDES.find(({ upTo }) => channels <= upTo)?.side ?? 0;
  const wanted = Math.max(1, Math.floor(side / Math.max(shape.height, shape.width)));
  // A single map may be wider than the page is.
  return fitted(shape, available, Math.min(wanted, (available - 2 * MARGIN) / shape.width), GAP);
}

function barGrid(shape: Shape, available: number): Grid {
  const rows = shape.channels;
  const width = Math.min(available, WIDEST_BARS);
  return { shape, bars: true, columns: 1, rows, cell: BAR, gap: 0, width, height: rows * BAR + 2 * MARGIN };
}

/** Kernels of several channels: a row for each filter, a column for each channel. */
export function matrixGrid(shape: Shape, columns: number, available: number): Grid {
  const fitting = Math.floor(((available - 2 * MARGIN) / columns - 1) / shape.width);
  const cell = Math.min(Math.max(fitting, 1), 5);
  const [w, h] = [shape.width * cell + 1, shape.height * cell + 1];
  const rows = Math.ceil(shape.channels / columns);
  return {
    shape,
    bars: false,
    columns,
    rows,
    cell,
    gap: 1,
    width: columns * w - 1 + 2 * MARGIN,
    height: rows * h - 1 + 2 * MARGIN,
  };
}

function fitted(shape: Shape, available: number, cell: number, gap: number): Grid {
  const [w, h] = [shape.width * cell + gap, shape.height * cell + gap];
  const columns = Math.max(1, Math.min(shape.channels, Math.floor((available - 2 * MARGIN + gap) / w)));
  const rows = Math.ceil(shape.channels / columns);
  return {
    shape,
    bars: false,
    columns,
    rows,
    cell,
    gap,
    width: columns * w - gap + 2 * MARGIN,
    height: rows * h - gap + 2 * MARGIN,
  };
}

/** The upper left corner of a map. */
export function corner({ shape, columns, cell, gap }: Grid, channel: number): { x: number; y: number } {
  return {
    x: MARGIN + (channel % columns) * (shape.width * cell + gap),
    y: MARGIN + Math.floor(channel / columns) * (shape.height * cell + gap),
  };
}

/** The cell at a place on the canvas; null between the maps. */
export function cellAt(grid: Grid, x: number, y: number): number | null {
  const { shape, columns, cell, gap } = grid;
  if (grid.bars) {
    const bar = Math.floor((y - MARGIN) / cell);
    return bar >= 0 && bar < shape.channels ? bar : null;
  }
  const [w, h] = [shape.width * cell + gap, shape.height * cell + gap];
  const [across, down] = [Math.floor((x - MARGIN) / w), Math.floor((y - MARGIN) / h)];
  const channel = down * columns + across;
  if (across < 0 || down < 0 || across >= columns || channel >= shape.channels) return null;
  const start = corner(grid, channel);
  const [column, row] = [Math.floor((x - start.x) / cell), Math.floor((y - start.y) / cell)];
  if (column >= shape.width || row >= shape.height) return null;
  return (channel * shape.height + row) * shape.width + column;
}

/**
 * The cell that a key leads to: an arrow moves by one cell and goes on in the neighbouring map, Page Up and Page Down
 * move by a map, Home and End go to the first and last cell. Null for any other key.
 */
export function moved(grid: Grid, index: number, key: string): number | null {
  const { shape, columns } = grid;
  const { channels, height, width } = shape;
  const area = height * width;
  const [channel, row, column] = [Math.floor(index / area), Math.floor(index / width) % height, index % width];
  const to = (map: number, r: number, c: number) => {
    const whole = Math.min(Math.max(map, 0), channels - 1);
    return (whole * height + r) * width + c;
  };
  switch (key) {
    case "ArrowLeft":
      return column > 0 ? index - 1 : channel > 0 ? to(channel - 1, row, width - 1) : index;
    case "ArrowRight":
      return column < width - 1 ? index + 1 : channel < channels - 1 ? to(channel + 1, row, 0) : index;
    case "ArrowUp":
      return row > 0 ? index - width : channel >= columns ? to(channel - columns, height - 1, column) : index;
    case "ArrowDown":
      return row < height - 1 ? index + width : channel + columns < channels ? to(channel + columns, 0, column) : index;
    case "PageUp":
      return to(channel - 1, row, column);
    case "PageDown":
      return to(channel + 1, row, column);
    case "Home":
      return 0;
    case "End":
      return channels * area - 1;
    default:
      return null;
  }
}
