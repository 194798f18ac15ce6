import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { cellAt, corner, type Grid, mapGrid, moved } from "./grid";
import { cell, held, letGo, live, point, run } from "./look";
import { type Net, place } from "./net";
import { outline, paintBars, paintMaps, rangesOf, reserve, resized } from "./paint";
import { colours, number, scale } from "./shown";
import { nameOf, whereText } from "./stage-names";
import { useRoom } from "./use-room";

/** What a stage holds, as images to point at: by pointer, by tap, and by the arrow keys. */
export function MapsCanvas({ of, stage, title }: { of: Net; stage: number; title: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  // Apart, so that pointing at a cell paints no map again.
  const marks = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const { width, near } = useRoom(room);
  // Moves by keys are said; what a pointer passes over is not.
  const said = useSignal("");
  const grid = useComputed(() => mapGrid(of.shape(stage), width.value));
  useSignalEffect(() => {
    if (!ref.current || width.value === 0) return;
    reserve(ref.current, grid.value);
    if (near.value) paint(ref.current, grid.value, live(of), stage);
  });
  useSignalEffect(() => {
    if (cell.value?.stage === stage && held.value && room.current)
      bringIntoView(room.current, grid.peek(), cell.value.index);
  });
  useSignalEffect(() => {
    if (marks.current && width.value > 0) mark(marks.current, grid.value, stage);
  });
  const { layers } = strings.value;
  const at = (event: MouseEvent) => {
    const { left, top } = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : ORIGIN;
    return cellAt(grid.value, event.clientX - left, event.clientY - top);
  };
  const choose = (index: number | null, hold: boolean) => index !== null && point({ stage, index }, hold);
  const onKey = (event: KeyboardEvent) => {
    const own = cell.value?.stage === stage ? cell.value.index : null;
    const next = moved(grid.value, own ?? 0, event.key);
    if (event.key === "Escape") letGo();
    else if (event.key === "Enter" || event.key === " ") choose(own, true);
    else if (next !== null) choose(next, held.peek());
    else return;
    event.preventDefault();
    if (room.current && cell.value) bringIntoView(room.current, grid.value, cell.value.index);
    said.value = spoken(of);
  };
  return (
    <div ref={room} class="look-room">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is pointed at, by keys too */}
      <canvas
        ref={ref}
        class="look-maps"
        data-testid="layers-maps"
        tabIndex={0}
        role="application"
        aria-label={layers.mapsOf(title)}
        aria-description={layers.mapsHelp}
        onPointerMove={(event) => event.pointerType === "mouse" && beside.matches && choose(at(event), false)}
        onClick={(event) => choose(at(event), true)}
        onFocus={() => {
          if (!held.value && cell.value?.stage !== stage) choose(strongest(stage), false);
        }}
        onKeyDown={onKey}
      />
      <canvas ref={marks} class="look-marks" aria-hidden="true" tabIndex={-1} />
      <p class="unseen" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

const ORIGIN = { left: 0, top: 0 };
/** On narrower pages the account of a cell covers the maps: what a pointer passes over must not open it. */
const beside = matchMedia("(min-width: 720px)");

function paint(canvas: HTMLCanvasElement, grid: Grid, of: Net, stage: number): void {
  const shades = colours.value;
  if (!shades) return;
  const values = run.value?.has(stage) ? run.value.values(stage) : null;
  const ranges = values ? rangesOf(values, grid.shape, scale.value === "map" && !of.isList(stage)) : [];
  if (grid.bars) paintBars(canvas, grid, values, ranges[0] ?? 0, (i) => nameOf(of, stage, i), number, shades);
  else paintMaps(canvas, grid, values, ranges, shades);
}

/** Outlines the cell in question. */
function mark(canvas: HTMLCanvasElement, grid: Grid, stage: number): void {
  const [chosen, shades] = [cell.value, colours.value];
  canvas.hidden = !shades || chosen?.stage !== stage;
  if (!chosen || !shades || canvas.hidden) return;
  reserve(canvas, grid);
  resized(canvas, grid);
  const { channel, row, column } = place(grid.shape, chosen.index);
  outline(canvas, grid, channel, { top: row, bottom: row, left: column, right: column }, shades.mark, 2);
}

/** Scrolls many maps to the one of a cell. */
function bringIntoView(room: HTMLElement, grid: Grid, index: number): void {
  const { channel, row } = place(grid.shape, index);
  const top = corner(grid, channel).y + (grid.bars ? 0 : row * grid.cell);
  const bottom = top + grid.cell;
  if (top < room.scrollTop) room.scrollTop = top - 8;
  else if (bottom > room.scrollTop + room.clientHeight) room.scrollTop = bottom + 8 - room.clientHeight;
}

/** The place of the value that is furthest from zero. */
function strongest(stage: number): number {
  const values = run.value?.values(stage) ?? [];
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(values[best] ?? 0)) best = i;
  });
  return best;
}

function spoken(of: Net): string {
  const chosen = cell.peek();
  if (!chosen) return "";
  const value = run.peek()?.values(chosen.stage)[chosen.index];
  return `${whereText(of, chosen.stage, chosen.index)}${value === undefined ? "" : `: ${number(value)}`}`;
}
