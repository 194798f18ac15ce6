/** Reading the files that a model comes in. */
import { EngineError } from "./error";
import type { OnBytes } from "./fetched";
import type { NamedFile } from "./protocol";

/** Where it lies, without the folders. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/**
 * The files that a model asks for by these names, in their order, and the names for which there is none. What was chosen
 * has lost the folders that a model's names may have, and on some systems the case of its letters.
 */
export function besideOf(names: readonly string[], beside: readonly NamedFile[]) {
  const found: NamedFile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const wanted = baseName(name);
    const file =
      beside.find((each) => each.name === wanted) ??
      beside.find((each) => each.name.toLowerCase() === wanted.toLowerCase());
    if (file) found.push(file);
    else missing.push(wanted);
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
