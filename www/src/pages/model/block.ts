/** How the output of a stage is drawn: a block as high and wide as its maps, and deeper the more of them there are. */

export interface Block {
  /** In pixels of the drawing. */
  width: number;
  height: number;
  depth: number;
}

/** The most and the least that a side is drawn. */
const SIDE = { most: 56, least: 3 };
const DEPTH = { most: 40, least: 2 };

interface Sides {
  channels: number;
  height: number;
  width: number;
}

/** Pieces of an image are laid out as the square that they were cut from. */
function sidesOf(shape: readonly number[]): Sides | null {
  const [first = 0, second, third] = shape;
  if (first <= 0) return null;
  if (second === undefined) return { channels: first, height: 1, width: 1 };
  if (third === undefined) return { channels: second, height: Math.sqrt(first), width: Math.sqrt(first) };
  return { channels: first, height: second, width: third };
}

/**
 * @param shapes `[channels, height, width]`, `[pieces, values]` or `[values]`; of no length where it is not known.
 * @returns A block for each, all to one scale; null where there is nothing to draw.
 */
export function blocksOf(shapes: readonly (readonly number[])[]): (Block | null)[] {
  const all = shapes.map(sidesOf);
  const known = all.filter((each) => each !== null);
  const longest = Math.max(1, ...known.map(({ height, width }) => Math.max(height, width)));
  const deepest = Math.max(1, ...known.map(({ channels }) => channels));
  const side = (length: number) => Math.max(SIDE.least, (SIDE.most * length) / longest);
  // By the root: beside 1,280 channels three would be nothing.
  const depth = (channels: number) => Math.max(DEPTH.least, DEPTH.most * Math.sqrt(channels / deepest));
  return all.map((each) => each && { width: side(each.width), height: side(each.height), depth: depth(each.channels) });
}

/** How far a block's back lies to the right of its front, and above it, for each pixel of its depth. */
export const BACK = { right: 0.8, up: 0.4 };

/** What the drawing of a block takes up. */
export function extentOf({ width, height, depth }: Block): { width: number; height: number } {
  return { width: width + depth * BACK.right, height: height + depth * BACK.up };
}
