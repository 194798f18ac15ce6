/**
 * A dataset as a zip file that other tools read: `images/<class>/<file>` for Keras's `image_dataset_from_directory` and
 * torchvision's `ImageFolder`, `labels.csv`, and `dataset.json` with all the rest.
 */
import { BlobReader, configure, TextReader, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import Papa from "papaparse";
import { BlobParts } from "../blob-parts";
import { EngineError } from "../error";
import { MANIFEST_NAME, type Manifest, type ManifestSample } from "../import/manifest";
import { baseName } from "../import/paths";
import { keptOriginals, ownDataset, samplesAfter } from "../library/library";
import type { OwnDataset, OwnId, OwnSample } from "../library/records";
import type { IncomingFile } from "../protocol";
import { fileName, Names, withEnd } from "./names";

// They would be made of a script's text, which the page's policy forbids; and this is a worker already.
configure({ useWebWorkers: false });

/** Files that are read in one transaction. */
const AT_ONCE = 32;

/** @throws EngineError `dataset-gone` */
export async function exportZip(id: OwnId, signal: AbortSignal): Promise<Blob> {
  const dataset = await ownDataset(id);
  if (!dataset) throw new EngineError("dataset-gone", "This dataset has been removed, in another tab perhaps.");
  const parts = new BlobParts();
  const zip = new ZipWriter(parts.writable, { keepOrder: true, level: 0, signal });
  const folders = new Folders(dataset);
  const samples: ManifestSample[] = [];
  for (let after = -1; ; ) {
    const some = await samplesAfter(id, after, AT_ONCE);
    const wanted = some.filter(({ gone }) => gone === undefined);
    const files = await keptOriginals(wanted);
    for (const [place, sample] of wanted.entries()) {
      signal.throwIfAborted();
      const file = files[place];
      if (!file) continue;
      const { split, pinned, origin, name } = sample;
      const written = { file: folders.pathOf(sample), label: folders.labelOf(sample), split, pinned, origin, name };
      samples.push(written);
      const reader = file instanceof Blob ? new BlobReader(file) : new Uint8ArrayReader(file);
      await zip.add(written.file, reader, { lastModDate: new Date(sample.added) });
    }
    if (some.length < AT_ONCE) break;
    after = some.at(-1)?.id ?? after;
  }
  const rows = samples.map(({ file, label, split }) => [file, label ?? "", split]);
  const csv = Papa.unparse({ fields: ["file", "label", "split"], data: rows }, { newline: "\n" });
  const json = JSON.stringify(manifestOf(dataset, folders, samples), null, 1);
  // Nothing of the day that it is written: the same dataset gives the same file.
  const written = { level: 6, lastModDate: new Date(dataset.changed) } as const;
  await zip.add("labels.csv", new TextReader(`${csv}\n`), written);
  await zip.add(MANIFEST_NAME, new TextReader(`${json}\n`), written);
  await zip.close();
  return parts.blob("application/zip");
}

/**
 * One zip of files as they are, and of whole datasets.
 *
 * @throws EngineError `dataset-gone`
 */
export async function pack(
  files: readonly IncomingFile[],
  datasets: readonly { dataset: OwnId; path: string }[],
  signal: AbortSignal,
): Promise<Blob> {
  const parts = new BlobParts();
  const zip = new ZipWriter(parts.writable, { keepOrder: true, level: 0, signal });
  for (const { file, path } of files) await zip.add(path, new BlobReader(file));
  for (const { dataset, path } of datasets) await zip.add(path, new BlobReader(await exportZip(dataset, signal)));
  await zip.close();
  return parts.blob("application/zip");
}

function manifestOf(dataset: OwnDataset, folders: Folders, samples: ManifestSample[]): Manifest {
  const { name, classes, input, fit, shares, seed } = dataset;
  return {
    hearth: 1,
    name,
    classes: classes.map(({ id }) => folders.nameOf(id) ?? ""),
    ...(classes.some(({ key }) => key) && { keys: classes.map(({ key }) => key ?? null) }),
    input,
    fit,
    shares,
    seed,
    samples,
  };
}

/** What classes and files are called in the zip. */
class Folders {
  /** By the class's id: of two that are called the same the second gets a number. */
  #names = new Map<string, string>();
  #folders = new Map<string, string>();
  /** By folder: the files in it. */
  #files = new Map<string, Names>();

  constructor({ classes }: OwnDataset) {
    const names = new Names();
    const folders = new Names();
    const seen = new Set<string>();
    for (const [i, { id, name }] of classes.entries()) {
      let unique = name || `class ${i + 1}`;
      for (let n = 2; seen.has(unique); n++) unique = `${name} (${n})`;
      seen.add(unique);
      this.#names.set(id, unique);
      this.#folders.set(id, folders.unique(fileName(unique, names.unique("class"))));
    }
  }

  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }

  /** null where there is none, or where its class has been removed. */
  labelOf({ label }: OwnSample): string | null {
    return label === null ? null : (this.#names.get(label) ?? null);
  }

  pathOf({ label, name, type, id }: OwnSample): string {
    const folder = label === null ? undefined : this.#folders.get(label);
    const where = folder === undefined ? "unlabelled" : `images/${folder}`;
    const files = this.#files.get(where) ?? new Names();
    this.#files.set(where, files);
    return `${where}/${files.unique(withEnd(fileName(baseName(name), String(id)), type))}`;
  }
}
