/**
 * Files from elsewhere: what was chosen or dropped together is sorted, each model opened with what belongs to it, or
 * refused in one sentence.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { pathOf } from "../engine/file-path";
import { isNumbered } from "../engine/labels";
import { opening } from "../engine/opening";
import { refuseTooLarge } from "../engine/opening-files";
import type { ArrivedFile, InspectedFile, NamedFile } from "../engine/protocol";
import { explain, strings } from "../i18n";
import { whole } from "../i18n/format";
import { keepChanges } from "./database";
import { writeSettings } from "./file-settings";
import { fittingOf, giveLabels, keepMisfit, namesIn } from "./model-labels";
import { isList, isModel, isOnnx } from "./model-names";
import type { Model } from "./models";
import { adopt, currentModel, fileOf, models, use } from "./session";
// Listens for models that do not say how they are given pictures.
import "./settling";
import { toast } from "./toasts";

/** Files that are looked into though nothing says that they are models: a folder may hold thousands. */
const MOST_UNNAMED = 20;
/** Smaller files are there at once. */
const TELL_FROM = 5e6;

/** A model with what came together with it. */
interface Chosen {
  model: File;
  lists: readonly File[];
  beside: readonly File[];
}

/** A model whose weights lie in files that did not come with it. */
export interface Waiting {
  name: string;
  missing: readonly string[];
}

/** A large file on its way in. `loaded` is `total` while it is being opened. */
export interface Arriving {
  name: string;
  loaded: number;
  total: number;
}

const pending = signal<(Waiting & Chosen) | null>(null);
const reading = signal<Arriving | null>(null);
/** Kept until the missing files come: choosing them alone completes it. */
export const waiting: ReadonlySignal<Waiting | null> = pending;
export const arriving: ReadonlySignal<Arriving | null> = reading;

/** Of the file that is on its way in. */
let abort: AbortController | null = null;

/** Gives up the file that is being read, and looked into. */
export function cancelArriving(): void {
  abort?.abort(new EngineError("aborted", "The file was given up."));
}

/** One choice after another: the same file in both is one model. */
let turn: Promise<void> = Promise.resolve();

/**
 * Opens every model among the files with the lists of labels and the weights that lie beside it, and makes the last one
 * current. Files that complete a model chosen before do so, and lists alone are for the model in use.
 */
export function openModels(files: readonly File[]): Promise<void> {
  turn = turn.then(() => openAll(files)).catch((error) => void toast("error", explain(error)));
  return turn;
}

async function openAll(files: readonly File[]): Promise<void> {
  const { named, lists, others } = sorted(files);
  const done = new Done();
  const completed = completes(others);
  if (completed) await done.open({ ...completed, lists: [...completed.lists, ...lists] });
  for (const model of named) await done.open({ model, lists, beside: others });
  const alone = named.length === 0 && !completed;
  const rest = others.filter((file) => !done.used.has(file) && !completed?.beside.includes(file));
  // What a file is, its name does not tell: a network may have no ending, and another program's is told by what is in it.
  for (const model of rest.filter((file) => alone || isModel(file)).slice(0, MOST_UNNAMED)) {
    await done.attempt({ model, lists, beside: rest.filter((file) => file !== model) });
  }
  if (alone && done.names.length === 0) await takeLists(lists, done);
  done.tell();
}

export function sorted(files: readonly File[]) {
  const named = files.filter(isOnnx);
  const lists = files.filter((file) => isList(file) && !isOnnx(file));
  return { named, lists, others: files.filter((file) => !named.includes(file) && !lists.includes(file)) };
}

/** Whether a model that was chosen before waits for this file. */
export function isAwaited({ name }: File): boolean {
  return pending.peek()?.missing.some((missing) => missing.toLowerCase() === name.toLowerCase()) ?? false;
}

/** The model that waits, if one of the files is what it waits for. */
function completes(files: readonly File[]): Chosen | null {
  const value = pending.peek();
  if (!value || !files.some(isAwaited)) return null;
  return { model: value.model, lists: value.lists, beside: [...value.beside, ...files] };
}

/** Lists without a model are for the one in use, unless one is the model of another program: TensorFlow.js has JSON. */
async function takeLists(lists: readonly File[], done: Done): Promise<void> {
  if (lists.length === 0) return;
  for (const model of lists) await done.attempt({ model, lists: [], beside: [] }, isOfOtherProgram);
  if (done.failed.length > 0 || done.names.length > 0) return;
  const { id, origin } = currentModel.peek();
  if (origin === "shipped") toast("error", strings.value.opened.labelsAlone);
  else await giveLabels(id, lists);
}

function isOfOtherProgram({ code }: EngineError): boolean {
  return code.startsWith("format-");
}

/** What has become of the files of one choice. */
class Done {
  /** Of the models that were opened. */
  readonly names: string[] = [];
  /** Of files whose names do not say what they are. */
  readonly failed: EngineError[] = [];
  readonly used = new Set<File>();
  #here = "";
  #refused = false;

