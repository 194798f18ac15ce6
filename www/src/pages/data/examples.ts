/** One image of each class of a built-in dataset, found among the first of its test images. */
import { signal } from "@preact/signals";
import type { BuiltInId, Sample } from "../../engine/protocol";
import { factsOf } from "../../store/datasets";
import { infer } from "../../store/session";

/** After so many a class that has not come is left out. */
const MOST_LOOKED_AT = 120;

/** In the order of the classes. */
export const examples = signal<ReadonlyMap<BuiltInId, readonly Sample[]>>(new Map());
const sought = new Set<BuiltInId>();

/** The page can do without them: where they cannot be fetched there are none. */
export function findExamples(id: BuiltInId): void {
  if (sought.has(id)) return;
  sought.add(id);
  find(id).catch(() => sought.delete(id));
}

async function find(id: BuiltInId): Promise<void> {
  const { classes } = factsOf(id);
  const found = new Map<number, Sample>();
  for (let at = 0; at < MOST_LOOKED_AT && found.size < classes; at++) {
    const sample = await infer.sample(id, () => at);
    if (!found.has(sample.label)) found.set(sample.label, sample);
  }
  const inOrder = [...found.values()].sort((a, b) => a.label - b.label);
  examples.value = new Map([...examples.value, [id, inOrder]]);
}
