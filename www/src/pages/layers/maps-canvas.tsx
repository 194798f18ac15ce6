import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { cellAt, type Grid, mapGrid, moved } from "./grid";
import { cell, held, letGo, live, point, run } from "./look";
import { type Net, place } from "./net";
import { outline, paintBars, paintMaps, rangesOf, reserve, resized } from "./paint";
import { receptiveField } from "./receptive-field";
import { colours, number, scale } from "./shown";
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
    if (marks.current && width.value > 0) mark(marks.current, grid.value, of, stage);
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
        onPointerMove={(event) => event.pointerType === "mouse" && choose(at(event), false)}
        onClick={(event) => choose(at(event), true)}
        onFocus={() => {
          if (!held.value && cell.value?.stage !== stage) choose(strongest(of, stage), false);
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

function paint(canvas: HTMLCanvasElement, grid: Grid, of: Net, stage: number): void {
  const shades = colours.value;
  if (!shades) return;
  const values = run.value && of.values(run.value, stage);
  const ranges = values ? rangesOf(values, grid.shape, scale.value === "map" && !of.isList(stage)) : [];
  if (grid.bars) paintBars(canvas, grid, values, ranges[0] ?? 0, (i) => nameOf(of, stage, i), number, shades);
  else paintMaps(canvas, grid, values, ranges, shades);
}

/** Outlines the cell in question, and what it is made of on the stage before it. */
function mark(canvas: HTMLCanvasElement, grid: Grid, of: Net, stage: number): void {
  const [chosen, shades] = [cell.value, colours.value];
  canvas.hidden = !chosen || !shades || (chosen.stage !== stage && chosen.stage !== stage + 1);
  if (!chosen || !shades || canvas.hidden) return;
  reserve(canvas, grid);
  resized(canvas, grid);
  if (chosen.stage === stage) {
    const { channel, row, column } = place(grid.shape, chosen.index);
    outline(canvas, grid, channel, { top: row, bottom: row, left: column, right: column }, shades.mark, 2);
  }
  if (chosen.stage !== stage + 1) return;
  const reach = receptiveField(of, chosen, stage);
  const layer = of.layer(chosen.stage);
  if (!reach || !layer) return;
  const all = layer.kind === "conv";
  const own = layer.kind === "flatten" ? grid.shape : of.shape(chosen.stage);
  const { channel } = place(own, chosen.index);
  for (let map = 0; map < grid.shape.channels; map++) {
    if (all || map === channel) outline(canvas, grid, map, reach, shades.reach, 1.5);
  }
}

/** What a value of a list is called: the class, where the list has one for each. */
export function nameOf(of: Net, stage: number, index: number): string {
  const { labels } = of.info;
  const lastLayer = of.stages.findLastIndex(({ layer }) => layer !== undefined);
  return stage >= lastLayer ? (labels[index] ?? String(index)) : String(index + 1);
}

/** The place of the value that is furthest from zero. */
function strongest(of: Net, stage: number): number {
  if (!run.value) return 0;
  return of.values(run.value, stage).reduce((best, value, i, all) => {
    return Math.abs(value) > Math.abs(all[best] ?? 0) ? i : best;
  }, 0);
}

function spoken(of: Net): string {
  const chosen = cell.peek();
  if (!chosen) return "";
  const value = run.peek() && of.values(run.peek() as Float32Array, chosen.stage)[chosen.index];
  return `${whereText(of, chosen.stage, chosen.index)}${typeof value === "number" ? `: ${number(value)}` : ""}`;
}

/** A cell's place in words. */
export function whereText(of: Net, stage: number, index: number): string {
  const { layers } = strings.value;
  if (of.isList(stage)) return layers.whereInList(nameOf(of, stage, index));
  const { channel, row, column } = place(of.shape(stage), index);
  return layers.where(channel + 1, row + 1, column + 1);
}
