/** The result as files: a table for spreadsheets, and everything for programs. */
import type { ClassReport } from "../../engine/types";
import { fileNameOf } from "../../store/models";
import type { TestResult } from "../../store/test";
import { csvOf } from "../../ui/csv";
import { machine } from "./machine";

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

export function toJson({ model, images, report, seconds, workers, info }: TestResult): string {
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
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

export function fileName({ model, images }: TestResult, extension: string): string {
  const split = images.split === "test" ? "" : `-${images.split}`;
  return `hearth-${fileNameOf(model)}-${images.dataset}${split}.${extension}`;
}