  async open(chosen: Chosen): Promise<void> {
    try {
      await this.#open(chosen);
    } catch (error) {
      this.#refused = true;
      toast("error", explain(error));
    }
  }

  /** As `open`, of a file that may be no model at all: that is said only if nothing else was opened. */
  async attempt(chosen: Chosen, counts: (error: EngineError) => boolean = () => true): Promise<void> {
    try {
      await this.#open(chosen);
    } catch (thrown) {
      const error = EngineError.from(thrown);
      if (counts(error)) this.failed.push(error);
    }
  }

  tell(): void {
    const { opened, session } = strings.value;
    const last = this.names.at(-1);
    const other = this.failed.filter(isOfOtherProgram);
    const something = this.#refused || this.#here !== "" || last !== undefined;
    const first = something ? [] : this.failed.slice(0, 1);
    for (const error of other.length > 0 ? other : first) toast("error", explain(error));
    if (this.names.length > 1) toast("info", opened.many(whole(this.names.length), last ?? ""));
    else if (last !== undefined) toast("info", session.opened(last));
    else if (this.#here) toast("info", opened.here(this.#here));
  }

  async #open(chosen: Chosen): Promise<void> {
    try {
      await this.#takeIn(chosen);
    } catch (error) {
      if (EngineError.from(error).code !== "aborted") throw error;
    } finally {
      reading.value = null;
    }
  }

  async #takeIn(chosen: Chosen): Promise<void> {
    const { model, lists, beside } = chosen;
    const file = await arrived(chosen);
    for (const each of beside) if (file.used.includes(pathOf(each))) this.used.add(each);
    if (pending.peek()?.model === model) pending.value = null;
    const there = await entryOf(file);
    if (there) {
      this.#here = there.name;
      await use(there.id);
      if (lists.length > 0) await giveLabels(there.id, lists);
      return;
    }
    const name = model.name.replace(/\.onnx$/i, "");
    await takeIn(name, file, lists.length > 0 ? await namesIn(lists).catch(saidOf) : []);
    this.names.push(name);
  }
}

/** A list that cannot be read does not keep its model from being opened. */
function saidOf(error: unknown): string[][] {
  toast("error", explain(error));
  return [];
}

async function arrived(chosen: Chosen): Promise<ArrivedFile> {
  const { model, beside } = chosen;
  refuseTooLarge([model]);
  const hear = ({ loaded, total }: { loaded: number; total: number }) => {
    if (total >= TELL_FROM) reading.value = { name: model.name, loaded, total };
  };
  hear({ loaded: 0, total: model.size });
  abort = new AbortController();
  try {
    return await opening.arrive(model, beside.map(withName), hear, abort.signal);
  } catch (thrown) {
    const error = EngineError.from(thrown);
    const [, ...missing] = error.values;
    if (error.code === "onnx-external") pending.value = { ...chosen, name: model.name, missing };
    throw error;
  } finally {
    abort = null;
  }
}

function withName(file: File): NamedFile {
  return { name: pathOf(file), file };
}

/** The model that has this very file already, as it was opened or as it is now. */
async function entryOf({ hash, onnx }: ArrivedFile): Promise<Model | undefined> {
  const own = models.peek().filter(({ origin }) => origin !== "shipped");
  const known = own.find((model) => model.hash === hash);
  if (known) return known;
  for (const model of own.filter(({ bytes }) => bytes === onnx.byteLength)) {
    const file = await fileOf(model).catch(() => null);
    if (file && (await opening.hash(file)) === hash) {
      // Those that earlier versions kept have none yet.
      if (!model.hash) learnHash(model.id, hash);
      return model;
    }
  }
  return undefined;
}

function learnHash(id: string, hash: string): void {
  models.value = models.peek().map((model) => (model.id === id ? { ...model, hash } : model));
  keepChanges(id, { hash }).catch(() => {});
}

/** Adds it with the names that fit, which are written into it. */
async function takeIn(name: string, file: ArrivedFile, lists: readonly string[][]): Promise<void> {
  const { hash, info } = file;
  const classes = info.labels.length;
  const given = fittingOf(lists, classes);
  const proposed = given ? null : await imagenetNames(file);
  const labels = given ?? proposed;
  const { onnx } = labels ? await opening.withSettings(file.onnx, { labels }) : file;
  const id = await adopt({ origin: "opened", name, onnx, hash });
  if (!given) keepMisfit(id, lists, classes);
  if (!proposed) return;
  const undo = () => void writeSettings(id, { labels: info.labels }).catch(saidOf);
  toast("info", strings.value.opened.imagenetNames(name, whole(classes)), { undo });
}

/** What a network of a thousand unnamed classes in colour nearly always tells apart; its Chinese names are in that order. */
async function imagenetNames({ info }: InspectedFile): Promise<string[] | null> {
  const { labels, channels } = info;
  if (channels !== 3 || !isNumbered(labels) || ![1000, 1001].includes(labels.length)) return null;
  const names = await import("../i18n/imagenet-zh.json").then(
    ({ default: byName }) => Object.keys(byName),
    () => [],
  );
  return fittingOf(names.length > 0 ? [names] : [], labels.length);
}
