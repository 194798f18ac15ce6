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
  let box: Box | null = null;
  for (let stage = cell.stage; stage > seen; stage--) {
    const layer = net.layer(stage);
    if (!layer || layer.kind === "dense") return null;
    // Flattened, a cell is still the one it was.
    if (net.isList(stage)) continue;
    box ??= only(net.shape(stage), cell.index);
    const moved = windowOf(layer, net.shape(stage - 1));
    if (moved) box = reach(box, moved);
  }
  return net.isList(seen) ? null : (box ?? only(net.shape(seen), cell.index));
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
