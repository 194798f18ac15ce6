/**
 * What is known of a dataset while images come in: which files are there already, which pictures are nearly alike, and
 * where all of them stand. It is read once, and again where somebody else has changed the dataset meanwhile.
 */
import { EngineError } from "../error";
import { looksAfter, ownDataset, placeOf, samplesAfter } from "../library/library";
import { type OwnDataset, type OwnId, type OwnSample, type SamplePatch, SPLITS, type Split } from "../library/records";

/** The package's: see `src/bindings/data.rs`. */
export interface SplitTools {
  LookIndex: new () => { add(look: Uint8Array): Uint32Array; free(): void };
  assignSplits(
    labels: Uint16Array,
    groups: Uint32Array,
    splits: Uint8Array,
    pinned: Uint8Array,
    validation: number,
    test: number,
    seed: number,
  ): Uint8Array;
}

type Facts = Pick<OwnSample, "id" | "label" | "split" | "pinned" | "group">;

/** A sample that is on its way in. `split`: null where that is open. */
export interface Coming {
  place: number;
  label: string | null;
  split: Split | null;
  pinned: boolean;
}

const AT_ONCE = 1000;
const UNLABELLED = 65535;
const OPEN = 255;

export class Known {
  #index: InstanceType<SplitTools["LookIndex"]>;
  /** By place, as the index counts: the sample's id; −1 while it is not written. */
  #ids: number[] = [];
  /** Places of samples that show the same, as a forest: each names an earlier one, or itself. */
  #earlier: number[] = [];
  /** By place; null where the sample has been removed, or is not written. */
  #facts: (Facts | null)[] = [];
  /** By the files' hashes: what they are called. */
  #names = new Map<string, string>();
  /** By place: samples that are not written yet. */
  #expected = new Map<number, { hash: string; name: string }>();

  private constructor(
    private readonly tools: SplitTools,
    /** As it was last read or written. */
    public dataset: OwnDataset,
  ) {
    this.#index = new tools.LookIndex();
  }

  /** @throws EngineError `dataset-gone` */
  static async of(id: OwnId, tools: SplitTools, signal: AbortSignal): Promise<Known> {
    const known = new Known(tools, await there(id));
    try {
      await known.#read(signal);
    } catch (error) {
      known.free();
      throw error;
    }
    return known;
  }

  /** Whether somebody else has written meanwhile, as far as has been heard. */
  get stale(): boolean {
    return this.dataset.revision < 0;
  }

  /** Reads what somebody else has changed meanwhile. @throws EngineError `dataset-gone` */
  async upToDate(signal: AbortSignal): Promise<void> {
    const dataset = await there(this.dataset.id);
    const same = dataset.revision === this.dataset.revision;
    this.dataset = dataset;
    if (!same) await this.#read(signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { id } = this.dataset;
    for (let after = this.#ids.findLast((written) => written >= 0) ?? -1; ; ) {
      signal.throwIfAborted();
      const some = await looksAfter(id, after, AT_ONCE);
      for (const { id: sample, look } of some) this.#ids[this.#place(look)] = sample;
      if (some.length < AT_ONCE) break;
      after = some.at(-1)?.id ?? after;
    }
    const places = new Map(this.#ids.map((sample, place) => [sample, place]));
    this.#facts.fill(null);
    this.#names = new Map(Array.from(this.#expected.values(), ({ hash, name }) => [hash, name]));
    for (let after = -1; ; ) {
      signal.throwIfAborted();
      const some = await samplesAfter(id, after, AT_ONCE);
      for (const sample of some) {
        const place = places.get(sample.id);
        if (place !== undefined) this.#heed(place, sample);
      }
      if (some.length < AT_ONCE) break;
      after = some.at(-1)?.id ?? after;
    }
  }

  #heed(place: number, sample: OwnSample): void {
    if (sample.gone !== undefined) {
      this.#facts[place] = null;
      return;
    }
    const { id, label, split, pinned, group, hash, name } = sample;
    this.#facts[place] = { id, label, split, pinned, group };
    this.#names.set(hash, name);
  }

  /** What a file with these bytes is called that is there already; null where there is none. */
  sameAs(hash: string): string | null {
    return this.#names.get(hash) ?? null;
  }

  /** Takes a sample's look and name down, before it is written. Returns its place. */
  expect(look: Uint8Array, hash: string, name: string): number {
    this.#names.set(hash, name);
    const place = this.#place(look);
    this.#expected.set(place, { hash, name });
    return place;
  }

  /** Whether there are samples that were expected and have not been written: they spoil what is known. */
  get spoilt(): boolean {
    return this.#expected.size > 0;
  }

