/** All answers as files: a table for spreadsheets, and everything for programs. */
import { EngineError } from "../../engine/error";
import { explain } from "../../i18n";
import { answerOf, outcomeOf, type Photo, stateOf } from "../../store/photos";

const RANKS = [1, 2, 3, 4, 5];

/** One line for each photo, in their order. RFC 4180: lines end in CRLF, quotes are doubled inside quotes. */
export function toCsv(list: readonly Photo[]): string {
  const head = ["name", "state", "width", "height", "model", "ms", ...RANKS.flatMap((n) => [`label${n}`, `p${n}`])];
  return [head, ...list.map(row)].map((fields) => `${fields.map(field).join(",")}\r\n`).join("");
}

function row(photo: Photo): (string | number)[] {
  const answer = answerOf(photo);
  const { width = "", height = "" } = photo.size.value ?? {};
  const best = RANKS.flatMap((n) => {
    const prediction = answer?.predictions[n - 1];
    return prediction ? [prediction.label, rounded(prediction.p)] : ["", ""];
  });
  return [photo.name, stateOf(photo), width, height, answer?.model ?? "", answer ? millis(answer.ms) : "", ...best];
}

/** What a spreadsheet would take for a formula becomes text: names and labels come from files of anyone's. */
function field(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toJson(list: readonly Photo[]): string {
  return `${JSON.stringify({ photos: list.map(entry) }, null, 2)}\n`;
}

function entry(photo: Photo) {
  const outcome = outcomeOf(photo);
  const about = { name: photo.name, state: stateOf(photo), ...photo.size.value };
  if (!outcome) return about;
  if (outcome instanceof EngineError) return { ...about, error: explain(outcome) };
  const predictions = outcome.predictions.map(({ index, label, p }) => ({ index, label, p: rounded(p) }));
  return { ...about, model: outcome.model, ms: millis(outcome.ms), predictions };
}

function rounded(p: number): number {
  return Number(p.toFixed(6));
}

function millis(ms: number): number {
  return Number(ms.toFixed(1));
}
