/** Files on their way in, wherever they lie. */
import type { IncomingFile } from "../protocol";
import { Refused } from "./refused";

export interface Source {
  /** Safe, from where it lies: the folders that were chosen, or the top of its archive. */
  path: string;
  /** As a report names it: with the archive. */
  shown: string;
  /** As stated. */
  bytes: number;
  /** All of it. @throws Refused `too-large` beyond `most` bytes, and whatever else is wrong with it. */
  read(most: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** The same without holding it in memory. */
  blob(most: number, signal: AbortSignal): Promise<Blob>;
}

export function sourceOf({ file, path }: IncomingFile, safe: string): Source {
  const within = (most: number) => {
    if (file.size > most) throw new Refused("too-large");
  };
  return {
    path: safe,
    shown: path,
    bytes: file.size,
    async read(most) {
      within(most);
      return new Uint8Array(await readable(() => file.arrayBuffer()));
    },
    async blob(most) {
      within(most);
      return file;
    },
  };
}

/** A file that was moved or changed since it was chosen can no longer be read. */
export async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DOMException) throw new Refused("unreadable", error.message);
    throw error;
  }
}

/** The first bytes of a file. */
export async function headOf(file: Blob, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readable(() => file.slice(0, bytes).arrayBuffer()));
}
