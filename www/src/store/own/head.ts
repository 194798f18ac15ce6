/**
 * A model of the open dataset from a handful of examples: a head on a backbone's features. Once a person has asked for one
 * it follows whatever changes: the images themselves first, so that an answer is there in a moment; when things are calm
 * their changed copies, and all kinds of heads compared by cross-validation.
 */
import { batch, effect } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { HeadEngine } from "../../engine/head";
import type { HeadFile, HeadKind, HeadReport, Lesson } from "../../engine/learning-protocol";
import type { Picture } from "../../engine/protocol";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { copiesOf, ensureRows, looseRows, missingOf, type OpenedBackbone } from "./features";
import { closeLive, type LiveAnswer, openLive, tryPicture as tryLive } from "./head-live";
import { bitsFor, contentId, copiesFor, type HeadPlan, lessonOf } from "./head-plan";
import {
  autoFit,
  comparing,
  fitted,
  headPlan,
  headState,
  phase,
  report,
  signature,
  signatureOf,
  tunedFile,
} from "./head-state";
import { onClose, openDataset, openId } from "./open";

export { dropTried, type LiveAnswer, liveAnswer, triedPicture } from "./head-live";
export { exportHead, useHead } from "./head-out";
export { LEAST_IMAGES } from "./head-plan";
export {
  autoFit,
  comparing,
  type HeadKind,
  type HeadRow,
  type HeadState,
  headObstacle,
  headPlan,
  headState,
  headTable,
  type LiveHead,
  liveHead,
} from "./head-state";

/** Changes that come so close together are learned together, but none waits longer than `MOST_WAIT_MS`. */
const DEBOUNCE_MS = 150;
const MOST_WAIT_MS = 400;
/** Without a change for so long all kinds are compared. */
const CALM_MS = 1200;
/** Fewer missing features are not worth a word. */
const MANY = 8;
/** Of so many images features go to the head's worker at once; of more it reads them when it needs them. */
const HANDED_OVER = 2000;
const SEED = 1;
/** Of the progress of a comparison, the copies' part. */
const COPIES_SHARE = 0.6;
/** A head's worker without work goes after so long. */
const IDLE_MS = 120_000;

const engine = new HeadEngine();

/** What a person has chosen instead of the best. */
let preferred: HeadKind | null = null;

/** Datasets that a person has asked for a head of, while the page is open: it follows them. */
const asked = new Set<string>();
/** When the first change was made that is not learned yet. */
let since: number | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;
/** What is under way. */
let work: AbortController | null = null;
/** Whether that is at its first part, which is brought to its end; and whether there have been changes meanwhile. */
let quick = false;
let again = false;

effect(() => {
  signature.value;
  autoFit.value;
  heed();
});

onClose(() => {
  stop();
  preferred = null;
  batch(() => {
    phase.value = "still";
    fitted.value = null;
    report.value = null;
    tunedFile.value = null;
  });
  closeLive();
  engine.rest();
});

/** Something may have changed. */
function heed(): void {
  const of = openId.peek();
  if (!of || !asked.has(of) || !autoFit.peek()) return;
  const plan = headPlan.peek();
  if (!plan || plan.obstacle || fitted.peek()?.signature === signature.peek()) {
    // Taken back before it was learned.
    clearTimeout(timer);
    since = null;
    return;
  }
  const now = performance.now();
  since ??= now;
  if (quick) {
    again = true;
    return;
  }
  // A comparison of what is no longer true ends at once.
  work?.abort(new EngineError("aborted", "Cancelled."));
  clearTimeout(timer);
  timer = setTimeout(() => void motion(CALM_MS), Math.max(0, Math.min(DEBOUNCE_MS, since + MOST_WAIT_MS - now)));
}

/** Ends what is under way, and forgets what was to come. */
function stop(): void {
  work?.abort(new EngineError("aborted", "Cancelled."));
  work = null;
  clearTimeout(timer);
  since = null;
  quick = false;
  again = false;
}

/** Fits a head now, then compares all kinds and takes the best. */
export async function trainHead(): Promise<void> {
  const of = openId.peek();
  if (!of) return;
  asked.add(of);
  preferred = null;
  if (quick) {
    again = true;
    return;
  }
  since ??= performance.now();
  await motion(0);
}

