/** Files for tests, made of nothing. */
import { BlobReader, BlobWriter, configure, TextReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { IncomingFile } from "../../protocol";
import { greyPng } from "../png";

configure({ useWebWorkers: false });

type Content = string | Uint8Array<ArrayBuffer> | Blob;

/** A zip with these files, in their order. */
export async function zipped(files: Readonly<Record<string, Content>>, options = {}): Promise<Blob> {
  const zip = new ZipWriter(new BlobWriter("application/zip"), { keepOrder: true, ...options });
  for (const [path, content] of Object.entries(files)) {
    const reader = typeof content === "string" ? new TextReader(content) : new BlobReader(new Blob([content]));
    await zip.add(path, reader);
  }
  return zip.close();
}

export function incoming(path: string, content: Content): IncomingFile {
  return { path, file: new Blob([content]) };
}

/** A small grey picture; each number another. */
export function png(seed: number, side = 8): Promise<Uint8Array<ArrayBuffer>> {
  return greyPng(noise(seed, side * side), side, side);
}

/** The same bytes for the same seed. */
export function noise(seed: number, bytes: number): Uint8Array<ArrayBuffer> {
  let state = (seed + 1) * 2654435761;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** An IDX file of unsigned bytes. */
export function idx(sizes: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(4 + 4 * sizes.length + values.length);
  file.set([0, 0, 8, sizes.length]);
  const view = new DataView(file.buffer);
  for (const [i, size] of sizes.entries()) view.setUint32(4 + 4 * i, size);
  file.set(values, 4 + 4 * sizes.length);
  return file;
}

export async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
}
