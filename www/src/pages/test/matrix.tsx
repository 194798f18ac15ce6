import { type Signal, useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Cell, Report } from "../../engine/types";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { nameOf } from "./looks";
import { inWords } from "./mistakes";

/** More classes than this do not fit: the worst are shown. */
const MOST_CLASSES = 100;
/** Up to so many classes the cells have room for their figures. */
const MOST_WITH_FIGURES = 20;

/** Signs of a name that fits above a column. */
const SHORT_NAME = 2;

type Mode = "counts" | "rows";

export interface Place {
  truth: number;
  predicted: number;
}

/** The confusion matrix as a heat map: mistakes in one colour, what is right in another. */
export function Matrix({ result, chosen }: { result: TestResult; chosen: Signal<Place | null> }) {
  const mode = useSignal<Mode>("counts");
  const { matrix } = strings.value.test;
  const { report, images } = result;
  const classes = images.classes.length;
  const shown = classes <= MOST_CLASSES ? images.classes.map((_, label) => label) : report.worst;
  return (
    <section class="matrix-part" aria-labelledby="matrix-heading">
      <div class="part-head">
        <h2 id="matrix-heading">{matrix.heading}</h2>
        <ModeSwitch mode={mode} />
      </div>
      <p class="muted small">
        {matrix.hint}
        {shown.length < classes && <strong> {matrix.worstOnly(whole(shown.length), whole(classes))}</strong>}
      </p>
      <HeatMap result={result} shown={shown} mode={mode.value} chosen={chosen} />
    </section>
  );
}

