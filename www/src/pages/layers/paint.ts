import { corner, type Grid } from "./grid";
import type { Shape } from "./net";
import type { Box } from "./receptive-field";

/** Shades on each side of zero. */
const SHADES = 255;
/** A map whose shorter side has at least as many pixels has an outline. */
const LEAST_OUTLINED = 16;
/** The most room for a bar's name, and that for its number. */
const BAR_NAME = 112;
const BAR_NUMBER = 72;
/** Browsers refuse larger canvases; a layer of a large network may ask for one. */
const MOST_PIXELS = 16_000_000;

/** Negative to positive through zero, and the colour of outlines; taken from the page's style, so each theme has its own. */
export interface Palette {
  /** 2 × SHADES + 1 colours, as ImageData stores them. */
  shades: Uint32Array;
  below: string;
  above: string;
  line: string;
  track: string;
  mark: string;
  reach: string;
  font: string;
}

type Rgb = [number, number, number];

export function palette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => rgb(style.getPropertyValue(name));
  const [below, zero, above] = [colour("--below"), colour("--zero"), colour("--above")];
  const shades = new Uint32Array(2 * SHADES + 1);
  for (let i = -SHADES; i <= SHADES; i++) {
    const [r, g, b] = mix(zero, i < 0 ? below : above, Math.abs(i) / SHADES);
    shades[i + SHADES] = littleEndian ? (255 << 24) | (b << 16) | (g << 8) | r : (r << 24) | (g << 16) | (b << 8) | 255;
  }
  const own = (name: string) => style.getPropertyValue(name);
  return {
    shades,
    below: own("--below"),
    above: own("--above"),
    line: own("--line"),
    track: own("--sunken"),
    mark: own("--text"),
    reach: own("--reach"),
    font: `13px ${style.fontFamily}`,
  };
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** `#rrggbb` */
function rgb(colour: string): Rgb {
  const bits = Number.parseInt(colour.trim().slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** The shade of a value, where `range` is the largest there is. */
export function shadeOf({ shades }: Palette, value: number, range: number): number {
  const share = range > 0 ? Math.max(-1, Math.min(1, value / range)) : 0;
  return shades[Math.round((Number.isNaN(share) ? 0 : share) * SHADES) + SHADES] ?? 0;
}

/** A shade for CSS, and black or white, whichever is read more easily on it. */
export function cssShade(colours: Palette, value: number, range: number): { backgroundColor: string; color: string } {
  const packed = shadeOf(colours, value, range);
  const bytes = new Uint8Array(new Uint32Array([packed]).buffer);
  // Stored as ImageData has it, red first, whatever the machine's order.
  const [r = 0, g = 0, b = 0] = bytes;
  // WCAG 2.1, relative luminance: black on white's side of 0.179, where both have the same contrast.
  const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  return { backgroundColor: `rgb(${r} ${g} ${b})`, color: luminance > 0.179 ? "#000" : "#fff" };
}

/** The largest distance from zero; infinities and what is no number left out. */
export function rangeOf(values: Float32Array): number {
  let range = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > range && size < Number.POSITIVE_INFINITY) range = size;
  }
  return range;
}

/** One range for each map, or the same for all. */
export function rangesOf(values: Float32Array, { channels, height, width }: Shape, perMap: boolean): number[] {
  if (!perMap) return Array<number>(channels).fill(rangeOf(values));
  const area = height * width;
  return Array.from({ length: channels }, (_, i) => rangeOf(values.subarray(i * area, (i + 1) * area)));
}

/** Draws maps side by side; without values, their empty places. */
export function paintMaps(
  canvas: HTMLCanvasElement,
  grid: Grid,
  values: Float32Array | null,
  ranges: number[],
  colours: Palette,
): void {
  const context = resized(canvas, grid);
  const { channels, height, width } = grid.shape;
  const outlined = grid.cell * Math.min(height, width) >= LEAST_OUTLINED;
  const image = new ImageData(width, height * Math.min(grid.columns, channels));
  const strip = new OffscreenCanvas(image.width, image.height);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  for (let channel = 0; channel < channels; channel++) {
    const inRow = channel % grid.columns;
    if (values && inRow === 0) {
      fillStrip(image, grid, values, channel, ranges, colours);
      strip.getContext("2d")?.putImageData(image, 0, 0);
    }
    const { x, y } = corner(grid, channel);
    const [w, h] = [width * grid.cell, height * grid.cell];
    if (values) context.drawImage(strip, 0, inRow * height, width, height, x, y, w, h);
    if (outlined || !values) context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
  }
}