/** A first head, again where more has come meanwhile; after a while without a change the comparison. */
async function motion(calmMs: number): Promise<void> {
  work?.abort(new EngineError("aborted", "Cancelled."));
  clearTimeout(timer);
  clearTimeout(idle);
  const mine = new AbortController();
  work = mine;
  const { signal } = mine;
  try {
    quick = true;
    do {
      again = false;
      await firstHead(signal);
    } while (again && work === mine);
    quick = false;
    if (headPlan.peek()?.obstacle) return;
    batch(() => {
      phase.value = "comparing";
      comparing.value = 0;
    });
    await calm(calmMs, signal);
    await comparison(signal);
  } catch (error) {
    // Whoever waits for features may have cancelled them.
    if (work === mine && !signal.aborted && EngineError.from(error).code !== "aborted") {
      phase.value = "failed";
      toast("error", explain(said(error)));
      // A module that could not be loaded may come the next time.
      engine.rest();
    }
  } finally {
    if (work === mine) {
      work = null;
      quick = false;
      batch(() => {
        if (phase.value !== "failed") phase.value = "still";
        comparing.value = null;
      });
      idle = setTimeout(() => engine.rest(), IDLE_MS);
    }
  }
}

function calm(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timeout);
      reject(signal.reason);
    });
  });
}

function said(error: unknown): EngineError {
  const known = EngineError.from(error);
  return known.code === "worker-died" ? new EngineError("head-died", known.message) : known;
}

/** What the files say of the images. */
function nameOf(plan: HeadPlan) {
  return { dataset: openDataset.peek()?.name ?? "", datasetId: contentId(plan) };
}

/** The vectors of the plan's images; `bits`: which copies of each. What is new goes to the worker straight away. */
async function vectors(
  plan: HeadPlan,
  bits: number,
  signal: AbortSignal,
  onShare: (share: number) => void = () => {},
): Promise<OpenedBackbone> {
  const { dataset, samples: learned } = plan;
  engine.start();
  const wanted = new Map(learned.map(({ id }) => [id, bits]));
  const missing = missingOf(wanted, copiesOf).reduce((sum, { copies }) => sum + copies.length, 0);
  let done = 0;
  const opened = await ensureRows(wanted, signal, (rows, { id }) => {
    if (!rows.kept || learned.length <= HANDED_OVER) engine.hold(dataset, id, rows);
    done += rows.samples.length;
    onShare(done / missing);
  });
  signal.throwIfAborted();
  return opened;
}

async function firstHead(signal: AbortSignal): Promise<void> {
  const began = since ?? performance.now();
  since = null;
  const before = headPlan.peek();
  if (!before || before.obstacle) return;
  const missing = missingOf(new Map(before.samples.map(({ id }) => [id, 1])), copiesOf).length;
  phase.value = missing > MANY ? "features" : "fitting";
  const opened = await vectors(before, 1, signal);
  // Pictures that could not be read are out of it now, and what has come since waits for the next time.
  const ids = new Set(before.samples.map(({ id }) => id));
  const now = headPlan.peek();
  const plan = now && !now.obstacle && now.samples.every(({ id }) => ids.has(id)) ? now : before;
  phase.value = "fitting";
  const learned = signatureOf(plan);
  // Copies that are there already from the time before are learned from at once.
  const lesson = lessonOf(plan, opened.id, copiesOf, bitsFor(copiesFor(plan.samples.length)), SEED);
  const file = await twice(plan, opened, lesson, () => engine.quick(opened.onnx, lesson, nameOf(plan), signal));
  const tookMs = () => performance.now() - began;
  await show(file, { ...sizeOf(lesson), signature: learned, accuracy: null, tookMs }, signal);
}

function sizeOf({ classes, ids }: Lesson): Pick<Shown, "classes" | "samples"> {
  return { classes, samples: ids.length };
}

/** A worker that died of something that does not happen again gets a second chance, with what only it had. */
async function twice<T>(plan: HeadPlan, opened: OpenedBackbone, lesson: Lesson, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (EngineError.from(error).code !== "worker-died") throw error;
    const loose = looseRows(lesson.ids);
    if (loose) engine.hold(plan.dataset, opened.id, loose);
    return ask();
  }
}