function ModeSwitch({ mode }: { mode: Signal<Mode> }) {
  const { matrix } = strings.value.test;
  return (
    <fieldset class="switch" aria-label={matrix.show}>
      {(["counts", "rows"] as const).map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="matrix-mode"
            data-testid={`matrix-${each}`}
            checked={mode.value === each}
            onChange={() => {
              mode.value = each;
            }}
          />
          <span>{matrix[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface HeatMapProps {
  result: TestResult;
  /** The classes that have rows and columns, in their order. */
  shown: number[];
  mode: Mode;
  chosen: Signal<Place | null>;
}

function HeatMap({ result, shown, mode, chosen }: HeatMapProps) {
  const { matrix } = strings.value.test;
  const table = useRef<HTMLTableElement>(null);
  const rows = useMemo(() => rowsOf(result.report, shown), [result, shown.length]);
  const hottest = useMemo(() => hottestMistake(result.report, mode), [result, mode]);
  const figures = shown.length <= MOST_WITH_FIGURES;
  const long = shown.some((label) => nameOf(result, label).length > SHORT_NAME);
  const classes = ["matrix", !figures && "dense", figures && (long ? "upright" : "short")].filter(Boolean).join(" ");
  const digits =
    mode === "rows"
      ? 3
      : String(result.report.confusion.cells.reduce((most, { count }) => Math.max(most, count), 0)).length;
  // One cell is reached by Tab, the others by arrows: of a hundred buttons nobody wants a hundred stops.
  const isChosen = ({ truth, predicted }: Cell) =>
    truth === chosen.value?.truth && predicted === chosen.value.predicted;
  const stop = rows.flat().find(isChosen) ?? rows.find((row) => row.length > 0)?.[0];
  return (
    <div class="matrix-scroll">
      <table
        ref={table}
        class={classes}
        onKeyDown={(event) => moveByKey(event, table.current)}
        style={{ "--classes": shown.length, "--digits": digits }}
      >
        <caption class="unseen">{matrix.hint}</caption>
        <thead>
          <tr>
            <td class="matrix-corner">
              {figures && (
                <>
                  <span>{matrix.truth} ↓</span> <span>{matrix.predicted} →</span>
                </>
              )}
            </td>
            {shown.map((label) => (
              <th key={label} scope="col" title={nameOf(result, label)}>
                <span class={figures ? "" : "unseen"}>{nameOf(result, label)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((truth, row) => (
            <tr key={truth}>
              <th scope="row" title={nameOf(result, truth)}>
                <span class={figures ? "" : "unseen"}>{nameOf(result, truth)}</span>
              </th>
              <Row
                cells={rows[row] ?? []}
                shown={shown}
                render={(cell) => (
                  <CellButton
                    result={result}
                    cell={cell}
                    mode={mode}
                    hottest={hottest}
                    figures={figures}
                    stop={cell.truth === stop?.truth && cell.predicted === stop.predicted}
                    chosen={chosen}
                  />
                )}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A row's cells; a run of empty ones is a single wide one, which matters where there are a hundred classes. */
function Row({ cells, shown, render }: { cells: Cell[]; shown: number[]; render: (cell: Cell) => preact.JSX.Element }) {
  const parts: preact.JSX.Element[] = [];
  let column = 0;
  const gap = (to: number) => {
    const dense = shown.length > MOST_WITH_FIGURES;
    while (column < to) {
      const span = dense ? to - column : 1;
      parts.push(<td key={`gap ${column}`} colSpan={span} />);
      column += span;
    }
  };
  for (const cell of cells) {
    gap(shown.indexOf(cell.predicted));
    parts.push(<td key={cell.predicted}>{render(cell)}</td>);
    column += 1;
  }
  gap(shown.length);
  return <>{parts}</>;
}

interface CellButtonProps {
  result: TestResult;
  cell: Cell;
  mode: Mode;
  hottest: number;
  figures: boolean;
  stop: boolean;
  chosen: Signal<Place | null>;
}

function CellButton({ result, cell, mode, hottest, figures, stop, chosen }: CellButtonProps) {
  const { matrix } = strings.value.test;
  const { truth, predicted, count } = cell;
  const right = truth === predicted;
  const share = shareOf(result.report, cell);
  // Mistakes are few beside what is right: they have a scale of their own, on which small ones still show.
  const heat = right ? share : Math.sqrt((mode === "rows" ? share : count) / hottest);
  const label = matrix.cell(inWords(cell, result.images.classes), percent(share));
  const here = chosen.value?.truth === truth && chosen.value.predicted === predicted;
  return (
    <button
      type="button"
      class={right ? "cell right" : "cell"}
      data-testid="confusion-cell"
      data-true={result.images.classes[truth]}
      data-pred={result.images.classes[predicted]}
      data-count={count}
      data-row={truth}
      data-column={predicted}
      aria-label={label}
      aria-pressed={here}
      title={label}
      tabIndex={stop ? 0 : -1}
      style={{ "--heat": heat.toFixed(3) }}
      onClick={() => {
        chosen.value = { truth, predicted };
      }}
    >
      {figures && (mode === "counts" ? count : figure(share))}
    </button>
  );
}

/** A share in a small cell: whole percents; what is less than one is not called nothing, nor nearly all of them all. */
function figure(share: number): string {
  if (share < 0.01) return "<1";
  return share > 0.99 && share < 1 ? ">99" : String(Math.round(share * 100));
}

function shareOf({ classes }: Report, { truth, count }: Cell): number {
  return count / (classes[truth]?.support || 1);
}

function hottestMistake(report: Report, mode: Mode): number {
  const mistakes = report.confusion.cells.filter(({ truth, predicted }) => truth !== predicted);
  const heats = mistakes.map((cell) => (mode === "rows" ? shareOf(report, cell) : cell.count));
  return heats.reduce((most, heat) => Math.max(most, heat), 0) || 1;
}

function rowsOf({ confusion }: Report, shown: number[]): Cell[][] {
  const rows = new Map<number, Cell[]>(shown.map((label) => [label, []]));
  for (const cell of confusion.cells) {
    if (rows.has(cell.predicted)) rows.get(cell.truth)?.push(cell);
  }
  return [...rows.values()];
}

const STEPS: Record<string, [down: number, across: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * The arrows go to the nearest cell that has images, in the row or column that they point along; where that has none
 * ahead, to the nearest in another, so that every cell can be reached.
 */
function moveByKey(event: TargetedKeyboardEvent<HTMLTableElement>, table: HTMLTableElement | null): void {
  const step = STEPS[event.key];
  const from = event.target;
  if (!step || !table || !(from instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const place = (cell: HTMLElement) => [Number(cell.dataset.row), Number(cell.dataset.column)] as const;
  const [row, column] = place(from);
  const [down, across] = step;
  const ahead = [...table.querySelectorAll<HTMLButtonElement>("button.cell")]
    .map((cell) => {
      const [r, c] = place(cell);
      const along = down ? (r - row) * down : (c - column) * across;
      const aside = Math.abs(down ? c - column : r - row);
      return { cell, along, aside };
    })
    .filter(({ along }) => along > 0)
    .sort((a, b) => Number(a.aside > 0) - Number(b.aside > 0) || a.along - b.along || a.aside - b.aside);
  ahead[0]?.cell.focus();
}