/** The maps of a row, one below the other, a pixel for each value. */
function fillStrip(
  image: ImageData,
  { shape, columns }: Grid,
  values: Float32Array,
  first: number,
  ranges: number[],
  colours: Palette,
): void {
  const area = shape.height * shape.width;
  const maps = Math.min(columns, shape.channels - first);
  const pixels = new Uint32Array(image.data.buffer);
  for (let map = 0; map < maps; map++) {
    const range = ranges[first + map] ?? 0;
    const start = (first + map) * area;
    for (let i = 0; i < area; i++) pixels[map * area + i] = shadeOf(colours, values[start + i] ?? 0, range);
  }
}

/** Draws a bar for each value, from zero to the right or to the left, between its name and itself as a number. */
export function paintBars(
  canvas: HTMLCanvasElement,
  grid: Grid,
  values: Float32Array | null,
  range: number,
  names: (index: number) => string,
  text: (value: number) => string,
  colours: Palette,
): void {
  const context = resized(canvas, grid);
  const below = values?.some((value) => value < 0) ?? false;
  context.font = colours.font;
  const all = Array.from({ length: grid.shape.channels }, (_, i) => context.measureText(names(i)).width);
  const [left, right] = [Math.min(Math.max(...all) + 12, BAR_NAME), grid.width - BAR_NUMBER];
  const zero = below ? (left + right) / 2 : left;
  const longest = right - zero;
  context.textBaseline = "middle";
  for (let i = 0; i < grid.shape.channels; i++) {
    const { y } = corner(grid, i);
    const middle = y + grid.cell / 2;
    const value = values?.[i] ?? 0;
    context.fillStyle = colours.track;
    context.fillRect(left, middle - 6, right - left, 12);
    context.fillStyle = value < 0 ? colours.below : colours.above;
    const length = range > 0 ? (Math.abs(value) / range) * longest : 0;
    context.fillRect(value < 0 ? zero - length : zero, middle - 6, length, 12);
    context.fillStyle = colours.mark;
    context.textAlign = "left";
    context.fillText(names(i), 2, middle, left - 8);
    context.textAlign = "right";
    if (values) context.fillText(text(value), grid.width - 4, middle);
  }
}

/** Outlines a box of cells of one map. */
export function outline(
  canvas: HTMLCanvasElement,
  grid: Grid,
  channel: number,
  box: Box,
  colour: string,
  thickness: number,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { x, y } = corner(grid, channel);
  const { height, width } = grid.shape;
  const inside = (at: number, side: number) => Math.min(Math.max(at, 0), side);
  const [left, right] = [inside(box.left, width), inside(box.right + 1, width)];
  const [top, bottom] = [inside(box.top, height), inside(box.bottom + 1, height)];
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  const out = thickness / 2;
  if (grid.bars) {
    context.strokeRect(out, y + out, grid.width - thickness, grid.cell - thickness);
    return;
  }
  context.strokeRect(
    x + left * grid.cell - out,
    y + top * grid.cell - out,
    (right - left) * grid.cell + thickness,
    (bottom - top) * grid.cell + thickness,
  );
}

/** Gives a canvas the room that it will need, so that nothing moves when it is painted. */
export function reserve(canvas: HTMLCanvasElement, { width, height }: Grid): void {
  const [w, h] = [`${width}px`, `${height}px`];
  if (canvas.style.width !== w) canvas.style.width = w;
  if (canvas.style.height !== h) canvas.style.height = h;
}

/** Makes a canvas sharp on any screen and empties it; its context counts in CSS pixels. */
export function resized(canvas: HTMLCanvasElement, { width, height }: Grid): CanvasRenderingContext2D {
  const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (width * height)));
  const [w, h] = [Math.round(width * sharp), Math.round(height * sharp)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(w / width, 0, 0, h / height, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}
