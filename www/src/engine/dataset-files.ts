import { EngineError } from "./error";
import type { DatasetId } from "./protocol";

/** The four files that every built-in dataset has. */
export type DataFile = "train-images" | "train-labels" | "test-images" | "test-labels";

/** Fetches files of a dataset from `data/` beside the page at `base` and unpacks them, in the order they are asked for. */
export async function fetchFiles<const Names extends readonly DataFile[]>(
  dataset: DatasetId,
  names: Names,
  base: string,
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<{ [K in keyof Names]: Uint8Array }> {
  let loaded = 0;
  let total = 0;
  const fetchFile = async (name: DataFile): Promise<Uint8Array> => {
    const file = `${dataset}/${name}.idx.gz`;
    const response = await fetch(new URL(`data/${file}`, base), { signal }).catch(() => null);
    if (!response?.ok || !response.body) {
      throw new EngineError("data-missing", `The data file ${file} could not be fetched.`);
    }
    total += Number(response.headers.get("content-length") ?? 0);
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          onProgress(loaded, Math.max(loaded, total));
          controller.enqueue(chunk);
        },
      }),
    );
    return gunzip(new Uint8Array(await new Response(counted).arrayBuffer()));
  };
  const files: Uint8Array[] = await Promise.all(names.map(fetchFile));
  return files as { [K in keyof Names]: Uint8Array };
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

/** Says how far a download is, at most every so often. */
export function throttled(
  say: (loaded: number, total: number) => void,
  everyMs = 100,
): (loaded: number, total: number) => void {
  let said = 0;
  return (loaded, total) => {
    if (loaded < total && performance.now() - said < everyMs) return;
    said = performance.now();
    say(loaded, total);
  };
}
