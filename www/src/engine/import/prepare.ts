/** All that is kept of a picture, from its file's bytes. */
import { EngineError } from "../error";
import type { LookFacts } from "../library/records";
import { pixelsOf } from "../picture";
import { sha256 } from "./hash";
import { HEAD_BYTES, isPictureName, sniff, statedSize } from "./kinds";
import { Gate } from "./ordered";
import { greyPng } from "./png";
import { Refused } from "./refused";
import type { Source } from "./source";

/** Bytes of a picture's file. */
export const MOST_FILE = 200_000_000;
/** The largest cameras have 150 million pixels; a few kilobytes can claim to have far more. */
const MOST_PIXELS = 160_000_000;
/** Pixels that are decoded at once, in four bytes each. */
const DECODED_AT_ONCE = new Gate(24_000_000);
/** The longer side at which the package looks at a picture; a canvas brings it there several times as fast. */
const LOOK = 256;
/** The longer side, in pixels. */
const THUMBNAIL = 128;
/** A file up to this size is its own thumbnail. */
const SMALL_FILE = 8 * 1024;

export interface Prepared extends LookFacts {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  width: number;
  height: number;
  hash: string;
  thumbnail: Uint8Array<ArrayBuffer> | null;
  /** 32 × 32. */
  look: Uint8Array;
}

/** The package's: see `src/bindings/data.rs`. */
export type LookAt = (rgba: Uint8Array, width: number, height: number) => LookFacts & { pixels: Uint8Array };

export interface Preparing {
  lookAt: LookAt;
  /** What a file is called that is there already; null where there is none. */
  sameAs(hash: string): string | null;
  signal: AbortSignal;
}

/** @throws Refused */
export async function preparePicture(source: Source, { lookAt, sameAs, signal }: Preparing): Promise<Prepared> {
  if (source.bytes === 0) throw new Refused("empty");
  const bytes = await source.read(MOST_FILE, signal);
  if (bytes.length === 0) throw new Refused("empty");
  const { kind, type } = sniff(bytes.subarray(0, HEAD_BYTES));
  // Whatever else is called a picture may be one that only this browser knows, or a broken one.
  if (kind !== "picture" && (kind !== "other" || !isPictureName(source.path))) throw new Refused("wrong-type");
  const hash = await sha256(bytes);
  refuseSame(hash, sameAs);
  const stated = statedSize(bytes, type);
  const pixels = stated ? stated[0] * stated[1] : Math.max(1_000_000, 8 * bytes.length);
  if (stated && pixels > MOST_PIXELS) throw new Refused("too-large");
  const own = stated !== null && Math.max(...stated) <= THUMBNAIL && bytes.length <= SMALL_FILE;
  return DECODED_AT_ONCE.through(pixels, async () => {
    signal.throwIfAborted();
    const file = new Blob([bytes], { type });
    const decoded = await pixelsOf(file, own ? 0 : THUMBNAIL, { longest: LOOK, typed: type !== "" }).catch((error) => {
      throw asRefused(error);
    });
    if (decoded.incomplete) throw new Refused("unreadable");
    const { pixels: image, width, height } = decoded;
    const { pixels: look, ...facts } = lookAt(new Uint8Array(image.data.buffer), image.width, image.height);
    const thumbnail = decoded.thumbnail && new Uint8Array(await decoded.thumbnail.arrayBuffer());
    return { bytes, type, width, height, hash, thumbnail, look, ...facts };
  });
}

/** @throws Refused `duplicate` */
export async function prepareGrey(
  pixels: Uint8Array,
  width: number,
  height: number,
  { lookAt, sameAs }: Preparing,
): Promise<Prepared> {
  const bytes = await greyPng(pixels, width, height);
  const hash = await sha256(bytes);
  refuseSame(hash, sameAs);
  const rgba = new Uint8Array(pixels.length * 4).fill(255);
  for (const [i, value] of pixels.entries()) rgba.fill(value, 4 * i, 4 * i + 3);
  const { pixels: look, ...facts } = lookAt(rgba, width, height);
  return { bytes, type: "image/png", width, height, hash, thumbnail: null, look, ...facts };
}

export function refuseSame(hash: string, sameAs: Preparing["sameAs"]): void {
  const same = sameAs(hash);
  if (same !== null) throw new Refused("duplicate", same);
}

function asRefused(error: unknown): unknown {
  switch (EngineError.from(error).code) {
    case "picture-heic":
      return new Refused("heic");
    case "picture-unreadable":
      return new Refused("unreadable");
    case "picture-too-large":
      return new Refused("too-large");
    default:
      return error;
  }
}
