/** WebP, the one kind of picture that browsers decode without regard to how its camera was held. */

/** What of a file is read at most to find the orientation: it stands in the first entries of its EXIF. */
const MOST_EXIF = 65_536;
const ORIENTATION = 0x0112;
const NONE = 1;

/** EXIF's number for how the file's picture lies, 1 (upright) to 8; 1 as well for what is no WebP. */
export async function webpOrientation(file: Blob): Promise<number> {
  const head = await bytes(file, 0, 21);
  // An extended file says whether it has EXIF.
  if (text(head, 0) !== "RIFF" || text(head, 8) !== "WEBP" || text(head, 12) !== "VP8X") return NONE;
  if (((head[20] ?? 0) & 8) === 0) return NONE;
  for (let at = 12; at + 8 <= file.size; ) {
    const chunk = await bytes(file, at, 8);
    const size = new DataView(chunk.buffer).getUint32(4, true);
    if (text(chunk, 0) === "EXIF") return exifOrientation(await bytes(file, at + 8, Math.min(size, MOST_EXIF)));
    at += 8 + size + (size % 2);
  }
  return NONE;
}

/** From TIFF, with or without the prefix that belongs to JPEG; 1 where there is none. */
export function exifOrientation(exif: Uint8Array): number {
  const start = text(exif, 0) === "Exif" ? 6 : 0;
  const tiff = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  try {
    const little = text(exif, start).startsWith("II");
    const entries = tiff.getUint32(4, little);
    for (let i = 0; i < tiff.getUint16(entries, little); i++) {
      const entry = entries + 2 + 12 * i;
      if (tiff.getUint16(entry, little) !== ORIENTATION) continue;
      const value = tiff.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : NONE;
    }
  } catch {
    // It ends before it should.
  }
  return NONE;
}

/** What brings a picture of `width` × `height` upright, as `setTransform` takes it. */
export function uprightTransform(orientation: number, width: number, height: number): DOMMatrix2DInit {
  const matrices: Record<number, [number, number, number, number, number, number]> = {
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, height, 0],
    7: [0, -1, -1, 0, height, width],
    8: [0, -1, 1, 0, 0, width],
  };
  const [a, b, c, d, e, f] = matrices[orientation] ?? [1, 0, 0, 1, 0, 0];
  return { a, b, c, d, e, f };
}

/** The bitmap is closed. */
export function turned(bitmap: ImageBitmap, orientation: number): ImageBitmap {
  const { width, height } = bitmap;
  const lies = orientation >= 5;
  const canvas = new OffscreenCanvas(lies ? height : width, lies ? width : height);
  const context = canvas.getContext("2d");
  context?.setTransform(uprightTransform(orientation, width, height));
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.transferToImageBitmap();
}

async function bytes(file: Blob, from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(from, from + count).arrayBuffer());
}

function text(of: Uint8Array, at: number): string {
  return String.fromCharCode(...of.subarray(at, at + 4));
}
