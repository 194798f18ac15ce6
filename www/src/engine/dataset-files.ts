import { EngineError } from "./error";
import { fetched, type OnBytes, together } from "./fetched";
import type { BuiltInId } from "./protocol";

/** The four files that every built-in dataset has. */
export type DataFile = "train-images" | "train-labels" | "test-images" | "test-labels";

/** Fetches files of a dataset from `data/` beside the page at `base` and unpacks them, in the order they are asked for. */
export async function fetchFiles<const Names extends readonly DataFile[]>(
  dataset: BuiltInId,
  names: Names,
  base: string,
  signal: AbortSignal,
  onBytes: OnBytes,
): Promise<{ [K in keyof Names]: Uint8Array }> {
  const parts = together(names.length, onBytes);
  const fetchFile = async (name: DataFile, part: number): Promise<Uint8Array> => {
    const file = `${dataset}/${name}.idx.gz`;
    const response = await fetched(new URL(`data/${file}`, base), parts[part] ?? (() => {}), { signal }).catch(
      () => null,
    );
    if (!response?.ok) throw new EngineError("data-missing", `The data file ${file} could not be fetched.`);
    return gunzip(new Uint8Array(await response.arrayBuffer()));
  };
  try {
    const files: Uint8Array[] = await Promise.all(names.map(fetchFile));
    return files as { [K in keyof Names]: Uint8Array };
  } finally {
    onBytes(0, 0);
  }
}

/**
 * Unpacks what still is gzip. Some servers send `.gz` files with `Content-Encoding: gzip`, and the browser has then
 * unpacked them already: the magic bytes decide (RFC 1952, 2.3.1), not the name.
 */
async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
