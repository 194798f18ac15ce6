/**
 * What a file from elsewhere asks of pixels: seen on samples under each preprocessing that it may have meant, proposed,
 * chosen, and written into the file.
 */
import { batch, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { EngineError } from "../engine/error";
import { isNumbered } from "../engine/labels";
import { opening, TrialEngine } from "../engine/opening";
import type { NamedFile, TrialSample } from "../engine/protocol";
import type { KnownPreprocessing, ModelInfo, Preprocessing, Proposal, Settings, Tried, Weighed } from "../engine/types";
import { explain, strings } from "../i18n";
import { percent } from "../i18n/format";
import { keptPhotos } from "./database";
import { type Written, writeSettings } from "./file-settings";
import { giveLabels } from "./model-labels";
import { answering, fileOf, idNow, infoOf, modelInfo, models } from "./session";
import { toast } from "./toasts";

export type { TrialSample } from "../engine/protocol";

/** Classes that are kept of each answer. */
const TOP = 5;
/** Of the person's own photos. */
const MOST_PHOTOS = 6;
/** Of Fashion-MNIST's samples answered rightly, from which on a network's classes are taken for those. */
const TELLS_CLOTHES = 0.6;

/** A preprocessing that the file may have meant. `weighed`: null until it was tried on the samples. */
export interface Candidate extends Proposal {
  weighed: Weighed | null;
}

export interface Settling {
  modelId: string;
  info: ModelInfo;
  phase: "loading" | "weighing" | "ready" | "failed";
  /** Candidates that have been weighed, of so many. */
  done: number;
  total: number;
  error: EngineError | null;
  /** The likeliest first. */
  candidates: readonly Candidate[];
  chosen: Preprocessing;
  known: KnownPreprocessing | "custom";
  /** What the file says now; null while nothing is written. */
  applied: Preprocessing | null;
  /** Whether a person has chosen: nothing is then applied by itself. */
  touched: boolean;
  /** A few that are shown, of all that are weighed. */
  samples: readonly TrialSample[];
}

const state = signal<Settling | null>(null);
const tries = signal<ReadonlyMap<string, Tried>>(new Map());

/** What is being settled, of which model; null where nothing is. */
export const settling: ReadonlySignal<Settling | null> = state;
/** What the network sees of the samples shown and answers to them: by `${known}:${sample}`, and `custom:${sample}`. */
export const tried: ReadonlySignal<ReadonlyMap<string, Tried>> = tries;

/** A file on trial. What is found out of one that is no longer looked at is dropped. */
interface Round {
  trial: TrialEngine | null;
  /** Whether the likeliest is applied when it is found, unless a person chooses. */
  byItself: boolean;
}

let round: Round | null = null;
/** What is asked of the samples, of the preprocessing that was chosen last. */
let asking = 0;
/** Files that were not settled when they were opened: each is looked at by itself once. */
const begun = new Set<string>();

/** Opens it for any model of the person's own, again too. */
export async function settle(modelId: string): Promise<void> {
  await begin(idNow(modelId), false);
}

/** Also asks for what the samples become under it. */
export function choosePreset(known: KnownPreprocessing): void {
  const found = state.peek()?.candidates.find((candidate) => candidate.known === known);
  if (!found) return;
  set({ known, chosen: found.preprocessing, touched: true });
  void askSamples();
}

/** Changes a part of what is chosen: fit, filter, order, ink, offset, scale. */
export function change(part: Partial<Preprocessing>): void {
  const now = state.peek();
  if (!now) return;
  const chosen = { ...now.chosen, ...part };
  forgetTries("custom");
  set({ chosen, known: knownAs(chosen, now.candidates), touched: true });
  void askSamples();
}

/** Writes what is chosen into the file, keeps it, and opens it anew; a toast has the way back. */
export async function apply(): Promise<void> {
  const now = state.peek();
  if (!now) return;
  set({ touched: true });
  await write({ preprocessing: now.chosen }, (name) => strings.value.opened.applied(name));
}

export function leave(): void {
  round?.trial?.close();
  round = null;
  asking += 1;
  batch(() => {
    state.value = null;
    tries.value = new Map();
  });
}

/** Which of the file's outputs answers: one of `info.answers`. */
export async function chooseOutput(name: string): Promise<void> {
  await writeAndBeginAnew({ output: name }, (model) => strings.value.opened.outputChosen(model, name));
}

/** In pixels, of a file that takes any size. */
export async function chooseSize(height: number, width: number): Promise<void> {
  const size = `${height} × ${width}`;
  await writeAndBeginAnew({ size: [height, width] }, (model) => strings.value.opened.sizeChosen(model, size));
}

/** A list of labels for the model that is being settled. */
export async function chooseLabels(file: File): Promise<void> {
  const now = state.peek();
  if (now) await giveLabels(now.modelId, [file]);
}

async function begin(modelId: string, byItself: boolean, before: Partial<Settling> = {}): Promise<void> {
  const model = models.peek().find(({ id }) => id === modelId);
  if (!model || model.origin === "shipped") return;
  putAside();
  begun.add(modelId);
  const mine: Round = { trial: null, byItself };
  round = mine;
  try {
    const known = infoOf(modelId);
    if (known) state.value = { ...loading(modelId, known), ...before };
    const onnx = await fileOf(model);
    const info = known ?? (await opening.inspect(onnx));
    if (round !== mine) return;
    if (!known) state.value = { ...loading(modelId, info), ...before };
    const photos = info.channels === 3 ? await ownPhotos() : [];
    if (round !== mine) return;
    mine.trial = new TrialEngine({ onnx, info }, photos);
    await look(mine, mine.trial);
  } catch (error) {
    if (round !== mine) return;
    if (state.peek()?.modelId === modelId) set({ phase: "failed", error: EngineError.from(error) });
    else toast("error", explain(error));
  }
}

/** Another file's turn. One that was not settled yet is looked at again when it is in use again. */
function putAside(): void {
  const now = state.peek();
  const unfinished = round?.byItself && now && (now.phase === "loading" || now.phase === "weighing");
  if (unfinished) for (const id of begun) if (idNow(id) === now.modelId) begun.delete(id);
  leave();
}

function loading(modelId: string, info: ModelInfo): Settling {
  return {
    modelId,
    info,
    phase: "loading",
    done: 0,
    total: 0,
    error: null,
    candidates: [],
    chosen: info.preprocessing,
    known: info.known ?? "custom",
    applied: info.settled ? info.preprocessing : null,
    touched: false,
    samples: [],
  };
}

/** The person's photos, as far as they are kept in this browser. */
async function ownPhotos(): Promise<NamedFile[]> {
  const kept = await keptPhotos(0, MOST_PHOTOS).catch(() => []);
  return kept.map(({ photo: { name, file } }) => ({ name, file }));
}

async function look(mine: Round, trial: TrialEngine): Promise<void> {
  const { proposals, samples } = await trial.begin();
  if (round !== mine) return;
  const candidates = proposals.map((proposal) => ({ ...proposal, weighed: null }));
  const { chosen } = state.peek() ?? {};
  const known = chosen ? knownAs(chosen, candidates) : "custom";
  // Without samples the file's own word is all there is.
  const total = samples.length > 0 ? candidates.length : 0;
  set({ phase: "weighing", candidates, samples, known, total });
  void askSamples();
  if (total > 0) await weigh(mine, trial, candidates);
  if (round !== mine) return;
  const [likeliest] = state.peek()?.candidates ?? [];
  if (mine.byItself && likeliest && !state.peek()?.touched) {
    set({ chosen: likeliest.preprocessing, known: likeliest.known });
    await applyByItself(mine, trial, likeliest);
  }
  if (round !== mine) return;
  set({ phase: "ready" });
  await askSamples();
  await compare(mine, trial);
}

/** What the first sample becomes under each of the candidates. */
async function compare(mine: Round, trial: TrialEngine): Promise<void> {
  for (const { known, preprocessing } of state.peek()?.candidates ?? []) {
    if (round !== mine) return;
    if (state.peek()?.samples.length === 0 || tries.peek().has(`${known}:0`)) continue;
    const one = await trial.tryOut(0, preprocessing, TOP);
    if (round === mine) keepTry(`${known}:0`, one);
  }
}

/** One candidate after another, each as the worker comes to it; then the likeliest first. */
async function weigh(mine: Round, trial: TrialEngine, candidates: readonly Candidate[]): Promise<void> {
  const weighed: Weighed[] = [];
  for (const { preprocessing } of candidates) {
    weighed.push(await trial.weigh(preprocessing));
    if (round !== mine) return;
    set({
      done: weighed.length,
      candidates: candidates.map((each, at) => ({ ...each, weighed: weighed[at] ?? null })),
    });
  }
  const first = await trial.likeliest(weighed);
  if (round !== mine) return;
  const all = state.peek()?.candidates ?? [];
  set({ candidates: [...all.slice(first, first + 1), ...all.filter((_, at) => at !== first)] });
}

/** Says so where the network is now given other pictures than before, or its classes have names. */
async function applyByItself(mine: Round, trial: TrialEngine, { preprocessing, known }: Candidate): Promise<void> {
  const { info } = state.peek() ?? {};
  if (!info) return;
  const clothes = await clothesNames(trial, info, preprocessing);
  if (round !== mine || state.peek()?.touched) return;
  const { opened } = strings.value;
  const says = (name: string) => {
    if (clothes) return opened.clothesNames(name, percent(clothes.right));
    return info.known === known ? "" : opened.settledItself(name);
  };
  await write({ preprocessing, ...(clothes && { labels: clothes.classes }) }, says);
}

/** Ten unnamed classes of small grey pictures that tell Fashion-MNIST's apart are those. */
async function clothesNames(trial: TrialEngine, info: ModelInfo, preprocessing: Preprocessing) {
  const { labels, channels, height, width } = info;
  const may = channels === 1 && height === 28 && width === 28 && labels.length === 10 && isNumbered(labels);
  if (!may) return null;
  const { mnist, "fashion-mnist": clothes } = await trial.recognised(preprocessing);
  return clothes && clothes.right >= TELLS_CLOTHES && clothes.right > (mnist?.right ?? 0) ? clothes : null;
}

async function write(settings: Settings, says: (name: string) => string): Promise<Written | null> {
  const id = state.peek()?.modelId;
  if (id === undefined) return null;
  try {
    const written = await writeSettings(id, settings);
    follow(id, written);
    const text = says(models.peek().find((model) => model.id === written.id)?.name ?? "");
    if (text) toast("info", text, { undo: () => void takeBack(written) });
    return written;
  } catch (error) {
    toast("error", explain(error));
    return null;
  }
}

/** What is chosen is then what the file says. */
async function takeBack(written: Written): Promise<void> {
  try {
    const now = await written.undo();
    if (!now) return;
    follow(written.id, now);
    if (state.peek()?.modelId !== now.id) return;
    const { preprocessing } = now.info;
    forgetTries("custom");
    set({ chosen: preprocessing, known: knownAs(preprocessing, state.peek()?.candidates ?? []), touched: true });
    void askSamples();
  } catch (error) {
    toast("error", explain(error));
  }
}

/** Where the answers are others, all is tried anew; what a person has chosen stays. */
async function writeAndBeginAnew(settings: Settings, says: (name: string) => string): Promise<void> {
  const byItself = round?.byItself ?? false;
  const written = await write(settings, says);
  const now = state.peek();
  if (!written || now?.modelId !== written.id) return;
  await begin(written.id, byItself && !now.touched, now.touched ? { chosen: now.chosen, touched: true } : {});
}

/** What the samples shown become under what is chosen, as far as it is not known: the newest choice alone goes on. */
async function askSamples(): Promise<void> {
  const mine = ++asking;
  const { chosen, known, samples } = state.peek() ?? {};
  const trial = round?.trial;
  if (!chosen || !samples || !trial) return;
  try {
    for (const sample of samples.keys()) {
      if (tries.peek().has(`${known}:${sample}`)) continue;
      const one = await trial.tryOut(sample, chosen, TOP);
      if (asking !== mine) return;
      keepTry(`${known}:${sample}`, one);
    }
  } catch (error) {
    if (asking === mine) set({ phase: "failed", error: EngineError.from(error) });
  }
}

function keepTry(key: string, one: Tried): void {
  tries.value = new Map(tries.peek()).set(key, named(one, state.peek()?.info.labels ?? []));
}

/** The classes may have got names since the file was put on trial. */
function named(one: Tried, labels: readonly string[]): Tried {
  const predictions = one.predictions.map((each) => ({ ...each, label: labels[each.index] ?? each.label }));
  return { ...one, predictions };
}

function forgetTries(known: Settling["known"]): void {
  tries.value = new Map([...tries.peek()].filter(([key]) => !key.startsWith(`${known}:`)));
}

function set(part: Partial<Settling>): void {
  const now = state.peek();
  if (now) state.value = { ...now, ...part };
}

/** As which candidate a preprocessing is known. */
function knownAs(preprocessing: Preprocessing, candidates: readonly Candidate[]): Settling["known"] {
  const text = written(preprocessing);
  return candidates.find((candidate) => written(candidate.preprocessing) === text)?.known ?? "custom";
}

/** What is usual may be left out. */
function written({ fit, offset, scale, order = "rgb", ink = "light" }: Preprocessing): string {
  return JSON.stringify([fit, offset, scale, order, ink]);
}

/** What is written into the file that is being settled shows, whether it was written here or elsewhere. */
function follow(before: string, { id: modelId, info }: Pick<Written, "id" | "info">): void {
  const now = state.peek();
  if (!now || (now.modelId !== before && now.modelId !== modelId)) return;
  if (modelId === now.modelId && info === now.info) return;
  batch(() => {
    set({ modelId, info, applied: info.settled ? info.preprocessing : null });
    tries.value = new Map([...tries.peek()].map(([key, one]) => [key, named(one, info.labels)]));
  });
}

effect(() => {
  const all = models.value;
  modelInfo.value;
  untracked(() => {
    const now = state.peek();
    if (!now) return;
    const id = idNow(now.modelId);
    if (all.some((model) => model.id === id)) follow(now.modelId, { id, info: infoOf(id) ?? now.info });
    else leave();
  });
});

// A file that does not say how it is given pictures is looked at as soon as it is in use.
effect(() => {
  const { value: by } = answering;
  const { value: info } = modelInfo;
  if (!by || info?.settled !== false || [...begun].some((id) => idNow(id) === by.id)) return;
  untracked(() => void begin(by.id, true));
});
