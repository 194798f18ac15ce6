/** Files on their way into a dataset, with the folders they lie in: these may be names of classes and of splits. */
import type { TargetedEvent } from "preact";
import { pathOf } from "../engine/file-path";
import type { IncomingFile } from "../engine/protocol";

/** What systems leave in folders, and nobody means to bring along. */
const LEFT_BY_SYSTEM = /(^|\/)(\.[^/]+|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i;
/** Kinds of files that hold or list many images. */
const COLLECTION = /\.(zip|csv|tsv)$|-idx[13]-ubyte(\.gz)?$|\.idx(\.gz)?$/i;

export function incoming(files: readonly File[]): IncomingFile[] {
  return files.map((file) => ({ file, path: pathOf(file) })).filter(({ path }) => !LEFT_BY_SYSTEM.test(path));
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
