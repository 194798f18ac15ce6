/** Files that come to a dataset of the person's own, wherever on the page they are dropped. */
import { effect } from "@preact/signals";
import { type IncomingFile, isOwn } from "../../engine/protocol";
import { currentDataset } from "../session";
import { addFiles } from "./importing";
import { newDataset } from "./list";
import { mayWrite, openId, openState } from "./open";

/** A dataset that another tab changes does not become writable: that is then said. */
const PATIENCE_MS = 2000;

/** Takes files into the session's dataset, or into a new one where that comes with Hearth. `label`: see `addFiles`. */
export async function takeIn(files: readonly IncomingFile[], label: string | null | undefined): Promise<void> {
  const current = currentDataset.peek();
  const id = isOwn(current) ? current : await newDataset();
  if (!id) return;
  await writableSoon(id);
  await addFiles(files, label);
}

/** Resolves when the Data page has opened a dataset and may write to it, or has had time enough. */
export function writableSoon(id: string): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    const end = () => {
      clearTimeout(timer);
      resolve();
      // Not while the effect itself runs for the first time: it has no way to end itself yet.
      queueMicrotask(() => stop());
    };
    const timer = setTimeout(end, PATIENCE_MS);
    stop = effect(() => {
      if (openId.value === id && openState.value === "ready" && mayWrite.value) end();
    });
  });
}
