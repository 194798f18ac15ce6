/** What is done with the selected images. */
import type { Split } from "../../engine/library/records";
import { strings } from "../../i18n";
import { move, relabel, remove } from "../../store/own/changes";
import { offerUndo } from "../../store/own/offer-undo";
import { mayWrite } from "../../store/own/open";
import { chooseNone, selected } from "./selection";

/** Gives the selected images a label; null takes it away. */
export function labelSelected(label: string | null, name: string): void {
  const { data } = strings.peek();
  const ids = selected.value.filter((sample) => sample.label !== label).map(({ id }) => id);
  if (ids.length === 0 || !mayWrite.peek()) return;
  const what = label === null ? data.did.unlabelled(ids.length) : data.did.labelled(ids.length, name);
  void relabel(ids, label, what);
  if (ids.length > 1) offerUndo(what);
}

export function moveSelected(split: Split): void {
  const { data } = strings.peek();
  const ids = selected.value.filter((sample) => sample.split !== split || !sample.pinned).map(({ id }) => id);
  if (ids.length === 0 || !mayWrite.peek()) return;
  const what = data.did.moved(ids.length, data.splits[split]);
  void move(ids, split, what);
  if (ids.length > 1) offerUndo(what);
}

export function removeSelected(): void {
  const ids = selected.value.map(({ id }) => id);
  if (ids.length === 0 || !mayWrite.peek()) return;
  const what = strings.peek().data.did.removed(ids.length);
  void remove(ids, what);
  offerUndo(what);
  chooseNone();
}
