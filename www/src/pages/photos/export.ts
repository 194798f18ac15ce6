/** All answers as files: a table for spreadsheets, and everything for programs. */
import { EngineError } from "../../engine/error";
import { explain } from "../../i18n";
import { fileNameOf } from "../../store/models";
import { type Answer, answerOf, isRefused, outcomeOf, type Photo, stateOf } from "../../store/photos";
import { rejecting } from "../../store/rejecting";
import { csvOf } from "../../ui/csv";

const RANKS = [1, 2, 3, 4, 5];

/** One line for each photo, in their order. The last column is there where a model can say *none of these*. */
export function toCsv(list: readonly Photo[]): string {
  const labels = RANKS.flatMap((n) => [`label${n}`, `p${n}`]);
  const tells = list.some((photo) => noneOf(answerOf(photo)) !== null);
  const heads = ["name", "path", "state", "width", "height", "model", "ms", ...labels, ...(tells ? ["none"] : [])];
  return csvOf([
    heads,
    ...list.map((photo) => [...row(photo), ...(tells ? [String(noneOf(answerOf(photo)) ?? "")] : [])]),
  ]);
}

/** Whether the answer is *none of these*; null where the model cannot say so, or is not to. */
function noneOf(answer: Answer | null): boolean | null {
  return rejecting.value && answer?.reject ? isRefused(answer) : null;
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
  const none = noneOf(outcome);
  const refusal = none === null ? {} : { none, novelty: rounded(outcome.novelty ?? 0) };
  return { ...about, model: fileNameOf(outcome.model), ms: millis(outcome.ms), ...refusal, predictions };
}

function rounded(p: number): number {
  return Number(p.toFixed(6));
}

function millis(ms: number): number {
  return Number(ms.toFixed(1));
}
