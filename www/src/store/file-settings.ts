/** What is settled of a model of the person's own is written into its file, so that every page and worker has it of that. */
import { EngineError } from "../engine/error";
import { newId } from "../engine/new-id";
import { opening } from "../engine/opening";
import type { ModelInfo, Settings } from "../engine/types";
import { strings } from "../i18n";
import { fileOf, idNow, infoOf, models, replaceFile } from "./session";

export interface Written {
  /** Under which the model is from now on. */
  id: string;
  info: ModelInfo;
  /** Takes that back, and nothing that was written since; returns how the model is then, null where it is gone. */
  undo(): Promise<Pick<Written, "id" | "info"> | null>;
}

/** One after another: each is written into what the last has left. */
let turn: Promise<unknown> = Promise.resolve();
/** Of each model, how often its file was written. */
const times = new Map<string, number>();

/** Throws where the file cannot be read, or could not be opened with these settings; it then stays as it is. */
export function writeSettings(id: string, settings: Settings): Promise<Written> {
  return inTurn(() => write(idNow(id), settings));
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

async function write(id: string, settings: Settings): Promise<Written> {
  const model = models.peek().find((known) => known.id === id);
  if (!model || model.origin === "shipped") {
    throw new EngineError("model-missing", strings.value.session.notRead(model?.name ?? id));
  }
  const { labels } = model;
  const before = await fileOf(model);
  const said = infoOf(id) ?? (await opening.inspect(before));
  // Names that earlier versions kept beside the file are written into it as well.
  const { onnx, info } = await opening.withSettings(before, labels ? { labels, ...settings } : settings);
  const next = answersAlike(labels ? { ...said, labels } : said, info) ? id : `own-${newId()}`;
  await replaceFile(id, { id: next, onnx, info });
  const time = (times.get(next) ?? 0) + 1;
  times.set(next, time);
  const undo = async () => {
    const now = idNow(next);
    if (!models.peek().some((known) => known.id === now)) return null;
    if (now !== next || times.get(next) !== time) return write(now, inverse(settings, said, labels));
    times.set(next, time + 1);
    await replaceFile(next, { id, onnx: before, info: said, ...(labels && { labels }) });
    return { id, info: said };
  };
  return { id: next, info, undo: () => inTurn(undo) };
}

/** What was the case before `settings`, of what they name. */
function inverse(settings: Settings, said: ModelInfo, labels = said.labels): Settings {
  return {
    ...(settings.labels && { labels }),
    ...(settings.preprocessing && { preprocessing: said.preprocessing }),
    ...(settings.output && { output: said.answer }),
    ...(settings.size && { size: [said.height, said.width] }),
  };
}

/** Whether whatever was answered under one may stand under the other. */
function answersAlike(a: ModelInfo, b: ModelInfo): boolean {
  const what = ({ preprocessing, answer, scores, labels, channels, height, width }: ModelInfo) =>
    JSON.stringify([fields(preprocessing), answer, scores, labels, channels, height, width]);
  return what(a) === what(b);
}

/** In one order, whoever wrote them. */
function fields(object: object): unknown[] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
