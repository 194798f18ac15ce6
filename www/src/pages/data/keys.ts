/** The keys that give a label: one for each class, as long as there are any. */
import { computed } from "@preact/signals";
import type { OwnClass } from "../../engine/library/records";
import { openDataset } from "../../store/own/open";

/** In the order in which they are given out. */
export const KEYS: readonly string[] = [..."123456789abcdefghijklmnopqrstuvwxyz"];
/** Only for a class whose name it is: on a keyboard it stands after the nine. */
const NAMED_ONLY = "0";

/**
 * A key by each class's id. A class has the key that a person chose for it; otherwise the one that is its name, so that
 * 7 means “7”; otherwise the next that is free.
 */
export function keysOf(classes: readonly OwnClass[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  const give = ({ id }: OwnClass, key: string | undefined) => {
    if (key === undefined || keys.has(id) || taken.has(key)) return;
    keys.set(id, key);
    taken.add(key);
  };
  for (const each of classes) if (each.key && isKey(each.key)) give(each, each.key);
  for (const each of classes) if (isKey(each.name.toLowerCase())) give(each, each.name.toLowerCase());
  for (const each of classes) {
    give(
      each,
      KEYS.find((key) => !taken.has(key)),
    );
  }
  return keys;
}

export function isKey(key: string): boolean {
  return key === NAMED_ONLY || KEYS.includes(key);
}

export const classKeys = computed(() => keysOf(openDataset.value?.classes ?? []));

/** The class that a pressed key stands for. */
export function classOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): OwnClass | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  const classes = openDataset.value?.classes ?? [];
  return classes.find(({ id }) => classKeys.value.get(id) === key);
}

/** Whether a key that is pressed there is meant for what is being typed or chosen. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=button])");
}