interface Shown {
  classes: readonly string[];
  samples: number;
  /** See `Fitted`. */
  signature: string;
  accuracy: number | null;
  /** Asked when it answers. */
  tookMs: () => number;
}

/** Makes a head the one that answers. */
function show(file: HeadFile, { tookMs, ...facts }: Shown, signal: AbortSignal): Promise<void> {
  return openLive(file, signal, () => {
    fitted.value = { ...facts, kind: file.facts.kind, fitMs: file.ms, tookMs: tookMs(), file };
    const { signature: learned } = facts;
    if (tunedFile.value && tunedFile.value.signature !== learned) tunedFile.value = null;
  });
}

async function comparison(signal: AbortSignal): Promise<void> {
  const plan = headPlan.peek();
  if (!plan || plan.obstacle) return;
  const learned = signatureOf(plan);
  const copies = copiesFor(plan.samples.length);
  const tell = (share: number) => {
    if (!signal.aborted) comparing.value = share;
  };
  const opened = await vectors(plan, bitsFor(copies), signal, (share) => tell(share * COPIES_SHARE));
  const lesson = lessonOf(plan, opened.id, copiesOf, bitsFor(copies), SEED);
  const found = await twice(plan, opened, lesson, () =>
    engine.compare(opened.onnx, lesson, {
      signal,
      onNews: ({ share }) => tell(COPIES_SHARE + share * (1 - COPIES_SHARE)),
    }),
  );
  const kind = preferred && preferred !== "fineTuned" ? preferred : found.best;
  const file = timed(await engine.make(kind, nameOf(plan)), found);
  const took = fitted.peek()?.tookMs ?? 0;
  const facts = { ...sizeOf(lesson), signature: learned, accuracy: accuracyOf(found, kind), tookMs: () => took };
  await show(file, facts, signal);
  report.value = found;
}

/** It was fitted while all were compared. */
function timed(file: HeadFile, found: HeadReport | null): HeadFile {
  const row = found?.heads.find((each) => each.kind === file.facts.kind);
  return { ...file, ms: row?.milliseconds ?? file.ms };
}

function accuracyOf({ heads }: HeadReport, kind: HeadKind): number | null {
  return heads.find((each) => each.kind === kind)?.accuracy ?? null;
}

/** Ends what is under way; what is there already stays. */
export function cancelHead(): void {
  stop();
  batch(() => {
    phase.value = "still";
    comparing.value = null;
  });
}

/** Answers with another kind than the best. */
export async function chooseHead(kind: HeadKind): Promise<void> {
  const [now, plan, found] = [fitted.peek(), headPlan.peek(), report.peek()];
  if (!now || !plan || kind === "nearest" || kind === now.kind) return;
  preferred = kind;
  const { signal } = new AbortController();
  const facts = { classes: now.classes, samples: now.samples, tookMs: () => now.tookMs };
  try {
    if (kind === "fineTuned") {
      const tuned = tunedFile.peek();
      if (tuned) await show(tuned.file, { ...facts, ...tuned }, signal);
      return;
    }
    const file = timed(await engine.make(kind, nameOf(plan)), found);
    const accuracy = found && accuracyOf(found, kind);
    await show(file, { ...facts, accuracy, signature: now.signature }, signal);
  } catch (error) {
    // The worker that had them all has gone: they are compared anew.
    if (EngineError.from(error).code === "no-head") await motion(0);
    else toast("error", explain(error));
  }
}

/** Takes a fine-tuned network in among the others, and makes it the one that answers where it is `better`. */
export async function takeTuned(
  file: HeadFile,
  accuracy: number | null,
  plan: HeadPlan,
  better: boolean,
): Promise<void> {
  const learned = signatureOf(plan);
  tunedFile.value = { file, accuracy, signature: learned };
  if (better) await chooseHead("fineTuned");
}

/** Answers one picture; frames that come faster than answers are left out. A bitmap is transferred. */
export function tryPicture(picture: Picture, source: LiveAnswer["source"]): void {
  tryLive(picture, source);
  // Whoever shows it something wants an answer.
  if (headState.peek() === "idle" && !fitted.peek() && autoFit.peek()) void trainHead();
}
