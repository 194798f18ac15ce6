/** The result as files: a table for spreadsheets, and everything for programs. */
import type { ClassReport } from "../../engine/types";
import { fileNameOf } from "../../store/models";
import { rejecting } from "../../store/rejecting";
import type { TestResult } from "../../store/test";
import { csvOf } from "../../ui/csv";
import { machine } from "./machine";
import { refusalsOf, rejectIn } from "./refusals";

const COLUMNS = ["class", "precision", "recall", "f1", "support", "predicted", "correct", "undefined"] as const;

/** One line for each class, then the means. */
export function toCsv({ images, report }: TestResult): string {
  const undefinedRates = (row: ClassReport) =>
    (["precision", "recall", "f1"] as const).filter((rate) => row.undefined[rate]).join(" ");
  const rows: (string | number)[][] = [
    [...COLUMNS],
    ...report.classes.map((row, label) => [
      images.classes[label] ?? label,
      row.precision,
      row.recall,
      row.f1,
      row.support,
      row.predicted,
      row.correct,
      undefinedRates(row),
    ]),
    ["macro mean", report.macroPrecision, report.macroRecall, report.macroF1, report.n, report.n, report.correct, ""],
    [
      "weighted mean",
      report.weightedPrecision,
      report.weightedRecall,
      report.weightedF1,
      report.n,
      report.n,
      report.correct,
      "",
    ],
  ];
  return csvOf(rows);
}

export function toJson(result: TestResult): string {
  const { model, images, report, seconds, workers, info } = result;
  const file = {
    model: fileNameOf(model),
    parameters: info.parameters,
    dataset: images.dataset,
    split: images.split,
    classes: images.classes,
    seconds,
    workers,
    machine: machine(),
    report,
    ...refused(result),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** What was refused, where the model can tell and it is not turned off; the report counts every image all the same. */
function refused(result: TestResult) {
  const reject = rejecting.value ? rejectIn(result) : null;
  if (!reject) return {};
  const { images, answered, right } = refusalsOf(result.judged, reject.threshold, result.images.classes.length);
  return { none: { threshold: reject.threshold, refused: images.length, answered, correct: right } };
}

export function fileName({ model, images }: TestResult, extension: string): string {
  const split = images.split === "test" ? "" : `-${images.split}`;
  return `hearth-${fileNameOf(model)}-${images.dataset}${split}.${extension}`;
}
