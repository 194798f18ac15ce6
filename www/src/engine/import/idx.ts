/** IDX, the format that MNIST was published in: http://yann.lecun.com/exdb/mnist/ */
import type { Split } from "../library/records";
import { baseName } from "./paths";
import { Refused } from "./refused";

export interface IdxHead {
  /** One for labels, three for images: how many, rows, columns. */
  sizes: number[];
  /** Where the values begin, in bytes. */
  start: number;
}

/** The longest head that is read: four dimensions. */
export const IDX_HEAD_BYTES = 20;
/** Pixels along a side: larger ones are no pictures, but a head that was misread. */
const LONGEST = 4096;

/**
 * @param head The first bytes of a file of `bytes`, as many as there are up to `IDX_HEAD_BYTES`.
 * @throws Refused `idx-broken`
 */
export function readIdxHead(head: Uint8Array, bytes: number): IdxHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dimensions = head[3] ?? 0;
  const start = 4 + 4 * dimensions;
  if (head.length < start) throw new Refused("idx-broken");
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const [, rows = 1, columns = 1] = sizes;
  const sound =
    (dimensions === 1 || dimensions === 3) && rows > 0 && rows <= LONGEST && columns > 0 && columns <= LONGEST;
  const values = sizes.reduce((product, size) => product * size, 1);
  if (!sound || start + values !== bytes) throw new Refused("idx-broken");
  return { sizes, start };
}

/** What a pair has in common in its names: of `train-images-idx3-ubyte.gz` it is `train`. */
export function pairName(path: string): string {
  const name = baseName(path).toLowerCase();
  const plain = name
    .replace(/\.(gz|idx|ubyte|bin)\b/g, "")
    .replace(/images?|imgs?|labels?|idx[134]|ubyte|(^|[^a-z])[xy](?=[^a-z]|$)/g, " ");
  return path.slice(0, path.length - name.length) + plain.replace(/[^a-z0-9]+/g, " ").trim();
}

export function splitOfIdx(path: string): Split | null {
  const name = baseName(path).toLowerCase();
  if (/train/.test(name)) return "train";
  if (/t10k|test/.test(name)) return "test";
  return /valid|val[^a-z]/.test(name) ? "validation" : null;
}
