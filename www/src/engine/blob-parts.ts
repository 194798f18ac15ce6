/** What comes in pieces, as a blob: the browser may keep what is done on the disk, so that gigabytes need no memory. */
export class BlobParts {
  #parts: Blob[] = [];
  #held: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  readonly writable = new WritableStream<Uint8Array<ArrayBuffer>>({ write: (chunk) => this.push(chunk) });

  /** The piece may be used again afterwards. */
  push(chunk: Uint8Array<ArrayBuffer>): void {
    this.#held.push(chunk.slice());
    this.#bytes += chunk.length;
    if (this.#bytes >= PART) this.#letGo();
  }

  #letGo(): void {
    this.#parts.push(new Blob(this.#held));
    this.#held = [];
    this.#bytes = 0;
  }

  blob(type = ""): Blob {
    this.#letGo();
    return new Blob(this.#parts, { type });
  }
}

/** Bytes that are held before the browser is given them. */
const PART = 8_000_000;
