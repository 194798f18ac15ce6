/**
 * Everything that a person has made here in one zip, and back: datasets, trained and opened networks, the last trainings.
 * For another machine, another browser, or the day on which this one forgets.
 */
import { signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { forgetDataset, ownDataset } from "../engine/library/library";
import type { OwnId } from "../engine/library/records";
import { type IncomingFile, isOwn } from "../engine/protocol";
import { explain, strings } from "../i18n";
import { type KeptModel, type KeptRun, keepModel, keepRun, keptFile, keptModels, keptRuns } from "./database";
import { dataEngine, fillNew } from "./own/importing";
import { createOwn, letGoOf, ownDatasets } from "./own/list";
import { findLeft } from "./run";
import { currentDataset, models } from "./session";
import { toast } from "./toasts";

/** Its place in the zip tells a backup from other zip files. */
export const MANIFEST = "hearth-everything.json";

interface Manifest {
  hearth: 1;
  models: { file: string; record: KeptModel }[];
  runs: { file: string; record: Omit<KeptRun, "onnx"> }[];
  datasets: { file: string; id: OwnId; name: string }[];
}

export interface Restored {
  models: number;
  runs: number;
  datasets: number;
  /** What could not be brought back, by its name. */
  failed: string[];
}

/** What is under way; null while nothing is. */
export const packing = signal<"saving" | "restoring" | null>(null);

/** Everything as one zip; null where that failed, which has been said. */
export async function saveEverything(): Promise<Blob | null> {
  return during("saving", async () => {
    const parts: IncomingFile[] = [];
    const manifest: Manifest = { hearth: 1, models: [], runs: [], datasets: [] };
    for (const [place, record] of (await keptModels()).entries()) {
      const onnx = await keptFile(record.id);
      if (!onnx) continue;
      const file = `models/${place + 1}.onnx`;
      parts.push({ path: file, file: blobOf(onnx) });
      manifest.models.push({ file, record });
    }
    for (const [place, { onnx, ...record }] of (await keptRuns()).entries()) {
      const file = `runs/${place + 1}.onnx`;
      parts.push({ path: file, file: blobOf(onnx) });
      manifest.runs.push({ file, record });
    }
    const datasets = ownDatasets.value.map(({ id, name }, place) => ({ id, name, file: `datasets/${place + 1}.zip` }));
    manifest.datasets = datasets;
    const list = new Blob([JSON.stringify(manifest, null, 1)], { type: "application/json" });
    return dataEngine.pack(
      [{ path: MANIFEST, file: list }, ...parts],
      datasets.map(({ id, file }) => ({ dataset: id, path: file })),
    );
  });
}

/** What is here already stays as it is; the rest comes in. null where the file is no such zip, which has been said. */
export async function restoreEverything(zip: Blob): Promise<Restored | null> {
  const restored = await during("restoring", async () => {
    const files = new Map((await dataEngine.unpack(zip)).map(({ path, file }) => [path, file]));
    const manifest = await manifestOf(files.get(MANIFEST));
    const done: Restored = { models: 0, runs: 0, datasets: 0, failed: [] };
    const each = async (file: string, name: string, bring: (content: Blob) => Promise<boolean>): Promise<number> => {
      const content = files.get(file);
      const brought = content && (await bring(content).catch(() => null));
      if (brought == null) done.failed.push(name);
      return brought ? 1 : 0;
    };
    const here = models.peek();
    for (const { file, record } of manifest.models) {
      done.models += await each(file, record.name, async (content) => {
        // Settled anew a model has another id, but it came from the same file.
        if (here.some(({ id, hash }) => id === record.id || (hash && hash === record.hash))) return false;
        await keepModel(record, await bytesOf(content));
        models.value = [...models.value, record];
        return true;
      });
    }
    for (const { file, id, name } of manifest.datasets) {
      done.datasets += await each(file, name, async (content) => {
        const known = await ownDataset(id);
        if (known && known.gone === undefined) return false;
        // One that was removed a moment ago may still be on the disk.
        if (known) await forgetDataset(id);
        await createOwn({ id, name });
        try {
          const { refused } = await fillNew(id, [{ path: file, file: content }]);
          if (refused.length > 0) done.failed.push(`${name} (${refused.length})`);
        } catch (error) {
          // Half of it would stand in the way of the next attempt.
          await letGoOf(id);
          throw error;
        }
        // So that a person sees what has come.
        if (!isOwn(currentDataset.peek())) currentDataset.value = id;
        return true;
      });
    }
    const hereRuns = new Set((await keptRuns()).map(({ id }) => id));
    // The newest is written last: the room for trainings has two places.
    for (const { file, record } of manifest.runs.toReversed()) {
      done.runs += await each(file, record.name, async (content) => {
        if (hereRuns.has(record.id) || hereRuns.size > 0) return false;
        await keepRun({ ...record, onnx: await bytesOf(content) });
        return true;
      });
    }
    await findLeft();
    return done;
  });
  if (restored) toast("info", strings.value.check.everything.restored(restored));
  return restored;
}

async function during<T>(what: "saving" | "restoring", work: () => Promise<T>): Promise<T | null> {
  if (packing.value) return null;
  packing.value = what;
  try {
    return await work();
  } catch (error) {
    toast("error", explain(error));
    return null;
  } finally {
    packing.value = null;
  }
}

/** @throws EngineError `no-backup` */
async function manifestOf(file: Blob | undefined): Promise<Manifest> {
  const refuse = () => new EngineError("no-backup", "This is no zip that Hearth has saved everything in.");
  if (!file) throw refuse();
  try {
    const found = JSON.parse(await file.text()) as Partial<Manifest>;
    const { models: nets = [], runs = [], datasets = [] } = found;
    const lists = [nets, runs, datasets].every((list) => Array.isArray(list));
    const known = datasets.every(({ id, file, name }) => isOwn(id) && [file, name].every(isText));
    const named = [...nets, ...runs].every(
      ({ file, record }) => isText(file) && isText(record.id) && isText(record.name),
    );
    if (found.hearth === 1 && lists && known && named) return { hearth: 1, models: nets, runs, datasets };
  } catch {
    // Not JSON, or not of this shape.
  }
  throw refuse();
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length < 1000;
}

function blobOf(bytes: Uint8Array): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" });
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