  #place(look: Uint8Array): number {
    const alike = this.#index.add(look);
    const place = this.#ids.push(-1) - 1;
    this.#earlier.push(place);
    this.#facts.push(null);
    for (const other of alike) this.#join(place, other);
    return place;
  }

  #join(one: number, other: number): void {
    const [a, b] = [this.#first(one), this.#first(other)];
    this.#earlier[Math.max(a, b)] = Math.min(a, b);
  }

  /** The first of those that show the same. */
  #first(place: number): number {
    let first = place;
    for (let next = this.#earlier[first]; next !== undefined && next !== first; next = this.#earlier[first]) {
      this.#earlier[first] = this.#earlier[next] ?? next;
      first = next;
    }
    return first;
  }

  /** As `NewSample.group` has it, for samples that are written together. */
  groupsOf(coming: readonly Coming[]): (number | null)[] {
    const together = new Map(coming.map(({ place }, i) => [place, -1 - i]));
    return coming.map(({ place }) => {
      const first = this.#first(place);
      return first === place ? null : (together.get(first) ?? this.#ids[first] ?? null);
    });
  }

  /** The split of each that has none yet, by the dataset's shares; the others' stay. */
  splitsOf(coming: readonly Coming[]): Split[] {
    const given = this.#assign(coming, { seed: this.dataset.seed });
    return coming.map(({ split }, i) => split ?? nameOf(given.coming[i]));
  }

  written(dataset: OwnDataset, samples: readonly OwnSample[], coming: readonly Coming[]): void {
    // Somebody else has changed something too: `upToDate` has to read it.
    const alone = dataset.revision === this.dataset.revision + 1;
    this.dataset = alone ? dataset : { ...dataset, revision: -1 };
    for (const [i, { place }] of coming.entries()) {
      const sample = samples[i];
      if (!sample) continue;
      this.#ids[place] = sample.id;
      this.#expected.delete(place);
      this.#heed(place, sample);
    }
  }

  /** After `patchSamples` with what this has answered. */
  patched(dataset: OwnDataset, samples: readonly OwnSample[]): void {
    const alone = dataset.revision === this.dataset.revision + 1;
    this.dataset = alone ? dataset : { ...dataset, revision: -1 };
    const places = new Map(this.#ids.map((sample, place) => [sample, place]));
    for (const sample of samples) {
      const place = places.get(sample.id);
      if (place !== undefined) this.#heed(place, sample);
    }
  }

  /** What must change so that pictures that are nearly alike have one group, and where nobody forbids it one split. */
  unsettled(): Map<number, SamplePatch> {
    const { live, splits } = this.#assign([], { seed: this.dataset.seed });
    return this.#changes(live, splits);
  }

  /** What changes if the splits are given out anew, but for pinned ones. */
  shuffled(seed: number): Map<number, SamplePatch> {
    const { live, splits } = this.#assign([], { seed, anew: true });
    return this.#changes(live, splits);
  }

  #changes(live: readonly number[], splits: Uint8Array): Map<number, SamplePatch> {
    const patches = new Map<number, SamplePatch>();
    for (const [i, place] of live.entries()) {
      const facts = this.#facts[place];
      if (!facts) continue;
      const split = nameOf(splits[i]);
      const group = this.#ids[this.#first(place)] ?? facts.group;
      const moved = split !== facts.split && !facts.pinned;
      if (moved || group !== facts.group) {
        patches.set(facts.id, { ...(moved && { split }), ...(group !== facts.group && { group }) });
      }
    }
    return patches;
  }

  #assign(coming: readonly Coming[], { seed, anew = false }: { seed: number; anew?: boolean }) {
    const live = this.#facts.flatMap((facts, place) => (facts ? [place] : []));
    const all = live.length + coming.length;
    const labels = new Uint16Array(all);
    const groups = new Uint32Array(all);
    const splits = new Uint8Array(all);
    const pinned = new Uint8Array(all);
    const classes = new Map(this.dataset.classes.map(({ id }, i) => [id, i]));
    const fill = (at: number, place: number, { label, split, pinned: fixed }: Omit<Coming, "place">) => {
      if (label !== null && !classes.has(label)) classes.set(label, classes.size);
      labels[at] = label === null ? UNLABELLED : (classes.get(label) ?? UNLABELLED);
      groups[at] = this.#first(place);
      splits[at] = split === null || (anew && !fixed) ? OPEN : placeOf(split);
      pinned[at] = fixed ? 1 : 0;
    };
    for (const [i, place] of live.entries()) fill(i, place, this.#facts[place] as Facts);
    for (const [i, each] of coming.entries()) fill(live.length + i, each.place, each);
    const { validation, test } = this.dataset.shares;
    // The package takes 32 bits.
    const given = this.tools.assignSplits(labels, groups, splits, pinned, validation, test, seed >>> 0);
    return { live, splits: given.subarray(0, live.length), coming: given.subarray(live.length) };
  }

  free(): void {
    this.#index.free();
  }
}

function nameOf(split: number | undefined): Split {
  return SPLITS[split ?? 0] ?? "train";
}

async function there(id: OwnId): Promise<OwnDataset> {
  const dataset = await ownDataset(id);
  if (!dataset) throw new EngineError("dataset-gone", "This dataset has been removed, in another tab perhaps.");
  return dataset;
}
