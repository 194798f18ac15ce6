/** What is made of the files that came together: which are pictures, and what lists and folders say of each. */
import type { Origin } from "../library/records";
import type { IncomingFile, Refusal } from "../protocol";
import { openArchive } from "./archive";
import { IDX_HEAD_BYTES, type IdxHead, pairName, readIdxHead, splitOfIdx } from "./idx";
import { HEAD_BYTES, isPictureName, type Kind, sniff } from "./kinds";
import { Finder, type ListRow, readList } from "./list";
import { MANIFEST_NAME, type Manifest, type ManifestSample, readManifest } from "./manifest";
import { baseName, folderOf, isRubbish, type Placed, placed, safePath } from "./paths";
import { type Prepared, type Preparing, prepareGrey, preparePicture } from "./prepare";
import { Refused } from "./refused";
import { headOf, type Source, sourceOf } from "./source";
import type { Described, Label } from "./writing";

/** A picture that is to come in. */
export interface Job extends Described {
  /** As a report names it. */
  shown: string;
  prepare(by: Preparing): Promise<Prepared>;
}

export interface Plan {
  manifests: Manifest[];
  /** How many jobs there are. */
  count: number;
  jobs: Iterable<Job>;
  refused: Refusal[];
}

export interface PlanOptions {
  /** The class's id, null for none; undefined: as folders and lists say. */
  label: string | null | undefined;
  origin: Origin;
  /** Of the languages that the person reads. */
  language: string;
  signal: AbortSignal;
}

const MOST_LIST = 128_000_000;
const MOST_IDX = 2_000_000_000;
/** Images of an IDX file that are read at once. */
const IDX_AT_ONCE = 1024;

/** Files that lie together: those that were chosen, or those of one archive. */
interface Bundle {
  pictures: Source[];
  lists: Source[];
  manifests: Source[];
  idx: Source[];
}

