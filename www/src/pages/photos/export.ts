/** All answers as files: a table for spreadsheets, and everything for programs. */
import { EngineError } from "../../engine/error";
import { explain } from "../../i18n";
import { fileNameOf } from "../../store/models";
import { answerOf, outcomeOf, type Photo, stateOf } from "../../store/photos";
import { csvOf } from "../../ui/csv";

const RANKS = [1, 2, 3, 4, 5];

/** One line for each photo, in their order. */
export function toCsv(list: readonly Photo[]): string {
  const labels = RANKS.flatMap((n) => [`label${n}`, `p${n}`]);
  return csvOf([["name", "path", "state", "width", "height", "model", "ms", ...labels], ...list.map(row)]);
}

function row(photo: Photo): (string | number)[] {
  const { name, path } = photo;
  const answer = answerOf(photo);
  const { width = "", height = "" } = photo.size.value ?? {};
  const best = RANKS.flatMap((n) => {
    const prediction = answer?.predictions[n - 1];
    return prediction ? [prediction.label, rounded(prediction.p)] : ["", ""];
  });
  return [
    name,
    path,
    stateOf(photo),
    width,
    height,
    answer ? fileNameOf(answer.model) : "",
    answer ? millis(answer.ms) : "",
    ...best,
  ];
}

export function toJson(list: readonly Photo[]): string {
  return `${JSON.stringify({ photos: list.map(entry) }, null, 2)}\n`;
}

function entry(photo: Photo) {
  const outcome = outcomeOf(photo);
  const about = { name: photo.name, path: photo.path, state: stateOf(photo), ...photo.size.value };
  if (!outcome) return about;
  if (outcome instanceof EngineError) return { ...about, error: explain(outcome) };
  const predictions = outcome.predictions.map(({ index, label, p }) => ({ index, label, p: rounded(p) }));
  return { ...about, model: fileNameOf(outcome.model), ms: millis(outcome.ms), predictions };
}

function rounded(p: number): number {
  return Number(p.toFixed(6));
}

function millis(ms: number): number {
  return Number(ms.toFixed(1));
}
