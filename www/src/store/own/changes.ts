/**
 * What a person changes in the open dataset. Everything can be taken back, many at once too: a change remembers what was
 * there before. The page shows it at once; the storage room writes changes one after another, and what it refuses is
 * taken back and said.
 */
import { batch, computed, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { patched, patchSamples } from "../../engine/library/library";
import type { Flaw, OwnClass, OwnDataset, OwnId, SamplePatch, Split } from "../../engine/library/records";
import { newId } from "../../engine/new-id";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { firstSplits } from "./first-splits";
import { heed, ownById, TAB, tellTabs } from "./list";
import { heedSamples, onClose, openDataset, openId, samples, samplesOf, writable, yieldTo } from "./open";

/** What of a dataset itself a step may change. */
type Facts = Partial<Pick<OwnDataset, "name" | "classes" | "input" | "fit" | "shares" | "seed">>;

interface Step {
  of: OwnId;
  /** In a person's words: what a button that takes it back says. */
  what: string;
  before: ReadonlyMap<number, SamplePatch>;
  after: ReadonlyMap<number, SamplePatch>;
  facts?: { before: Facts; after: Facts };
}

/** More steps back than anyone takes. */
const MOST_STEPS = 500;

const done = signal<readonly Step[]>([]);
const undone = signal<readonly Step[]>([]);
const writing = signal(0);

export const canUndo = computed(() => done.value.length > 0);
export const canRedo = computed(() => undone.value.length > 0);
/** What *Undo* would take back, in words; empty where there is nothing. */
export const lastStep = computed(() => done.value.at(-1)?.what ?? "");
/** The last step itself: whoever offers to take one back sees by it that there is another. */
export const newestStep = computed<object | null>(() => done.value.at(-1) ?? null);
/** Whether everything that is shown is on the disk. */
export const saved = computed(() => writing.value === 0);

onClose(() => {
  done.value = [];
  undone.value = [];
});

/** Each waits for the one before. */
let turn: Promise<unknown> = Promise.resolve();

/** Shows a change and writes it. Resolves to whether it was written. */
function carryOut(step: Step, back: boolean): Promise<boolean> {
  const [from, to] = back ? [step.after, step.before] : [step.before, step.after];
  const facts = step.facts && (back ? step.facts.before : step.facts.after);
  const factsBefore = step.facts && (back ? step.facts.after : step.facts.before);
  show(step.of, to, facts);
  writing.value += 1;
  const written = turn.then(async () => {
    try {
      const { dataset, samples: now } = await patchSamples(step.of, TAB, to, (known) => ({
        ...known,
        ...facts,
        ...(facts?.classes && { classes: merged(known.classes, factsBefore?.classes ?? [], facts.classes) }),
      }));
      batch(() => {
        // What has been changed again meanwhile is shown as it will be.
        const last = writing.value === 1;
        heed(last ? dataset : { ...dataset, ...shownFacts(step.of) });
        if (last) heedSamples(now);
      });
      tellTabs(step.of);
      return true;
    } catch (error) {
      if (EngineError.from(error).code === "dataset-elsewhere") yieldTo();
      toast("error", explain(error));
      show(step.of, from, step.facts && (back ? step.facts.after : step.facts.before));
      return false;
    } finally {
      writing.value -= 1;
    }
  });
  turn = written;
  return written;
}

/** The classes that there are, with what a step changes of them: an import may have made others meanwhile. */
export function merged(
  known: readonly OwnClass[],
  before: readonly OwnClass[],
  after: readonly OwnClass[],
): readonly OwnClass[] {
  const later = new Map(after.map((each) => [each.id, each]));
  const earlier = new Set(before.map(({ id }) => id));
  const there = new Set(known.map(({ id }) => id));
  const stay = known.filter(({ id }) => later.has(id) || !earlier.has(id)).map((each) => later.get(each.id) ?? each);
  for (const [place, each] of after.entries()) if (!there.has(each.id)) stay.splice(place, 0, each);
  return stay;
}

/** What a person sees of a dataset, steps that are not written yet among it. */
function shownFacts(of: OwnId): Facts {
  const shown = ownById(of);
  if (!shown) return {};
  const { name, classes, input, fit, shares, seed } = shown;
  return { name, classes, input, fit, shares, seed };
}

function show(of: OwnId, patches: ReadonlyMap<number, SamplePatch>, facts: Facts | undefined): void {
  batch(() => {
    const dataset = openDataset.value;
    if (dataset?.id === of && facts) heed({ ...dataset, ...facts });
    if (openId.value !== of) return;
    heedSamples(samplesOf(patches.keys()).map((sample) => patched(sample, patches.get(sample.id) ?? {})));
  });
}

async function step(what: string, after: ReadonlyMap<number, SamplePatch>, facts: Facts = {}): Promise<boolean> {
  let of: OwnId;
  try {
    of = writable();
  } catch (error) {
    toast("error", explain(error));
    return false;
  }
  const dataset = openDataset.value;
  if (!dataset) return false;
  const before = new Map<number, SamplePatch>();
  for (const sample of samplesOf(after.keys())) {
    const patch = after.get(sample.id) ?? {};
    const was: Record<string, unknown> = {};
    for (const key of Object.keys(patch) as (keyof SamplePatch)[]) was[key] = sample[key];
    before.set(sample.id, was as SamplePatch);
  }
  const changed = Object.keys(facts) as (keyof Facts)[];
  const were = Object.fromEntries(changed.map((key) => [key, dataset[key]])) as Facts;
  if (before.size === 0 && changed.length === 0) return true;
  const made: Step = { of, what, before, after, ...(changed.length > 0 && { facts: { before: were, after: facts } }) };
  batch(() => {
    done.value = [...done.value, made].slice(-MOST_STEPS);
    undone.value = [];
  });
  const written = await carryOut(made, false);
  if (!written) done.value = done.value.filter((other) => other !== made);
  return written;
}

export async function undo(): Promise<void> {
  const last = done.value.at(-1);
  if (!last) return;
  batch(() => {
    done.value = done.value.slice(0, -1);
    undone.value = [...undone.value, last];
  });
  await carryOut(last, true);
}

export async function redo(): Promise<void> {
  const next = undone.value.at(-1);
  if (!next) return;
  batch(() => {
    undone.value = undone.value.slice(0, -1);
    done.value = [...done.value, next];
  });
  await carryOut(next, false);
}

function each(ids: Iterable<number>, patch: SamplePatch): Map<number, SamplePatch> {
  return new Map(Array.from(ids, (one) => [one, patch]));
}

/** `what`: in the page's words, for the button that takes it back. */
export function relabel(ids: Iterable<number>, label: string | null, what: string): Promise<boolean> {
  return step(what, labelled(new Map(Array.from(ids, (one) => [one, label]))));
}

/** Each sample its own label. */
export function relabelEach(labels: ReadonlyMap<number, string | null>, what: string): Promise<boolean> {
  return step(what, labelled(labels));
}

/** A sample that gets its first label also gets a split: what has no label is in none that counts. */
function labelled(labels: ReadonlyMap<number, string | null>): Map<number, SamplePatch> {
  const splits = firstSplits(samples.value, labels, openDataset.value?.shares ?? { validation: 0, test: 0 });
  return new Map(
    Array.from(labels, ([one, label]) => {
      const split = splits.get(one);
      return [one, { label, ...(split && { split }) }];
    }),
  );
}

/** A split that a person chose stays when splits are given out anew. */
export function move(ids: Iterable<number>, split: Split, what: string): Promise<boolean> {
  return step(what, each(ids, { split, pinned: true }));
}

/** A person has looked at them and found that they do not have this flaw. */
export function accept(ids: Iterable<number>, flaw: Flaw, what: string): Promise<boolean> {
  const found = samplesOf(ids).map(({ id, fine = [] }): [number, SamplePatch] => [id, { fine: [...fine, flaw] }]);
  return step(what, new Map(found));
}

export function remove(ids: Iterable<number>, what: string): Promise<boolean> {
  return step(what, each(ids, { gone: Date.now() }));
}

/** Splits as they were given out anew. */
export function applySplits(patches: ReadonlyMap<number, SamplePatch>, seed: number, what: string): Promise<boolean> {
  return step(what, patches, { seed });
}

/** Returns the new class's id; null where it could not be added. */
export async function addClass(name: string, what: string): Promise<string | null> {
  const dataset = openDataset.value;
  if (!dataset) return null;
  const added: OwnClass = { id: newId(), name };
  return (await step(what, new Map(), { classes: [...dataset.classes, added] })) ? added.id : null;
}

export function changeClass(id: string, change: Partial<Omit<OwnClass, "id">>, what: string): Promise<boolean> {
  const classes = openDataset.value?.classes ?? [];
  return step(what, new Map(), { classes: classes.map((each) => (each.id === id ? { ...each, ...change } : each)) });
}

/** With its images. */
export function removeClass(id: string, what: string): Promise<boolean> {
  const classes = openDataset.value?.classes ?? [];
  const own = samples.value.filter(({ label }) => label === id).map((sample) => sample.id);
  return step(what, each(own, { gone: Date.now() }), { classes: classes.filter((each) => each.id !== id) });
}

/** All images of a class, which stays. */
export function clearClass(id: string, what: string): Promise<boolean> {
  return remove(
    samples.value.filter(({ label }) => label === id).map((sample) => sample.id),
    what,
  );
}

export function configure(facts: Facts, what: string): Promise<boolean> {
  return step(what, new Map(), facts);
}
