/** Reading the files that a model comes in. */
import { EngineError } from "./error";
import type { OnBytes } from "./fetched";
import type { NamedFile } from "./protocol";

/** Of a model with all its weights. */
const MOST_BYTES = 200e6;

/** @throws EngineError `file-too-large`, before anything is read */
export function refuseTooLarge(files: readonly Blob[]): void {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES)
    throw new EngineError("file-too-large", "This file is larger than 200 MB and was not opened.");
}

/** As paths are written everywhere. */
function plain(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(\.?\/)+/, "");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * The files that a model asks for by these names, in their order, and the names for which there is none. What was chosen
 * may have lost the folders that a model's names have, and on some systems the case of its letters.
 */
export function besideOf(names: readonly string[], beside: readonly NamedFile[]) {
  const paths = names.map(plain);
  const found: NamedFile[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    const name = baseName(path);
    // Of two of one name in different folders, the folder says which.
    const byName = paths.filter((other) => baseName(other) === name).length === 1;
    const file =
      beside.find((each) => `/${plain(each.name)}`.endsWith(`/${path}`)) ??
      (byName ? beside.find((each) => baseName(plain(each.name)) === name) : undefined) ??
      (byName ? beside.find((each) => baseName(plain(each.name)).toLowerCase() === name.toLowerCase()) : undefined);
    if (file) found.push(file);
    else missing.push(name);
  }
  return { found, missing };
}

/** A file's bytes; how far it is, is told where it takes a while. */
export async function readWhole(file: Blob, onBytes: OnBytes): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(file.size);
  let loaded = 0;
  try {
    const reader = file.stream().getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      all.set(next.value, loaded);
      loaded += next.value.byteLength;
      onBytes(loaded, file.size);
    }
  } catch (error) {
    // It was changed, moved, or taken away with its disk since it was chosen.
    throw new EngineError("file-unreadable", `This file could not be read. ${String(error)}`);
  }
  return all;
}
