/** Pictures of any kind and size, as the pixels that Rust takes. */
import { EngineError } from "./error";
import type { Picture } from "./protocol";
import { turned, webpOrientation } from "./upright";

/** Larger ones are drawn down to so many pixels, which is far more than any network sees. */
const MOST_PIXELS = 4_000_000;
/** Files from this size on are decoded one at a time, in all workers together: 100 megapixels are 400 MB. */
const LARGE_FILE = 10_000_000;

export interface Pixels {
  pixels: ImageData;
  /** Of the picture as it is, upright. */
  width: number;
  height: number;
  thumbnail: Blob | null;
  /** Whether the file's end is missing, and so a part of the picture. */
  incomplete: boolean;
}

/** What of a picture is handed over when it is sent to a worker. */
export function transferOf(picture: Picture): Transferable[] {
  return picture instanceof ImageBitmap ? [picture] : [];
}

export interface PixelsOptions {
  /** The longer side of the pixels at most. */
  longest?: number;
  /** Whether the file's type is what its bytes say, and not what it is called. */
  typed?: boolean;
}

/** Decodes in a worker. A bitmap is closed. `thumbnail`: see `predictPhoto`. */
export async function pixelsOf(picture: Picture, thumbnail: number, options: PixelsOptions = {}): Promise<Pixels> {
  if (picture instanceof ImageData && thumbnail === 0 && scaleOf(picture, options) === 1) {
    return { pixels: picture, width: picture.width, height: picture.height, thumbnail: null, incomplete: false };
  }
  // Pages that are not secure have no locks.
  if (picture instanceof Blob && picture.size >= LARGE_FILE && navigator.locks) {
    return navigator.locks.request("hearth-large-picture", () => drawn(picture, thumbnail, options));
  }
  return drawn(picture, thumbnail, options);
}

async function drawn(picture: Picture, thumbnail: number, options: PixelsOptions): Promise<Pixels> {
  const { bitmap, incomplete } =
    picture instanceof ImageBitmap ? { bitmap: picture, incomplete: false } : await decoded(picture, options);
  try {
    const { width, height } = bitmap;
    const sizes = { width, height };
    const canvas = draw(bitmap, scaleOf(bitmap, options));
    const pixels = canvas.context.getImageData(0, 0, canvas.width, canvas.height);
    return { pixels, ...sizes, thumbnail: thumbnail > 0 ? await thumbnailOf(bitmap, thumbnail) : null, incomplete };
  } finally {
    bitmap.close();
  }
}

function scaleOf(
  { width, height }: { width: number; height: number },
  { longest = Number.POSITIVE_INFINITY }: PixelsOptions,
): number {
  return Math.min(1, longest / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
}

interface Decoded {
  bitmap: ImageBitmap;
  incomplete: boolean;
}

/** Upright, as the file's EXIF says. Of a moving picture the first frame; of a JPEG that was cut what is there. */
async function decoded(picture: Blob | ImageData, { typed = false }: PixelsOptions): Promise<Decoded> {
  if (picture instanceof ImageData) return { bitmap: await createImageBitmap(picture), incomplete: false };
  try {
    return { bitmap: await upright(picture, typed), incomplete: false };
  } catch {
    const ended = await endedJpeg(picture);
    const bitmap = ended && (await upright(ended, true).catch(() => null));
    if (bitmap) return { bitmap, incomplete: true };
    if (await isHeic(picture)) throw new EngineError("picture-heic", "This browser does not decode HEIC.");
    throw new EngineError("picture-unreadable", "This file is no picture that the browser can read.");
  }
}

/** `createImageBitmap` turns pictures as their EXIF says, but WebP. */
async function upright(file: Blob, typed: boolean): Promise<ImageBitmap> {
  const orientation = typed && file.type !== "image/webp" ? 1 : await webpOrientation(file);
  if (orientation === 1) return createImageBitmap(file);
  return turned(await createImageBitmap(file, { imageOrientation: "none" }), orientation);
}

/** A JPEG with the marker that ends one: without it Chromium decodes nothing, with it what there is, the rest grey. */
async function endedJpeg(file: Blob): Promise<Blob | null> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0xff && second === 0xd8 ? new Blob([file, new Uint8Array([0xff, 0xd9])]) : null;
}

/** What iPhones save, by its first bytes (ISO/IEC 23008-12): only Safari decodes it. */
async function isHeic(file: Blob): Promise<boolean> {
  const head = await file.slice(4, 12).text();
  return /^ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(head);
}

/** Encoded, so that hundreds of them take little memory; what is transparent lies on white, as the network sees it. */
function thumbnailOf(bitmap: ImageBitmap, side: number): Promise<Blob> {
  const { canvas, context, width, height } = draw(bitmap, Math.min(1, side / Math.max(bitmap.width, bitmap.height)));
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

function draw(bitmap: ImageBitmap, scale: number) {
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new EngineError("picture-too-large", "The browser has no memory left for this picture.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context, width, height };
}
