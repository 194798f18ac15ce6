import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { corner, type Grid, mapGrid, matrixGrid } from "./grid";
import { Legend } from "./legend";
import { cell, live } from "./look";
import { type Net, place, type Shape } from "./net";
import { paintMaps, rangeOf, rangesOf, reserve } from "./paint";
import { colours, scale } from "./shown";
import { useRoom } from "./use-room";

/** More kernels than these would hold up the page; the rest of the rows is left out, and that is said. */
const MOST_KERNELS = 20_000;

/** A layer's weights as images: a row for each filter or output, a column for each channel that it looks at. */
interface Filters {
  values: Float32Array;
  shape: Shape;
  columns: number;
  /** Filters that are drawn, and how many there are. */
  rows: number;
  of: number;
}

export function FiltersCanvas({ of, stage, title }: { of: Net; stage: number; title: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const { width, near } = useRoom(room);
  const filters = useComputed(() => filtersOf(live(of), stage));
  const grid = useComputed(() => {
    const { shape, columns } = filters.value;
    return columns === 1 && shape.height > 1 ? mapGrid(shape, width.value) : matrixGrid(shape, columns, width.value);
  });
  useSignalEffect(() => {
    if (!ref.current || width.value === 0) return;
    reserve(ref.current, grid.value);
    if (!colours.value || !near.value) return;
    const { values, shape } = filters.value;
    paintMaps(ref.current, grid.value, values, rangesOf(values, shape, scale.value === "map"), colours.value);
  });
  const marked = useComputed(() => {
    const chosen = cell.value;
    if (chosen?.stage !== stage || width.value === 0) return null;
    return rowBox(grid.value, place(of.shape(stage), chosen.index).channel, filters.value.columns);
  });
  const { layers } = strings.value;
  const { rows, of: all, columns, values } = filters.value;
  return (
    <figure class="look-filters">
      <figcaption>
        <span>
          <strong>{layers.filters(whole(all), of.layer(stage)?.kind === "dense")}</strong>
          {columns > 1 && ` · ${layers.filterRows}`}
          {rows < all && ` · ${layers.filtersLeftOut(whole(rows))}`}
        </span>
        <Legend range={scale.value === "layer" ? rangeOf(values) : null} />
      </figcaption>
      {/* biome-ignore-start lint/a11y: what can be scrolled must be reachable by keys, and no element says that better */}
      <div ref={room} class="look-scroll" role="group" aria-label={layers.filtersOf(title)} tabIndex={0}>
        <canvas ref={ref} data-testid="layers-filters" role="img" aria-label={layers.filtersOf(title)} />
        {marked.value && <span class="look-mark" style={marked.value} />}
      </div>
      {/* biome-ignore-end lint/a11y: see above */}
    </figure>
  );
}

/** Whether a layer has weights that are images. */
export function hasFilters(of: Net, stage: number): boolean {
  return of.weight(stage, "weight").length > 0;
}

function filtersOf(of: Net, stage: number): Filters {
  const layer = of.layer(stage);
  const values = of.weight(stage, "weight");
  if (layer?.kind === "dense") return denseFilters(of, stage, values);
  const all = of.shape(stage).channels;
  const columns = layer?.kind === "conv" ? of.shape(of.before(stage)).channels : 1;
  const side = Math.round(Math.sqrt(values.length / (all * columns)));
  return cropped(values, { channels: all * columns, height: side, width: side }, columns, all);
}

/** What each output looks for: its weights in the places of the maps that were flattened, where there were any. */
function denseFilters(of: Net, stage: number, weights: Float32Array): Filters {
  const units = of.shape(stage).channels;
  const inputs = weights.length / units;
  const { channels, height, width } = mapsBefore(of, stage) ?? { channels: 1, height: 1, width: inputs };
  const shown = Math.min(units, Math.max(1, Math.floor(MOST_KERNELS / channels)));
  const values = new Float32Array(shown * inputs);
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < inputs; i++) values[unit * inputs + i] = weights[i * units + unit] ?? 0;
  }
  return { values, shape: { channels: shown * channels, height, width }, columns: channels, rows: shown, of: units };
}

/** The shape of the maps that a list of numbers was flattened from. */
function mapsBefore(of: Net, stage: number): Shape | null {
  for (let before = of.before(stage); before > 0; before = of.before(before)) {
    const layer = of.layer(before);
    if (layer?.kind === "flatten") return of.shape(of.before(before));
    if (!of.isList(before) || layer?.kind === "dense") return null;
  }
  return null;
}

function cropped(values: Float32Array, shape: Shape, columns: number, all: number): Filters {
  const rows = Math.min(all, Math.max(1, Math.floor(MOST_KERNELS / columns)));
  const channels = rows * columns;
  return {
    values: values.subarray(0, channels * shape.height * shape.width),
    shape: { ...shape, channels },
    columns,
    rows,
    of: all,
  };
}

/** The kernels of one filter, as a box of CSS pixels; null where they are not drawn. */
function rowBox(
  grid: Grid,
  filter: number,
  columns: number,
): Record<"left" | "top" | "width" | "height", string> | null {
  const first = filter * columns;
  if (first >= grid.shape.channels) return null;
  const [from, to] = [corner(grid, first), corner(grid, first + columns - 1)];
  return {
    left: `${from.x}px`,
    top: `${from.y}px`,
    width: `${to.x - from.x + grid.shape.width * grid.cell}px`,
    height: `${grid.shape.height * grid.cell}px`,
  };
}
