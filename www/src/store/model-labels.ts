/** Lists of names that come beside a model, or later. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { fitting, part } from "../engine/labels";
import { opening } from "../engine/opening";
import { explain, strings } from "../i18n";
import { whole } from "../i18n/format";
import { type Written, writeSettings } from "./file-settings";
import { idNow, infoOf, models } from "./session";
import { toast } from "./toasts";

/** A list whose length is not the number of a model's classes. */
export interface Misfit {
  modelId: string;
  names: readonly string[];
  classes: number;
}

const left = signal<Misfit | null>(null);
/** The last list that did not fit, to choose from; null where there is none. */
export const misfit: ReadonlySignal<Misfit | null> = left;

/** The names in the files; a file that is no list throws, unless another is one. */
export async function namesIn(files: readonly Blob[]): Promise<string[][]> {
  const read = await Promise.allSettled(files.map((file) => opening.labels(file)));
  const lists = read.flatMap((list) => (list.status === "fulfilled" ? [list.value] : []));
  const failed = read.find((list) => list.status === "rejected");
  if (lists.length === 0 && failed) throw failed.reason;
  return lists;
}

/** Of several lists the one that fits; where none does, says both numbers. */
export function fittingOf(lists: readonly string[][], classes: number): string[] | null {
  for (const names of lists) {
    const fits = fitting(names, classes);
    if (fits) return fits;
  }
  const [first] = lists;
  if (first) toast("error", strings.value.session.labelsLeftOut(first.length, classes));
  return null;
}

/** Keeps a list to choose from, for the model that it came with. */
export function keepMisfit(modelId: string, lists: readonly string[][], classes: number): void {
  const [names] = lists;
  if (names && !lists.some((list) => fitting(list, classes))) left.value = { modelId, names, classes };
}

/** Whether one of the files is a list of as many names as a model has classes. */
export async function areLabelsOf(id: string, files: readonly Blob[]): Promise<boolean> {
  const lists = await namesIn(files).catch(() => []);
  return lists.some((names) => fitting(names, classesOf(id)));
}

function classesOf(id: string): number {
  return infoOf(id)?.labels.length ?? models.peek().find((known) => known.id === id)?.facts?.classes ?? 0;
}

/** Names the classes of an own model by a list; null where it does not fit, or could not be read. */
export async function giveLabels(id: string, files: readonly Blob[]): Promise<Written | null> {
  try {
    const lists = await namesIn(files);
    const classes = classesOf(id);
    const labels = fittingOf(lists, classes);
    if (!labels) {
      keepMisfit(id, lists, classes);
      return null;
    }
    return await writeLabels(id, labels);
  } catch (error) {
    toast("error", explain(error));
    return null;
  }
}

/** Names the classes by a part of the list that did not fit. */
export async function chooseFromMisfit(end: "first" | "last"): Promise<Written | null> {
  const { value } = left;
  if (!value) return null;
  left.value = null;
  try {
    return await writeLabels(value.modelId, part(value.names, value.classes, end));
  } catch (error) {
    toast("error", explain(error));
    return null;
  }
}

async function writeLabels(id: string, labels: string[]): Promise<Written> {
  const written = await writeSettings(id, { labels });
  if (left.peek() && idNow(left.peek()?.modelId ?? "") === written.id) left.value = null;
  const name = models.peek().find((known) => known.id === written.id)?.name ?? "";
  toast("info", strings.value.opened.labelled(name, whole(labels.length)), { undo: () => void written.undo() });
  return written;
}
