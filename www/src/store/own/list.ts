/** The datasets of a person's own, as lists and other pages know them: without their images. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  changeDataset,
  claim,
  createDataset,
  forgetDataset,
  forgetGoneDatasets,
  ownDatasets as kept,
  ownDataset,
} from "../../engine/library/library";
import type { OwnDataset, OwnId } from "../../engine/library/records";
import { newId } from "../../engine/new-id";
import { isOwn } from "../../engine/protocol";
import { explain, strings } from "../../i18n";
import { currentDataset } from "../session";
import { toast } from "../toasts";

/** Which tab this is: a dataset names the one that may write. */
export const TAB = newId();
/** For so long what was removed in another tab can still be brought back there. */
const UNDO_MS = 60_000;
const CURRENT = "hearth.dataset";
/** What a new dataset begins with; the page offers to change each. */
const BEGINNING = {
  input: { channels: 3, side: 64 },
  fit: { photo: { crop: 1 } },
  shares: { validation: 0.15, test: 0.15 },
} as const;

const list = signal<readonly OwnDataset[]>([]);
/** In the order in which they were made. */
export const ownDatasets = computed(() => list.value);
/** False until the browser's storage has been looked into. */
export const ownDatasetsKnown = signal(false);
/** Whether this browser keeps anything; a private window may not. */
export const keepsDatasets = signal(true);

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("hearth-images");
const heard = new Set<(id: OwnId) => void>();

/** Calls `hear` where another tab has changed a dataset. */
export function onChangeElsewhere(hear: (id: OwnId) => void): void {
  heard.add(hear);
}

/** Tells other tabs that a dataset has changed. */
export function tellTabs(id: OwnId): void {
  channel?.postMessage(id);
}

channel?.addEventListener("message", ({ data }: MessageEvent<OwnId>) => {
  void refresh();
  for (const hear of heard) hear(data);
});

export function ownById(id: string): OwnDataset | undefined {
  return list.value.find((known) => known.id === id);
}

/** A dataset as it is now, in the list as well. */
export function heed(dataset: OwnDataset): void {
  // What is told late, such as an import's news, does not undo what has been written since.
  if ((ownById(dataset.id)?.revision ?? 0) > dataset.revision) return;
  const others = list.value.filter(({ id }) => id !== dataset.id);
  list.value = dataset.gone === undefined ? [...others, dataset].sort((a, b) => a.created - b.created) : others;
}

async function refresh(): Promise<void> {
  list.value = await kept();
}

/** Looks for what was kept, and makes the dataset current that was current when the page was last here. */
export async function restoreDatasets(): Promise<void> {
  try {
    await forgetGoneDatasets(Date.now() - UNDO_MS);
    await refresh();
  } catch {
    // No database (a private window).
    keepsDatasets.value = false;
  }
  batch(() => {
    ownDatasetsKnown.value = true;
    const last = remembered();
    if (last && ownById(last) && currentDataset.value === "mnist") currentDataset.value = last;
  });
}

effect(() => {
  const id = currentDataset.value;
  if (!ownDatasetsKnown.value) return;
  // Removed here or in another tab.
  if (isOwn(id) && !ownById(id)) currentDataset.value = "mnist";
  else remember(id);
});

let written = "";

function remember(id: string): void {
  // A dataset that images come into is another many times a second.
  if (id === written) return;
  written = id;
  try {
    localStorage.setItem(CURRENT, id);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function remembered(): OwnId | null {
  try {
    const id = localStorage.getItem(CURRENT) ?? "";
    return isOwn(id) ? id : null;
  } catch {
    return null;
  }
}

/** Makes an empty dataset and makes it current; null where it cannot be kept. */
export async function newDataset(name = freeName(), classes: readonly string[] = []): Promise<OwnId | null> {
  try {
    const { id } = await createOwn({ id: `own-${newId()}`, name, classes });
    currentDataset.value = id;
    return id;
  } catch (error) {
    toast("error", explain(error));
    return null;
  }
}

/** Makes an empty dataset that this tab may write to. */
export async function createOwn(given: { id: OwnId; name: string; classes?: readonly string[] }): Promise<OwnDataset> {
  const now = Date.now();
  const { id, name, classes = [] } = given;
  const dataset: OwnDataset = {
    ...BEGINNING,
    id,
    name,
    classes: classes.map((each) => ({ id: newId(), name: each })),
    seed: 1,
    counts: {},
    created: now,
    changed: now,
    revision: 0,
    next: 0,
    writer: TAB,
  };
  await createDataset(dataset);
  heed(dataset);
  tellTabs(id);
  return dataset;
}

/** Forgets a dataset with all that is in it, for good. */
export async function letGoOf(id: OwnId): Promise<void> {
  await forgetDataset(id);
  list.value = list.value.filter((known) => known.id !== id);
  tellTabs(id);
}

/** "My images", "My images 2" … */
function freeName(): string {
  const { newName } = strings.value.data;
  const taken = new Set(list.value.map(({ name }) => name));
  for (let n = 1; ; n++) if (!taken.has(newName(n))) return newName(n);
}

/** Removes a dataset with all that is in it; a toast brings it back. */
export async function removeDataset(id: OwnId): Promise<void> {
  const dataset = ownById(id);
  if (!dataset) return;
  const setGone = async (gone: number | undefined) => {
    const { writer } = await claim(id, TAB);
    const changed = await changeDataset(id, writer, ({ gone: _, ...rest }) => (gone ? { ...rest, gone } : rest));
    heed(changed);
    tellTabs(id);
  };
  try {
    await setGone(Date.now());
  } catch (error) {
    toast("error", explain(error));
    return;
  }
  toast("info", strings.value.data.datasetRemoved(dataset.name), {
    undo: () => {
      setGone(undefined).then(
        () => {
          currentDataset.value = id;
        },
        (error) => toast("error", explain(error)),
      );
    },
  });
}

/** As it is kept now, another tab's changes among it. */
export async function reread(id: OwnId): Promise<OwnDataset | undefined> {
  const dataset = await ownDataset(id);
  if (dataset) heed(dataset);
  return dataset;
}
