/** The result as one picture, drawn in the page. */
import { className, strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { titleOf } from "./looks";
import { machine } from "./machine";
import { timeTaken } from "./time-taken";

/** What links are shown with in most places. */
export const CARD = { width: 1200, height: 630 };
const MARGIN = 56;
const MATRIX = CARD.height - 2 * MARGIN - 24;
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
/** Up to so many classes the matrix has names. */
const MOST_WITH_NAMES = 12;

/** The page's light theme: the picture looks the same wherever it is shown. */
const INK = {
  ground: "#faf7f3",
  surface: "#ffffff",
  text: "#1f1b18",
  muted: "#655d56",
  line: "#e3dbd2",
  right: [31, 111, 107],
  wrong: [179, 64, 14],
} as const;

export function drawCard(canvas: HTMLCanvasElement, result: TestResult, dataset: string): void {
  canvas.width = CARD.width;
  canvas.height = CARD.height;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = INK.ground;
  context.fillRect(0, 0, CARD.width, CARD.height);
  drawMatrix(context, result);
  drawFigures(context, result, dataset);
}

function drawMatrix(context: CanvasRenderingContext2D, { report, images }: TestResult): void {
  const count = images.classes.length;
  const shown = count <= 100 ? images.classes.map((_, label) => label) : report.worst;
  const names = count <= MOST_WITH_NAMES ? nameWidth(context, images.classes) : 0;
  const left = MARGIN + names;
  const side = (MATRIX - names) / shown.length;
  const top = MARGIN + 24;
  const at = new Map(shown.map((label, place) => [label, place]));
  const mistakes = report.confusion.cells.filter(({ truth, predicted }) => truth !== predicted);
  const hottest = mistakes.reduce((most, { count: n }) => Math.max(most, n), 1);
  context.fillStyle = INK.surface;
  context.fillRect(left, top, side * shown.length, side * shown.length);
  for (const { truth, predicted, count: n } of report.confusion.cells) {
    const [row, column] = [at.get(truth), at.get(predicted)];
    if (row === undefined || column === undefined) continue;
    const right = truth === predicted;
    const heat = right ? n / (report.classes[truth]?.support || 1) : Math.sqrt(n / hottest);
    context.fillStyle = tint(right ? INK.right : INK.wrong, 0.72 * heat);
    context.fillRect(left + column * side, top + row * side, side, side);
    if (names > 0) drawCount(context, n, left + (column + 0.5) * side, top + (row + 0.5) * side, side);
  }
  context.strokeStyle = INK.line;
  context.lineWidth = 1;
  context.strokeRect(left, top, side * shown.length, side * shown.length);
  context.fillStyle = INK.muted;
  if (names > 0) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.font = `${Math.min(17, side * 0.5)}px ${FONT}`;
    images.classes.forEach((name, row) => {
      context.fillText(className(name), left - 10, top + (row + 0.5) * side);
    });
  }
  const { cardText } = strings.value.test;
  context.font = `15px ${FONT}`;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(`${cardText.truth} ↓   ${cardText.predicted} →`, left, top - 12);
}

function drawCount(context: CanvasRenderingContext2D, count: number, x: number, y: number, side: number): void {
  context.fillStyle = INK.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `${Math.min(17, side * 0.36)}px ${FONT}`;
  context.fillText(String(count), x, y);
}

/** Room for the longest name, and a gap. */
function nameWidth(context: CanvasRenderingContext2D, classes: string[]): number {
  context.font = `17px ${FONT}`;
  return Math.min(140, Math.max(...classes.map((name) => context.measureText(className(name)).width)) + 12);
}

function drawFigures(context: CanvasRenderingContext2D, result: TestResult, dataset: string): void {
  const { test } = strings.value;
  const { cardText } = test;
  const { report, info, seconds, workers } = result;
  const left = MARGIN + MATRIX + 56;
  const width = CARD.width - left - MARGIN;
  const { low, high } = report.accuracyInterval;
  const write = (text: string, y: number, size: number, colour: string, weight = 400) => {
    context.font = `${weight} ${size}px ${FONT}`;
    context.fillStyle = colour;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(text, left, y, width);
  };
  write(titleOf(result), 116, 44, INK.text, 700);
  write(`${dataset} · ${cardText.images(whole(report.n))}`, 152, 22, INK.muted);
  write(test.accuracy, 216, 22, INK.muted);
  write(percent(report.accuracy), 288, 76, INK.text, 700);
  write(test.interval(percent(low), percent(high)), 322, 20, INK.muted);
  const means: [string, number][] = [
    [test.f1, report.macroF1],
    [test.precision, report.macroPrecision],
    [test.recall, report.macroRecall],
  ];
  means.forEach(([name, value], i) => {
    const x = left + (i * width) / 3;
    context.font = `400 20px ${FONT}`;
    context.fillStyle = INK.muted;
    context.fillText(name, x, 386, width / 3 - 8);
    context.font = `700 32px ${FONT}`;
    context.fillStyle = INK.text;
    context.fillText(percent(value), x, 424, width / 3 - 8);
  });
  const { cores, browser, system } = machine();
  const rows = [
    cardText.parameters(whole(info.parameters)),
    cardText.time(timeTaken(seconds), workers),
    [cardText.cores(cores), browser, system].filter(Boolean).join(" · "),
  ];
  rows.forEach((row, i) => {
    write(row, 482 + 28 * i, 19, INK.muted);
  });
  write(`Hearth · ${cardText.tested}`, CARD.height - MARGIN + 10, 17, INK.muted, 600);
}

/** The colour laid on the surface, `share` strong. */
function tint([r, g, b]: readonly [number, number, number], share: number): string {
  const mix = (c: number) => Math.round(255 + (c - 255) * Math.min(Math.max(share, 0), 1));
  return `rgb(${mix(r)} ${mix(g)} ${mix(b)})`;
}
