/** The dataset that is open on the Data page: its samples, and whether this tab may change them. */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { claim, forgetGone, samplesAfter } from "../../engine/library/library";
import type { OwnDataset, OwnId, OwnSample } from "../../engine/library/records";
import { macrotask } from "../../engine/macrotask";
import { isOwn } from "../../engine/protocol";
import { explain, strings } from "../../i18n";
import { currentDataset } from "../session";
import { toast } from "../toasts";
import { heed, onChangeElsewhere, ownById, reread, TAB } from "./list";

export type OpenState = "none" | "loading" | "ready" | "failed";

/** Samples that are read in one task. */
const AT_ONCE = 500;

const id = signal<OwnId | null>(null);
/** In the order of their ids, those that were removed among them. */
const all = signal<readonly OwnSample[]>([]);

export const openId = computed(() => id.value);
export const openState = signal<OpenState>("none");
/** Whether this tab may change the open dataset; otherwise another does, and this one follows it. */
export const mayWrite = signal(false);
export const openDataset = computed<OwnDataset | null>(() => (id.value && ownById(id.value)) || null);
/** The samples of the open dataset, in the order in which they came. */
export const samples = computed(() => all.value.filter(({ gone }) => gone === undefined));

/** The sample that another page leads to: the Data page shows it, and takes it from here. */
export const wanted = signal<number | null>(null);

/** Gives up what is held of a dataset: its lock, and a place in the queue for it. */
let leave: (() => void) | null = null;
let opening = 0;

/**
 * Opens the session's dataset where it is a person's own, and whatever becomes the session's later, until the function
 * that it returns is called.
 */
export function followSession(): () => void {
  const stop = effect(() => {
    const wanted = currentDataset.value;
    const own = isOwn(wanted) && ownById(wanted) ? wanted : null;
    if (own !== id.peek()) void open(own);
  });
  return () => {
    stop();
    void open(null);
  };
}

/** Opens a dataset; null closes the one that is open. Resolves when its samples are there. */
export async function open(next: OwnId | null): Promise<void> {
  const mine = ++opening;
  leave?.();
  leave = null;
  batch(() => {
    id.value = next;
    all.value = [];
    mayWrite.value = false;
    openState.value = next ? "loading" : "none";
  });
  for (const clear of closing) clear();
  if (!next) return;
  try {
    const giveUp = await holdLock(next, () => mine === opening);
    // Another was opened meanwhile: what that holds is not this one's to give up.
    if (mine !== opening) return giveUp();
    leave = giveUp;
    await read(next, () => mine === opening);
    if (mine === opening) openState.value = "ready";
  } catch (error) {
    if (mine !== opening) return;
    openState.value = "failed";
    toast("error", explain(error));
  }
}

const closing = new Set<() => void>();

/** Called whenever another dataset is opened: what is remembered of the last one no longer holds. */
export function onClose(clear: () => void): void {
  closing.add(clear);
}

async function read(of: OwnId, still: () => boolean): Promise<void> {
  const found: OwnSample[] = [];
  for (let after = -1; ; ) {
    const some = await samplesAfter(of, after, AT_ONCE);
    if (!still()) return;
    found.push(...some);
    after = some.at(-1)?.id ?? after;
    if (some.length < AT_ONCE) break;
    await macrotask();
  }
  all.value = found;
  if (mayWrite.value) void forget(of, found);
}

/** What was removed can no longer be brought back once a dataset is opened: whoever could has gone. */
async function forget(of: OwnId, found: readonly OwnSample[]): Promise<void> {
  const gone = found.filter((sample) => sample.gone !== undefined).map((sample) => sample.id);
  if (gone.length === 0) return;
  // It is tried again when the dataset is next opened.
  await forgetGone(of, TAB, begunAt, gone).catch(() => {});
}

/**
 * Asks for the right to write. Where another tab has it, this one waits in the queue and takes over when that is closed;
 * with `steal` it is taken from that tab, which then waits. Returns what gives it up.
 */