export async function planned(files: readonly IncomingFile[], options: PlanOptions): Promise<Plan> {
  const { signal } = options;
  const refused: Refusal[] = [];
  /** Does something with a file; what is wrong with it stands in the report. */
  const trying = async (shown: string, work: () => Promise<void>) => {
    signal.throwIfAborted();
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Refused)) throw error;
      refused.push(refusalOf(shown, error));
    }
  };

  const loose: Bundle = { pictures: [], lists: [], manifests: [], idx: [] };
  const bundles = [loose];
  for (const incoming of files) {
    if (isRubbish(incoming.path)) continue;
    await trying(incoming.path, async () => {
      const path = safePath(incoming.path);
      if (path === null) throw new Refused("unsafe-name");
      if (incoming.file.size === 0) throw new Refused("empty");
      const kind = isPictureName(path) ? "picture" : sniff(await headOf(incoming.file, HEAD_BYTES)).kind;
      if (kind !== "zip" && !/\.zip$/i.test(path)) return sort(loose, sourceOf(incoming, path), kind);
      const opened = await openArchive(incoming.file, incoming.path, signal);
      for (const refusal of opened.refused) refused.push(refusal);
      const bundle: Bundle = { pictures: [], lists: [], manifests: [], idx: [] };
      for (const source of opened.sources) sort(bundle, source, null);
      bundles.push(bundle);
    });
  }

  const plain = options.label !== undefined;
  const given: Label = options.label ? { id: options.label } : null;
  const everything = bundles.flatMap(({ pictures }) => pictures);
  const plan: Plan = { manifests: [], count: 0, jobs: [], refused };
  const parts: Iterable<Job>[] = [];

  /** By file: what the manifest of its dataset says of it. */
  const kept = new Map<Source, ManifestSample>();
  /** By path: what a class's folder is called may differ from the class. */
  const folders = new Map<Bundle, Map<string, string | null>>();
  /** Where a manifest lies: the list beside it says the same, and less. */
  const known = new Map<Bundle, Set<string>>();
  for (const bundle of plain ? [] : bundles) {
    const byPath = new Map(bundle.pictures.map((picture) => [picture.path, picture]));
    folders.set(bundle, new Map());
    known.set(bundle, new Set());
    for (const source of bundle.manifests) {
      await trying(source.shown, async () => {
        const manifest = readManifest(await source.read(MOST_LIST, signal));
        if (!manifest) throw new Refused("wrong-type");
        plan.manifests.push(manifest);
        known.get(bundle)?.add(folderOf(source.path));
        for (const sample of manifest.samples) {
          const path = folderOf(source.path) + sample.file;
          const found = byPath.get(path);
          folders.get(bundle)?.set(folderOf(path), sample.label);
          if (found) kept.set(found, sample);
          else refused.push({ path: source.shown, code: "csv-no-file", detail: sample.file });
        }
      });
    }
  }

  const all = new Finder(everything);
  const listed = new Map<Source, ListRow>();
  for (const bundle of plain ? [] : bundles) {
    const own = new Finder(bundle.pictures);
    for (const list of bundle.lists) {
      if (known.get(bundle)?.has(folderOf(list.path))) continue;
      await trying(list.shown, async () => {
        const rows = readList(await list.read(MOST_LIST, signal), options.language);
        for (const row of rows) {
          const found = own.find(row.file, list.path) ?? (bundle === loose ? all.find(row.file, list.path) : null);
          if (!found) refused.push({ path: list.shown, code: "csv-no-file", detail: row.file });
          else if (!listed.has(found)) listed.set(found, row);
        }
      });
    }
  }

  for (const bundle of bundles) {
    const places = plain ? [] : placed(bundle.pictures.map(({ path }) => path));
    const jobs = bundle.pictures.map((source, i): Job => {
      const said = plain
        ? { name: source.path, label: given, split: null, pinned: false, origin: options.origin }
        : described(source, kept.get(source), listed.get(source), places[i], folders.get(bundle), options.origin);
      return { ...said, shown: source.shown, prepare: (by) => preparePicture(source, by) };
    });
    parts.push(jobs);
    plan.count += jobs.length;
    for (const pair of await pairs(bundle.idx, plain, trying, signal)) {
      parts.push(jobsOf(pair, plain ? { label: given } : null, options.origin));
      plan.count += pair.head.sizes[0] ?? 0;
    }
  }
  plan.jobs = (function* () {
    for (const part of parts) yield* part;
  })();
  return plan;
}

export function refusalOf(path: string, { code, detail }: Refused): Refusal {
  return { path, code, ...(detail !== undefined && { detail }) };
}

/** Puts a file where it belongs by its kind; null: of an entry in an archive only the name is known yet. */
function sort(bundle: Bundle, source: Source, kind: Kind | null): void {
  const { path } = source;
  if (baseName(path) === MANIFEST_NAME) bundle.manifests.push(source);
  else if (/\.(csv|tsv)$/i.test(path)) bundle.lists.push(source);
  else if (kind === "idx" || kind === "gzip" || (kind === null && /(ubyte|\.idx|\.gz)$/i.test(path)))
    bundle.idx.push(source);
  // Others are looked into when their turn comes.
  else if (kind === null || kind === "picture" || kind === "other") bundle.pictures.push(source);
  else throw new Refused("wrong-type");
}

function described(
  { path }: Source,
  kept: ManifestSample | undefined,
  row: ListRow | undefined,
  place: Placed | undefined,
  folders: ReadonlyMap<string, string | null> | undefined,
  origin: Origin,
): Described {
  const named = (name: string | null | undefined): Label => (name ? { name } : null);
  if (kept) {
    const { name, label, split, pinned, origin: from } = kept;
    return { name, label: named(label), split, pinned, origin: from };
  }
  const folder = folders?.get(folderOf(path));
  const label = row ? row.label : folder === undefined ? place?.label : folder;
  const split = row?.split ?? place?.split ?? null;
  return { name: path, label: named(label), split, pinned: split !== null, origin };
}

interface IdxFile {
  source: Source;
  file: Blob;
  head: IdxHead;
}

