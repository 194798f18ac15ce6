/** Zip files, read where they lie: of 2 GB only what is being unpacked is in memory. */
import {
  configure,
  ERR_ENCRYPTED,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_UNSUPPORTED_ENCRYPTION,
  type FileEntry,
  Reader,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { BlobParts } from "../blob-parts";
import type { Refusal } from "../protocol";
import { isRubbish, safePath } from "./paths";
import { Refused } from "./refused";
import { headOf, type Source } from "./source";

// They would be made of a script's text, which the page's policy forbids; and this is a worker already.
configure({ useWebWorkers: false });

/** Entries of one archive: their list alone would fill the memory. */
const MOST_ENTRIES = 200_000;
/** No picture and no list gets this much smaller in a zip; what claims to unpacks to more than anyone has room for. */
const MOST_RATIO = 200;
/** Below this size anything may: a white page does. */
const FREE_ENTRY = 64_000_000;
const FREE_ARCHIVE = 1_000_000_000;

/** Bytes that are read from an archive at once. */
const WINDOW = 1 << 20;
/** Of these as many are held as entries are under way, roughly. */
const WINDOWS = 8;

const STORED = 0;
const LOCAL_HEAD = 30;
/** From so many bytes on, what is stored is not copied out. */
const LARGE = 16_000_000;

export interface Opened {
  sources: Source[];
  refused: Refusal[];
}

/**
 * Reads an archive's list of contents. What lies in its folders without being anyone's is left out.
 *
 * @param shown As a report names the archive.
 * @throws Refused `zip-broken`, `zip-encrypted`, `zip-bomb`
 */
export async function openArchive(archive: Blob, shown: string, signal: AbortSignal): Promise<Opened> {
  const reader = new ZipReader(new WindowReader(archive), { strictness: "tolerant", decodeText });
  const sources: Source[] = [];
  const refused: Refusal[] = [];
  let encrypted = 0;
  let unpacked = 0;
  let entries = 0;
  try {
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      signal.throwIfAborted();
      if (++entries > MOST_ENTRIES) throw new Refused("zip-bomb");
      if (entry.directory || isRubbish(entry.filename)) continue;
      const full = `${shown}/${entry.filename}`;
      const path = safePath(entry.filename);
      if (path === null) {
        refused.push({ path: full, code: "unsafe-name" });
        continue;
      }
      if (entry.encrypted) {
        encrypted += 1;
        refused.push({ path: full, code: "zip-encrypted" });
        continue;
      }
      unpacked += entry.uncompressedSize;
      sources.push(sourceOfEntry(archive, entry, path, full));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Refused ? error : new Refused("zip-broken");
  }
  // What comes out of an entry is held to what it says here.
  if (unpacked > Math.max(FREE_ARCHIVE, MOST_RATIO * archive.size)) throw new Refused("zip-bomb");
  if (encrypted > 0 && sources.length === 0) throw new Refused("zip-encrypted");
  return { sources, refused };
}

function sourceOfEntry(archive: Blob, entry: FileEntry, path: string, shown: string): Source {
  const stated = entry.uncompressedSize;
  /** Unpacks to `take`, no more than it says of itself. */
  async function unpack(most: number, signal: AbortSignal, take: (chunk: Uint8Array<ArrayBuffer>) => void) {
    if (stated > Math.max(FREE_ENTRY, MOST_RATIO * entry.compressedSize)) throw new Refused("zip-bomb");
    if (stated > most) throw new Refused("too-large");
    try {
      await entry.getData(new WritableStream({ write: take }), { checkCrc32: true, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw reasonOf(error);
    }
  }
  return {
    path,
    shown,
    bytes: stated,
    async read(most, signal) {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      await unpack(most, signal, (chunk) => chunks.push(chunk.slice()));
      const [only] = chunks;
      if (chunks.length === 1 && only) return only;
      const all = new Uint8Array(stated);
      let at = 0;
      for (const chunk of chunks) {
        all.set(chunk, at);
        at += chunk.length;
      }
      return all;
    },
    async blob(most, signal) {
      const { compressionMethod, compressedSize } = entry;
      if (compressionMethod === STORED && compressedSize === stated && stated > LARGE && stated <= most) {
        return storedIn(archive, entry);
      }
      const parts = new BlobParts();
      await unpack(most, signal, (chunk) => parts.push(chunk));
      return parts.blob();
    },
  };
}

/** An entry that is not compressed lies in the archive as it is (APPNOTE 4.3.7). */
async function storedIn(archive: Blob, { offset, compressedSize }: FileEntry): Promise<Blob> {
  const head = await headOf(archive.slice(offset), LOCAL_HEAD);
  if (head.length < LOCAL_HEAD) throw new Refused("zip-broken");
  const view = new DataView(head.buffer);
  const start = offset + LOCAL_HEAD + view.getUint16(26, true) + view.getUint16(28, true);
  return archive.slice(start, start + compressedSize);
}

function reasonOf(error: unknown): Refused {
  const { message } = error as Error;
  if (message === ERR_ENCRYPTED || message === ERR_UNSUPPORTED_ENCRYPTION) return new Refused("zip-encrypted");
  // It was stopped where more came out than it says of itself.
  return new Refused(message === ERR_INVALID_UNCOMPRESSED_SIZE ? "zip-bomb" : "zip-broken");
}

/** Entries lie one after the other, and asking the browser for the bytes of each takes longer than reading them. */
class WindowReader extends Reader<Blob> {
  /** The last few, by their number. */
  #windows = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(private readonly archive: Blob) {
    super(archive);
  }

  override async init(): Promise<void> {
    this.size = this.archive.size;
    await super.init?.();
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.min(offset + length, this.archive.size);
    const bytes = new Uint8Array(Math.max(0, end - offset));
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / WINDOW);
      const from = at - number * WINDOW;
      const part = (await this.#window(number)).subarray(from, from + end - at);
      if (part.length === 0) throw new Refused("zip-broken");
      bytes.set(part, at - offset);
      at += part.length;
    }
    return bytes;
  }

  #window(number: number): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#windows.get(number);
    if (known) return known;
    const read = headOf(this.archive.slice(number * WINDOW), WINDOW);
    read.catch(() => this.#windows.delete(number));
    this.#windows.set(number, read);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > WINDOWS && oldest !== undefined) this.#windows.delete(oldest);
    return read;
  }
}

/** Macs write names in UTF-8 without saying so, and Windows in China in its own encoding. */
function decodeText(bytes: Uint8Array, encoding: string): string | undefined {
  if (encoding === "utf-8") return undefined;
  for (const one of ["utf-8", ...(navigator.language.startsWith("zh") ? ["gb18030"] : [])]) {
    try {
      return new TextDecoder(one, { fatal: true }).decode(bytes);
    } catch {
      // The next, or zip's own.
    }
  }
  return undefined;
}
