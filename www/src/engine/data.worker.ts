/** Brings own images in and out: unpacks, decodes, compares and writes them, away from the page. */
import { EngineError } from "./error";
import { exportZip, pack } from "./export/zip";
import { addFiles, type Into } from "./import/add";
import { openArchive } from "./import/archive";
import { type ClassesOf, copyBuiltIn } from "./import/copy";
import { IDX_HEAD_BYTES, readIdxHead } from "./import/idx";
import { Known } from "./import/known";
import { Refused } from "./import/refused";
import type { OwnId } from "./library/records";
import init, { assignSplits, LookIndex, look, TrainingData } from "./pkg/train/train.js";
import type { DataCalls, DataNews, ImportReport, IncomingFile } from "./protocol";
import { serve } from "./serve";

/** Bytes of one file in a zip of everything. */
const MOST_UNPACKED = 8_000_000_000;

/** What is known of the dataset that was worked on last: a camera brings one picture after the other. */
let known: Known | null = null;

async function knownOf(dataset: OwnId, signal: AbortSignal): Promise<Known> {
  await ready;
  if (known?.dataset.id === dataset && !known.spoilt) {
    await known.upToDate(signal);
    return known;
  }
  forget();
  known = await Known.of(dataset, { LookIndex, assignSplits }, signal);
  return known;
}

function forget(): void {
  known?.free();
  known = null;
}

async function bringIn(
  { dataset, writer }: { dataset: OwnId; writer: string },
  signal: AbortSignal,
  work: (into: Into) => Promise<ImportReport>,
): Promise<ImportReport> {
  try {
    return await work({ known: await knownOf(dataset, signal), writer, lookAt: look, tell, signal });
  } catch (error) {
    forget();
    if (signal.aborted) return { added: 0, refused: [], cancelled: true };
    throw error;
  }
}

const classesOf: ClassesOf = (from, ...files) => {
  const [trainImages, trainLabels, testImages, testLabels] = files.map(firstOf) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const data = TrainingData.builtin(from, trainImages, trainLabels, testImages, testLabels);
  const { classes } = data.summary();
  data.free();
  return classes;
};

/** An IDX file with the first image or label alone. */
function firstOf(file: Uint8Array): Uint8Array {
  const { sizes, start } = readIdxHead(file.subarray(0, IDX_HEAD_BYTES), file.length);
  const [, rows = 1, columns = 1] = sizes;
  const first = file.slice(0, start + rows * columns);
  new DataView(first.buffer).setUint32(4, 1);
  return first;
}

/** What was offered for the next `add`. */
let offered: { offer: string; files: IncomingFile[] } | null = null;

function takeOffered(offer: string | undefined): IncomingFile[] {
  const files = offered?.offer === offer ? offered?.files : undefined;
  offered = null;
  return files ?? [];
}

const tell = serve<DataCalls, DataNews>({
  offer({ offer, files }) {
    if (offered?.offer !== offer) offered = { offer, files: [] };
    for (const file of files) offered.files.push(file);
    return null;
  },

  add: (ask, signal) => {
    const files = [...takeOffered(ask.offer), ...ask.files];
    return bringIn(ask, signal, (into) => addFiles({ ...ask, files }, into));
  },

  copy: (ask, signal) => bringIn(ask, signal, (into) => copyBuiltIn(ask, { classesOf, assignSplits }, into)),

  exportZip: ({ dataset }, signal) => exportZip(dataset, signal),

  pack: ({ parts, datasets }, signal) => pack(parts, datasets, signal),

  async unpack({ zip }, signal) {
    try {
      const { sources } = await openArchive(zip, "", signal);
      const files: IncomingFile[] = [];
      for (const source of sources) files.push({ path: source.path, file: await source.blob(MOST_UNPACKED, signal) });
      return files;
    } catch (error) {
      if (error instanceof Refused) throw new EngineError("zip-broken", "This zip file cannot be read.");
      throw error;
    }
  },

  async shuffleSplits({ dataset, seed }, signal) {
    return (await knownOf(dataset, signal)).shuffled(seed);
  },
});

const ready = init();
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
