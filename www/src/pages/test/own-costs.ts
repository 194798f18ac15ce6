/** What a person says that mistakes cost. Kept while other uses or pages are looked at. */
import { signal } from "@preact/signals";
import type { DatasetId } from "../../engine/protocol";
import type { Costs, MistakeCost } from "../../engine/types";
import { strings } from "../../i18n";
import { toast } from "../../store/toasts";

const NO_COSTS: Costs = { mistake: 1, listed: [] };

// Of each dataset its own, since mistakes are known by their labels.
const kept = signal<Partial<Record<DatasetId, Costs>>>({});

export function costsOf(dataset: DatasetId): Costs {
  return kept.value[dataset] ?? NO_COSTS;
}

export function changeCosts(dataset: DatasetId, next: Partial<Costs>): void {
  kept.value = { ...kept.value, [dataset]: { ...costsOf(dataset), ...next } };
}

export function addCost(dataset: DatasetId, cost: MistakeCost): void {
  changeCosts(dataset, { listed: [...costsOf(dataset).listed, cost] });
}

export function changeCost(dataset: DatasetId, at: number, next: Partial<MistakeCost>): void {
  changeCosts(dataset, { listed: costsOf(dataset).listed.map((cost, i) => (i === at ? { ...cost, ...next } : cost)) });
}

/** Can be undone, whatever has been changed since. */
export function removeCost(dataset: DatasetId, at: number): void {
  const removed = costsOf(dataset).listed[at];
  if (!removed) return;
  changeCosts(dataset, { listed: costsOf(dataset).listed.filter((_, i) => i !== at) });
  toast("info", strings.value.test.uses.costRemoved, {
    undo: () => {
      const { listed } = costsOf(dataset);
      changeCosts(dataset, { listed: [...listed.slice(0, at), removed, ...listed.slice(at)] });
    },
  });
}
