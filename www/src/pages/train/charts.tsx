import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { strings } from "../../i18n";
import { decimal, percent, setting, whole } from "../../i18n/format";
import { shownLoss } from "../../store/plan";
import { progress, type Trace, trace } from "../../store/run";
import { Term } from "../../ui/term";

/** What the loss begins at: ten classes, guessed. The axis shows it before there is anything to draw. */
const FIRST_LOSS = 2.4;
const FIRST_STEPS = 200;

/** Loss and accuracy as they come. */
export function Charts() {
  const { train } = strings.value;
  const { loss, trainAccuracy, valAccuracy, step } = progress.value;
  const share = (value: number | null) => (value === null ? "–" : percent(value));
  return (
    <div class="charts" data-testid="train-chart">
      <figure class="chart">
        <figcaption>
          <Term id={shownLoss.value}>{train.lossChart}</Term>
        </figcaption>
        <Plot kind="loss" label={train.lossNow(loss === null ? "–" : decimal(loss, 3))} />
      </figure>
      <figure class="chart">
        <figcaption>
          <Term id="accuracy">{train.accuracyChart}</Term>
          <span class="legend legend-training">{train.trainingLine}</span>
          <span class="legend legend-validation">{train.validationLine}</span>
        </figcaption>
        <Plot kind="accuracy" label={train.accuracyNow(share(trainAccuracy), share(valAccuracy))} />
      </figure>
      {step === 0 && <p class="chart-empty muted small">{train.chartEmpty}</p>}
    </div>
  );
}

type Kind = "loss" | "accuracy";

function Plot({ kind, label }: { kind: Kind; label: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const chart = new uPlot(options(kind, element), data(kind, trace.peek()), element);
    plot.current = chart;
    const resized = new ResizeObserver(() => chart.setSize(sizeOf(element)));
    resized.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => chart.redraw(false, true);
    theme.addEventListener("change", redraw);
    return () => {
      theme.removeEventListener("change", redraw);
      resized.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [kind]);
  useSignalEffect(() => {
    plot.current?.setData(data(kind, trace.value));
  });
  return <div ref={ref} class="plot" role="img" aria-label={label} />;
}

function data(kind: Kind, { loss, trainAccuracy, wholeAccuracy }: Trace): uPlot.AlignedData {
  if (kind === "loss") return [[...loss.xs], [...loss.ys]];
  return uPlot.join([
    [[...trainAccuracy.xs], [...trainAccuracy.ys]],
    [[...wholeAccuracy.xs], [...wholeAccuracy.ys]],
  ]);
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement) {
  return { width, height };
}

/** The axis grows with the run: what has happened fills the chart, however long the run will be. */
function stepsShown(): number {
  const { step, totalSteps } = progress.peek();
  return Math.max(Math.min(totalSteps, Math.max(FIRST_STEPS, step * 1.05)), 1);
}

function options(kind: Kind, element: HTMLElement): uPlot.Options {
  // Asked at every drawing, so that the chart follows the theme.
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis: uPlot.Axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const training: uPlot.Series = { stroke: colour("--accent"), width: 2, points: { show: false }, spanGaps: true };
  const validation: uPlot.Series = {
    stroke: colour("--second"),
    width: 2,
    spanGaps: true,
    points: { show: true, size: 7, fill: colour("--second") },
  };
  return {
    ...sizeOf(element),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [0, stepsShown()] },
      y: {
        range: (_plot, _low, high) =>
          kind === "accuracy" ? [0, 1] : [0, high ? Math.max(high, 0.1) * 1.05 : FIRST_LOSS],
      },
    },
    axes: [
      {
        ...axis,
        values: (_plot, steps) => steps.map((step) => (progress.peek().totalSteps > 0 ? whole(step) : "")),
        space: 60,
        size: 30,
      },
      {
        ...axis,
        values: (_plot, values) => values.map((value) => (kind === "accuracy" ? setting(value) : decimal(value, 1))),
        size: 48,
        space: 34,
      },
    ],
    series: kind === "loss" ? [{}, training] : [{}, training, validation],
  };
}
