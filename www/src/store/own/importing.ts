/** What is on its way into a dataset, and out of it. It goes on whichever page is shown. */
import { batch, computed, effect, signal } from "@preact/signals";
import { DataEngine } from "../../engine/data";
import { EngineError } from "../../engine/error";
import { Pace } from "../../engine/fetched";
import type { Origin, OwnId } from "../../engine/library/records";
import type { BuiltInId, DataNews, ImportReport, IncomingFile } from "../../engine/protocol";
import { explain } from "../../i18n";
import { stamp } from "../stamp";
import { toast } from "../toasts";
import { applySplits } from "./changes";
import { heed, ownById, TAB, tellTabs } from "./list";
import { heedSamples, mayWrite, openDataset, writable, yieldTo } from "./open";

/** How far an import is. `total` grows while archives are unpacked. */
export interface Importing {
  dataset: OwnId;
  done: number;
  total: number;
  secondsLeft: number | null;
}

export interface Imported extends ImportReport {
  dataset: OwnId;
}

export const importing = signal<Importing | null>(null);
/** What the last import gave; null until there is one, and when it has been put away. */
export const imported = signal<Imported | null>(null);
export const exporting = signal(false);

const engine = new DataEngine();
/** For what is done with whole files. */
export const dataEngine: Pick<DataEngine, "pack" | "unpack"> = {
  pack: (...ask) => counted(() => engine.pack(...ask)),
  unpack: (...ask) => counted(() => engine.unpack(...ask)),
};
const under = signal(0);
const busy = computed(() => under.value > 0);
let abort: AbortController | null = null;
let pace = new Pace();

/** An import tells of what it added dozens of times a second; the page goes through all its images to show that. */
const SHOW_EVERY_MS = 300;
let newly: Extract<DataNews, { kind: "added" }>[] = [];
let showing: ReturnType<typeof setTimeout> | undefined;
let lastShown = Number.NEGATIVE_INFINITY;

engine.onNews = (news) => {
  if (news.kind === "progress") {
    pace.hear(news.done, performance.now());
    const { dataset, done, total } = news;
    if (importing.value) importing.value = { dataset, done, total, secondsLeft: pace.secondsLeft(total) };
    return;
  }
  newly.push(news);
  const wait = lastShown + SHOW_EVERY_MS - performance.now();
  // What comes alone, such as a camera's picture, is shown at once.
  if (wait <= 0) showNew();
  else showing ??= setTimeout(showNew, wait);
};

function showNew(): void {
  clearTimeout(showing);
  showing = undefined;
  lastShown = performance.now();
  const some = newly;
  newly = [];
  const last = some.at(-1);
  if (!last) return;
  batch(() => {
    for (const { dataset } of some) heed(dataset);
    // Of one dataset nearly always; those of another are not on view.
    for (const id of new Set(some.map(({ dataset }) => dataset.id))) {
      heedSamples(some.filter(({ dataset }) => dataset.id === id).flatMap(({ samples }) => samples));
    }
  });
  tellTabs(last.dataset.id);
}

/** The worker is not let go of while it works. */
async function counted<T>(work: () => Promise<T>): Promise<T> {
  under.value += 1;
  try {
    return await work();
  } finally {
    under.value -= 1;
  }
}

/** Fills a dataset that this tab has just made. */
export function fillNew(dataset: OwnId, files: readonly IncomingFile[]): Promise<ImportReport> {
  return counted(() => engine.add(files, { dataset, writer: TAB, label: undefined, origin: "file" }));
}

/** Takes files into the open dataset. `label`: see `DataCalls.add`. */
export function addFiles(files: readonly IncomingFile[], label: string | null | undefined, origin: Origin = "file") {
  return bringIn((dataset, signal) => engine.add(files, { dataset, writer: TAB, label, origin }, { signal }));
}

/** Takes the first `perClass` images of each class in each split of a built-in dataset; null: all. */
export function copyBuiltIn(from: BuiltInId, perClass: number | null) {
  return bringIn((dataset, signal) => engine.copy(from, dataset, TAB, perClass, { signal }));
}

/** What is brought in waits for what came before it, and its report is one with that. */
let incoming: Promise<unknown> = Promise.resolve();
let waiting = 0;

async function bringIn(work: (dataset: OwnId, signal: AbortSignal) => Promise<ImportReport>): Promise<void> {
  let dataset: OwnId;
  try {
    dataset = writable();
  } catch (error) {
    toast("error", explain(error));
    return;
  }
  if (waiting === 0) {
    abort = new AbortController();
    imported.value = null;
  }
  const { signal } = abort ?? new AbortController();
  waiting += 1;
  under.value += 1;
  const mine = incoming.then(async () => {
    if (signal.aborted) return;
    pace = new Pace();
    importing.value = { dataset, done: 0, total: 0, secondsLeft: null };
    try {
      const report = await work(dataset, signal);
      showNew();
      imported.value = together(imported.value, { dataset, ...report });
    } catch (error) {
      say(error);
    }
  });
  incoming = mine;
  await mine;
  waiting -= 1;
  batch(() => {
    under.value -= 1;
    if (waiting === 0) importing.value = null;
  });
}

function together(before: Imported | null, now: Imported): Imported {
  if (before?.dataset !== now.dataset) return now;
  const { dataset, added, refused, cancelled } = now;
  const all = { added: before.added + added, refused: [...before.refused, ...refused] };
  return { dataset, ...all, cancelled: before.cancelled || cancelled };
}

/** What has come in stays; *Undo* does not know of it, but it can be selected and removed. */
export function cancelImport(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
}

export function dismissImported(): void {
  imported.value = null;
}

/**
 * One picture from the camera or from a drawing. They come many a second, and are told of only where one is refused.
 * Resolves to whether it was taken.
 */
export async function addPicture(picture: Blob, label: string | null, origin: Origin): Promise<boolean> {
  under.value += 1;
  try {
    const dataset = writable();
    const kind = picture.type.split("/").at(-1) ?? "png";
    const path = `${origin}-${stamp(new Date())}.${kind === "jpeg" ? "jpg" : kind}`;
    const report = await engine.add([{ file: picture, path }], { dataset, writer: TAB, label, origin });
    return report.added > 0;
  } catch (error) {
    say(error);
    return false;
  } finally {
    under.value -= 1;
  }
}

function say(error: unknown): void {
  const { code } = EngineError.from(error);
  if (code === "aborted") return;
  if (code === "dataset-elsewhere") yieldTo();
  toast("error", explain(error));
}

/** The open dataset as a zip; null where that failed, which has been said. */
export async function exportOpen(): Promise<Blob | null> {
  const dataset = openDataset.value;
  if (!dataset || exporting.value) return null;
  batch(() => {
    exporting.value = true;
    under.value += 1;
  });
  try {
    return await engine.exportZip(dataset.id);
  } catch (error) {
    say(error);
    return null;
  } finally {
    batch(() => {
      exporting.value = false;
      under.value -= 1;
    });
  }
}

/** Gives the splits of the open dataset out anew, with another seed. */
export async function shuffleSplits(what: string): Promise<void> {
  const dataset = openDataset.value;
  if (!dataset || !mayWrite.value) return;
  const seed = (ownById(dataset.id)?.seed ?? 0) + 1;
  under.value += 1;
  try {
    await applySplits(await engine.shuffleSplits(dataset.id, TAB, seed), seed, what);
  } catch (error) {
    say(error);
  } finally {
    under.value -= 1;
  }
}

effect(() => {
  // It holds a module that nobody asks any more, once no dataset is open.
  if (!busy.value && !openDataset.value) engine.rest();
});
