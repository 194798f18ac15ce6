import { windowOf } from "./arithmetic";
import { type Cell, type Net, place, type Shape } from "./net";

/** Rows and columns of an image, both ends included; beyond its edges where padding is looked at. */
export interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** The part of each channel of stage `seen` that a cell's value depends on; null where it is all there is. */
export function receptiveField(net: Net, cell: Cell, seen = 0): Box | null {
  // Of a list the cell itself: it keeps its place in what was flattened.
  const reached = new Map<number, Box | null>([[cell.stage, own(net, cell, cell.stage)]]);
  // Every stage comes after those that it is made of.
  for (let stage = cell.stage; stage > seen; stage--) {
    const box = reached.get(stage);
    if (box === undefined) continue;
    const { layer, operator, inputs } = net.stage(stage);
    const cellByCell = operator === "Clip" || operator === "Add";
    if ((!layer && !cellByCell) || layer?.kind === "dense") return null;
    for (const input of inputs) {
      const moved = layer && windowOf(layer, net.shape(input));
      const before = box === null ? own(net, cell, input) : moved ? reach(box, moved) : box;
      reached.set(input, around(reached.get(input) ?? before, before));
    }
  }
  return reached.get(seen) ?? null;
}

function own(net: Net, { index }: Cell, stage: number): Box | null {
  return net.isList(stage) ? null : only(net.shape(stage), index);
}

/** The smallest box around two. */
function around(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b;
  return {
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
  };
}

function only(shape: Shape, index: number): Box {
  const { row, column } = place(shape, index);
  return { top: row, bottom: row, left: column, right: column };
}

/** What the windows of the cells in a box reach, one layer before. */
function reach(box: Box, { height, width, stride, padding }: NonNullable<ReturnType<typeof windowOf>>): Box {
  return {
    top: box.top * stride - padding,
    bottom: box.bottom * stride - padding + height - 1,
    left: box.left * stride - padding,
    right: box.right * stride - padding + width - 1,
  };
}
