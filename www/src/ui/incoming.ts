/** Files on their way into a dataset, with the folders they lie in: these may be names of classes and of splits. */
import type { TargetedEvent } from "preact";
import { pathOf } from "../engine/file-path";
import type { IncomingFile } from "../engine/protocol";

/** What systems leave in folders, and nobody means to bring along. */
const LEFT_BY_SYSTEM = /(^|\/)(\.[^/]+|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i;
/** Kinds of files that hold or list many images. */
const COLLECTION = /\.(zip|csv|tsv)$|-idx[13]-ubyte(\.gz)?$|\.idx(\.gz)?$/i;

/** Folders in the order of their names, which becomes that of the classes: browsers hand them out as the disk has them. */
export function incoming(files: readonly File[]): IncomingFile[] {
  const some = files.map((file) => ({ file, path: pathOf(file) })).filter(({ path }) => !LEFT_BY_SYSTEM.test(path));
  const folders = [...new Set(some.map(({ path }) => folderOf(path)))].sort(collator.compare);
  const rank = new Map(folders.map((folder, place) => [folder, place]));
  const rankOf = ({ path }: IncomingFile) => rank.get(folderOf(path)) ?? 0;
  return some.sort((a, b) => rankOf(a) - rankOf(b));
}

const collator = new Intl.Collator(undefined, { numeric: true });

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function isCollection({ name }: File): boolean {
  return COLLECTION.test(name);
}

/** The chosen files; the input forgets them, so that the same can be chosen again. */
export function takenFrom({ currentTarget }: TargetedEvent<HTMLInputElement>): File[] {
  const files = [...(currentTarget.files ?? [])];
  currentTarget.value = "";
  return files;
}
