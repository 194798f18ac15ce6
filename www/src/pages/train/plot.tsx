import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { lang, strings } from "../../i18n";
import { decimal, setting, whole } from "../../i18n/format";
import { progress, type Trace, trace } from "../../store/run";
import { accuracyFloor, lossCeiling } from "./axis";

/** What the loss begins at: ten classes, guessed. The axis shows it before there is anything to draw. */
const FIRST_LOSS = 2.5;
const FIRST_STEPS = 200;
/** A key moves the crosshair by this part of the chart. */
const KEY_STEP = 1 / 40;
/** Beside a narrow chart there is no room for the axis's name: it stands above it. */
const NARROW = 260;

/** The step under the crosshair, which both charts share; null while nobody points. */
export const pointedStep = signal<number | null>(null);

interface Props {
  kind: "loss" | "accuracy";
  label: string;
  /** The values under the crosshair, or the newest. */
  valueText: string;
}

/** A chart with a crosshair that follows the mouse, a finger, or the arrow keys. */
export function Plot({ kind, label, valueText }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const narrow = useSignal(false);
  const made = `${kind} ${lang.value} ${narrow.value}`;
  // A chart has the names of its axes from when it was made.
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    narrow.value = element.clientWidth < NARROW;
    const chart = new uPlot(options(kind, element, narrow.value), data(kind, trace.peek()), element);
    plot.current = chart;
    const released = new AbortController();
    followFinger(chart, released.signal);
    const resized = new ResizeObserver(() => {
      narrow.value = element.clientWidth < NARROW;
      chart.setSize(sizeOf(element));
    });
    resized.observe(element);
    const redraw = () => chart.redraw(false, true);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, released);
    return () => {
      released.abort();
      resized.disconnect();
      chart.destroy();
      plot.current = null;
      pointedStep.value = null;
    };
  }, [made]);
  useSignalEffect(() => {
    plot.current?.setData(data(kind, trace.value));
  });
  const { step } = progress.value;
  return (
    <div
      ref={ref}
      class="plot"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={step}
      aria-valuenow={Math.round(pointedStep.value ?? step)}
      aria-valuetext={valueText}
      onKeyDown={(event) => {
        if (plot.current && moveByKey(plot.current, event.key)) event.preventDefault();
      }}
      onBlur={() => plot.current && pointAt(plot.current, null)}
    />
  );
}

/** Whether the key is one that moves the crosshair, or takes it away. */
function moveByKey(chart: uPlot, key: string): boolean {
  const width = chart.over.clientWidth;
  const end = chart.valToPos(progress.peek().step, "x");
  const now = pointedStep.peek() === null ? end : (chart.cursor.left ?? end);
  const by: Record<string, number | null> = {
    ArrowLeft: now - width * KEY_STEP,
    ArrowRight: now + width * KEY_STEP,
    Home: 0,
    End: end,
    Escape: null,
  };
  if (!Object.hasOwn(by, key)) return false;
  const to = by[key] ?? null;
  pointAt(chart, to === null ? null : Math.min(Math.max(to, 0), end));
  return true;
}

/** `left`: in pixels from where the axis begins. */
function pointAt(chart: uPlot, left: number | null): void {
  chart.setCursor(left === null ? { left: -10, top: -10 } : { left, top: chart.over.clientHeight / 2 });
}

/** uPlot knows the mouse alone. */
function followFinger(chart: uPlot, signal: AbortSignal): void {
  const follow = ({ pointerType, clientX }: PointerEvent) => {
    if (pointerType === "touch") pointAt(chart, clientX - chart.over.getBoundingClientRect().left);
  };
  for (const type of ["pointerdown", "pointermove"] as const) chart.over.addEventListener(type, follow, { signal });
}

function data(kind: Props["kind"], of: Trace): uPlot.AlignedData {
  const curves =
    kind === "loss" ? [of.loss, of.sampleLoss, of.wholeLoss] : [of.trainAccuracy, of.sampleAccuracy, of.wholeAccuracy];
  return uPlot.join(curves.map(({ xs, ys }) => [[...xs], [...ys]]));
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement) {
  return { width, height };
}

/** The axis grows with the run: what has happened fills the chart, however long the run will be. */
function stepsShown(): number {
  const { step, totalSteps } = progress.peek();
  return Math.max(Math.min(totalSteps, Math.max(FIRST_STEPS, step * 1.05)), 1);
}

function lossRange(): uPlot.Range.MinMax {
  const { loss, sampleLoss, wholeLoss } = trace.peek();
  return [0, lossCeiling(loss, [sampleLoss, wholeLoss]) ?? FIRST_LOSS];
}

function accuracyRange(): uPlot.Range.MinMax {
  const { trainAccuracy, sampleAccuracy, wholeAccuracy } = trace.peek();
  return [accuracyFloor(trainAccuracy, [sampleAccuracy, wholeAccuracy]), 1];
}

function options(kind: Props["kind"], element: HTMLElement, narrow: boolean): uPlot.Options {
  const { train } = strings.peek();
  // Asked at every drawing, so that the chart follows the theme.
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis: uPlot.Axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: `${narrow ? 11 : 12}px system-ui, sans-serif`,
    labelFont: `${narrow ? 11 : 12}px system-ui, sans-serif`,
    labelSize: 16,
    labelGap: 0,
  };
  const line: uPlot.Series = { width: 2, points: { show: false }, spanGaps: true };
  const dots = (size: number) => ({ show: true, size, fill: colour("--second") });
  return {
    ...sizeOf(element),
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key: "training", scales: ["x", null] },
    },
    hooks: {
      setCursor: [
        (chart) => {
          const { left = -1 } = chart.cursor;
          pointedStep.value = left < 0 ? null : pointed(chart.posToVal(left, "x"));
        },
      ],
    },
    scales: {
      x: { time: false, range: () => [0, stepsShown()] },
      y: { range: kind === "loss" ? lossRange : accuracyRange },
    },
    axes: [
      {
        ...axis,
        label: train.stepLabel,
        values: (_plot, steps) => steps.map((step) => (progress.peek().totalSteps > 0 ? whole(step) : "")),
        space: narrow ? 44 : 60,
        size: 22,
      },
      {
        ...axis,
        ...(!narrow && { label: kind === "loss" ? train.lossChart : train.accuracyChart }),
        values: (_plot, values) => values.map((value) => (kind === "accuracy" ? setting(value) : decimal(value, 2))),
        size: narrow ? 38 : 44,
        space: 28,
      },
    ],
    series: [
      {},
      { ...line, stroke: colour("--accent") },
      { ...line, stroke: colour("--second"), points: dots(narrow ? 3 : 4) },
      // Few and apart: each is a point of its own.
      { stroke: colour("--second"), width: 0, points: dots(narrow ? 8 : 10) },
    ],
  };
}

/** Nothing has happened yet right of the newest step. */
function pointed(step: number): number | null {
  const newest = progress.peek().step;
  return newest > 0 ? Math.round(Math.min(Math.max(step, 0), newest)) : null;
}
