/** Brings samples into the store room, in transactions of a moderate size, one after the other. */
import { EngineError } from "../error";
import { addSamples, INLINE, patchSamples } from "../library/library";
import type { NewSample, Origin, OwnClass, OwnDataset, Split } from "../library/records";
import type { DataNews } from "../protocol";
import type { Coming, Known } from "./known";
import type { Prepared } from "./prepare";
import { Refused } from "./refused";

/** A class by its id or, where it may have to be made, by its name; null for none. */
export type Label = { id: string } | { name: string } | null;

/** What is known of a picture before it has been looked at. */
export interface Described {
  /** The file's, with the folders it lies in. */
  name: string;
  label: Label;
  /** null where it is open. */
  split: Split | null;
  pinned: boolean;
  origin: Origin;
}

interface Pending extends Described {
  picture: Prepared;
  place: number;
}

/** Samples in one transaction: the first few are few, so that something is seen at once. */
const SIZES = [4, 16, 64];
const MOST = 256;
const MOST_BYTES = 8_000_000;
/** Slow ones are not kept waiting for longer, in milliseconds. */
const MOST_MS = 700;

export class Writing {
  added = 0;
  #pending: Pending[] = [];
  #bytes = 0;
  #written = 0;
  #since = performance.now();
  #under: Promise<void> = Promise.resolve();
  /** Classes that this import makes, by name. */
  #made = new Map<string, OwnClass>();

  constructor(
    private readonly known: Known,
    private readonly writer: string,
    private readonly tell: (news: DataNews) => void,
    private readonly newId: () => string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Refused `duplicate`; EngineError of the writes before. */
  async put(picture: Prepared, described: Described): Promise<void> {
    const same = this.known.sameAs(picture.hash);
    if (same !== null) throw new Refused("duplicate", same);
    const place = this.known.expect(picture.look, picture.hash, described.name);
    this.#pending.push({ ...described, picture, place });
    this.#bytes += picture.bytes.length;
    const full = this.#pending.length >= (SIZES[this.#written] ?? MOST) || this.#bytes >= MOST_BYTES;
    if (full || performance.now() - this.#since > MOST_MS) await this.#begin();
  }

  /** Changes what is kept of the dataset itself. @throws EngineError */
  async change(change: (dataset: OwnDataset) => OwnDataset): Promise<void> {
    await this.#write([], change);
  }

  /** Writes what is left. @throws EngineError */
  async finish(): Promise<void> {
    await this.#begin();
    await this.#under;
  }

  /** Waits for the transaction that is under way, however it ends; what has not begun is dropped. */
  async rest(): Promise<void> {
    this.#pending = [];
    await this.#under.catch(() => {});
  }

  /** Groups and splits of all samples as they must be now that these have come. @throws EngineError */
  async settle(): Promise<void> {
    if (this.known.stale) await this.known.upToDate(this.signal);
    const patches = this.known.unsettled();
    if (patches.size === 0) return;
    const { dataset, samples } = await stored(() => patchSamples(this.known.dataset.id, this.writer, patches));
    this.known.patched(dataset, samples);
    this.tell({ kind: "added", dataset, samples });
  }

  /** Begins the next transaction when the last has ended. */
  async #begin(): Promise<void> {
    await this.#under;
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#bytes = 0;
    this.#written += 1;
    this.#since = performance.now();
    this.#under = this.#write(batch, (same) => same);
    // It is waited for by whoever comes next.
    this.#under.catch(() => {});
  }

  async #write(batch: readonly Pending[], change: (dataset: OwnDataset) => OwnDataset): Promise<void> {
    if (this.known.stale) await this.known.upToDate(this.signal);
    const coming: Coming[] = batch.map((each) => ({ ...each, label: this.#idOf(each.label) }));
    const groups = this.known.groupsOf(coming);
    const splits = this.known.splitsOf(coming);
    const added = Date.now();
    const news = batch.map(({ picture, name, pinned, origin }, i): NewSample => {
      const { bytes, type, ...facts } = picture;
      return {
        ...facts,
        type,
        bytes: bytes.length,
        original: bytes.length <= INLINE ? bytes : new Blob([bytes], { type }),
        label: coming[i]?.label ?? null,
        split: splits[i] ?? "train",
        pinned,
        origin,
        name,
        group: groups[i] ?? null,
        added,
      };
    });
    const { id } = this.known.dataset;
    const { dataset, samples } = await stored(() =>
      addSamples(id, this.writer, news, (now) => this.#withClasses(change(now), news)),
    );
    this.added += samples.length;
    this.known.written(dataset, samples, coming);
    this.tell({ kind: "added", dataset, samples });
  }

  #idOf(label: Label): string | null {
    if (label === null) return null;
    if ("id" in label) return label.id;
    const there = this.known.dataset.classes.find(({ name }) => name === label.name) ?? this.#made.get(label.name);
    if (there) return there.id;
    const made = { id: this.newId(), name: label.name };
    this.#made.set(label.name, made);
    return made.id;
  }

  /** With the classes that the samples need, as the dataset is in this very transaction. */
  #withClasses(dataset: OwnDataset, news: readonly NewSample[]): OwnDataset {
    const ids = new Set(dataset.classes.map(({ id }) => id));
    const names = new Map(dataset.classes.map(({ id, name }) => [name, id]));
    const made = new Map(Array.from(this.#made.values(), (each) => [each.id, each]));
    const needed: OwnClass[] = [];
    for (const sample of news) {
      if (sample.label === null || ids.has(sample.label)) continue;
      const wanted = made.get(sample.label);
      const there = wanted && names.get(wanted.name);
      // A person has made one of that name meanwhile, or removed the one that these were for.
      if (there || !wanted) sample.label = there ?? null;
      else {
        needed.push(wanted);
        ids.add(wanted.id);
        names.set(wanted.name, wanted.id);
      }
    }
    // The classes that a dataset begins with, as long as nobody has touched it, make room for those that come.
    const untouched = dataset.revision === 0 && needed.length > 0;
    const stay = dataset.classes.filter(({ id }) => !untouched || news.some(({ label }) => label === id));
    return { ...dataset, classes: [...stay, ...needed] };
  }
}

/** @throws EngineError `disk-full` however the browser says so. */
export async function stored<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isDiskFull(error)) {
      throw new EngineError("disk-full", "There is no room left for this: nothing of the last few images was kept.");
    }
    throw error;
  }
}

/** Chromium, Firefox and Safari, and what a request says whose transaction was ended for that. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) && !(error instanceof DOMException)) return false;
  if (error.name === "QuotaExceededError" || error.name === "NS_ERROR_DOM_INDEXEDDB_QUOTA_ERR") return true;
  return /quota|full disk|disk (is )?full|no space|not enough (space|storage)|failed to write blobs/i.test(
    error.message,
  );
}