async function holdLock(of: OwnId, still: () => boolean, steal = false): Promise<() => void> {
  const abort = new AbortController();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const end = () => {
    abort.abort();
    release();
  };
  // Pages over plain http have no locks: whoever opens a dataset last may write, and the other is told when it tries.
  if (!navigator.locks) {
    await begin(of);
    return end;
  }
  const lost = (error: unknown) => {
    // Another tab was asked to change it instead.
    if (!(error instanceof DOMException) || error.name !== "AbortError" || abort.signal.aborted || !still()) return;
    yieldTo();
    void queue();
  };
  const queue = () =>
    navigator.locks
      .request(lockOf(of), { signal: abort.signal }, async () => {
        if (!still()) return;
        await begin(of);
        await read(of, still);
        await held;
      })
      .catch(lost);
  await new Promise<void>((resolve, reject) => {
    navigator.locks
      .request(lockOf(of), steal ? { steal } : { ifAvailable: true }, async (lock) => {
        if (!lock) {
          resolve();
          void queue();
          return;
        }
        await begin(of).then(resolve, reject);
        await held;
      })
      .catch(lost);
  });
  return end;
}

function lockOf(of: OwnId): string {
  return `hearth-dataset ${of}`;
}

/** Takes the right to write from the tab that has it. */
export async function writeHere(): Promise<void> {
  const of = id.value;
  if (!of || mayWrite.value) return;
  const mine = opening;
  const still = () => mine === opening;
  leave?.();
  leave = null;
  try {
    const giveUp = await holdLock(of, still, true);
    if (!still()) return giveUp();
    leave = giveUp;
    await read(of, still);
  } catch (error) {
    toast("error", explain(error));
  }
}

/** When this tab got the right to write: what it has removed since then it can bring back. */
let begunAt = 0;

async function begin(of: OwnId): Promise<void> {
  heed(await claim(of, TAB));
  begunAt = Date.now();
  if (of === id.value) mayWrite.value = true;
}

/** Another tab writes from now on. */
export function yieldTo(): void {
  if (!mayWrite.value) return;
  mayWrite.value = false;
  toast("info", strings.value.data.elsewhere);
}

let following: ReturnType<typeof setTimeout> | undefined;
/** A tab that imports tells of it many times a second. */
const FOLLOW_MS = 500;

onChangeElsewhere((changed) => {
  if (changed !== id.value || mayWrite.value) return;
  clearTimeout(following);
  following = setTimeout(() => {
    const mine = opening;
    reread(changed)
      .then(() => read(changed, () => mine === opening))
      .catch(() => {});
  }, FOLLOW_MS);
});

/** Samples as they are now, or that have come. */
export function heedSamples(changed: readonly OwnSample[]): void {
  const [first] = changed;
  if (!first || first.dataset !== id.value) return;
  const known = all.peek();
  const next = known.slice();
  let appended = false;
  let different = false;
  // One that was added and changed since is told of twice.
  for (const sample of new Map(changed.map((each) => [each.id, each])).values()) {
    const at = placeOf(known, sample.id);
    const before = known[at];
    if (before?.id !== sample.id) {
      next.push(sample);
      appended = true;
    } else if (!isSame(before, sample)) {
      next[at] = sample;
      different = true;
    }
  }
  if (appended) next.sort((a, b) => a.id - b.id);
  // What was written is mostly what is shown already: thousands of images are not gone through again for that.
  if (appended || different) all.value = next;
}

function isSame(a: OwnSample, b: OwnSample): boolean {
  const keys = Object.keys(a) as (keyof OwnSample)[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Those with these ids, as far as they are there. */
export function samplesOf(ids: Iterable<number>): OwnSample[] {
  const known = all.peek();
  const found: OwnSample[] = [];
  for (const one of ids) {
    const sample = known[placeOf(known, one)];
    if (sample?.id === one) found.push(sample);
  }
  return found;
}

/** Where an id stands, or would stand. */
function placeOf(sorted: readonly OwnSample[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.id ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @throws EngineError `dataset-elsewhere` where another tab writes, `dataset-none` where none is open. */
export function writable(): OwnId {
  if (!id.value) throw new EngineError("dataset-none", "No dataset of your own is open.");
  if (!mayWrite.value) throw new EngineError("dataset-elsewhere", "Another tab changes this dataset.");
  return id.value;
}