interface Pair {
  source: Source;
  images: Blob;
  head: IdxHead;
  /** null where there are none. */
  labels: Uint8Array | null;
}

/** Images with their labels, matched by their names; what is left over on both sides belongs together if it is alone. */
async function pairs(
  sources: readonly Source[],
  plain: boolean,
  trying: (shown: string, work: () => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): Promise<Pair[]> {
  const images: IdxFile[] = [];
  const labels: IdxFile[] = [];
  for (const source of sources) {
    await trying(source.shown, async () => {
      const file = await unpacked(await source.blob(MOST_IDX, signal), signal);
      const head = await headOf(file, IDX_HEAD_BYTES);
      if (sniff(head).kind !== "idx") throw new Refused("wrong-type");
      const read = readIdxHead(head, file.size);
      (read.sizes.length === 1 ? labels : images).push({ source, file, head: read });
    });
  }
  const names = new Map(labels.map((each) => [pairName(each.source.path), each]));
  const alone = images.length === 1 && labels.length === 1 ? labels[0] : undefined;
  const used = new Set<IdxFile>();
  const found: Pair[] = [];
  for (const image of images) {
    await trying(image.source.shown, async () => {
      const match = names.get(pairName(image.source.path)) ?? alone;
      if (match) used.add(match);
      if (match && match.head.sizes[0] !== image.head.sizes[0]) throw new Refused("idx-broken");
      if (!match && !plain) throw new Refused("idx-alone");
      const values = match && new Uint8Array(await match.file.slice(match.head.start).arrayBuffer());
      found.push({ source: image.source, images: image.file, head: image.head, labels: values ?? null });
    });
  }
  for (const label of labels) {
    if (used.has(label)) continue;
    await trying(label.source.shown, async () => {
      throw new Refused("idx-alone");
    });
  }
  return found;
}

/** What still is gzip, unpacked: see `archive.ts` for how much it may become. */
async function unpacked(file: Blob, signal: AbortSignal): Promise<Blob> {
  if (sniff(await headOf(file, HEAD_BYTES)).kind !== "gzip") return file;
  const most = Math.max(64_000_000, 200 * file.size);
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > most) throw new Refused("zip-bomb");
      controller.enqueue(chunk);
    },
  });
  try {
    const stream = file.stream().pipeThrough(new DecompressionStream("gzip"), { signal }).pipeThrough(counted);
    return await new Response(stream).blob();
  } catch (error) {
    signal.throwIfAborted();
    throw bytes > most ? new Refused("zip-bomb") : error instanceof Refused ? error : new Refused("zip-broken");
  }
}

function* jobsOf(pair: Pair, given: { label: Label } | null, origin: Origin): Generator<Job> {
  const [count = 0, rows = 1, columns = 1] = pair.head.sizes;
  const size = rows * columns;
  const split = given ? null : splitOfIdx(pair.source.path);
  let read: { from: number; pixels: Promise<Uint8Array> } | null = null;
  const pixelsOf = (from: number) => {
    if (read?.from !== from) {
      const start = pair.head.start + from * size;
      const slice = pair.images.slice(start, start + IDX_AT_ONCE * size);
      read = { from, pixels: slice.arrayBuffer().then((buffer) => new Uint8Array(buffer)) };
      read.pixels.catch(() => {});
    }
    return read.pixels;
  };
  const folder = pair.source.path.replace(/(\.gz|\.idx|\.bin)+$/i, "");
  for (let i = 0; i < count; i++) {
    const value = pair.labels?.[i];
    const number = String(i).padStart(5, "0");
    const from = i - (i % IDX_AT_ONCE);
    const at = (i - from) * size;
    yield {
      name: value === undefined ? `${folder}/${number}.png` : `${split ?? folder}/${value}/${number}.png`,
      shown: `${pair.source.shown}#${i}`,
      label: given ? given.label : value === undefined ? null : { name: String(value) },
      split,
      pinned: split !== null,
      origin,
      prepare: async (by) => prepareGrey((await pixelsOf(from)).subarray(at, at + size), columns, rows, by),
    };
  }
}
