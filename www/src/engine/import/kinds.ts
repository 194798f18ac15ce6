/** What a file is, by its first bytes: a name may say anything. */

export type Kind = "picture" | "svg" | "zip" | "gzip" | "idx" | "text" | "other";

export interface Sniffed {
  kind: Kind;
  /** The MIME type of a picture; empty where it is none, or of a kind that only the browser knows. */
  type: string;
}

/** So many bytes tell. */
export const HEAD_BYTES = 64;

export function sniff(head: Uint8Array): Sniffed {
  const at = (place: number, ...bytes: number[]) => bytes.every((byte, i) => head[place + i] === byte);
  const says = (place: number, text: string) => at(place, ...[...text].map((char) => char.charCodeAt(0)));
  const picture = (type: string): Sniffed => ({ kind: "picture", type });
  if (at(0, 0xff, 0xd8, 0xff)) return picture("image/jpeg");
  if (at(0, 0x89) && says(1, "PNG\r\n\x1a\n")) return picture("image/png");
  if (says(0, "GIF87a") || says(0, "GIF89a")) return picture("image/gif");
  if (says(0, "RIFF") && says(8, "WEBP")) return picture("image/webp");
  if (says(0, "BM") && at(6, 0, 0, 0, 0)) return picture("image/bmp");
  if (at(0, 0, 0, 1, 0)) return picture("image/x-icon");
  if (says(0, "II*\0") || says(0, "MM\0*")) return picture("image/tiff");
  if (at(0, 0xff, 0x0a) || says(4, "JXL ")) return picture("image/jxl");
  if (says(4, "ftypavi")) return picture("image/avif");
  if (says(4, "ftyphe") || says(4, "ftypmif1") || says(4, "ftypmsf1")) return picture("image/heic");
  if (says(0, "PK\x03\x04") || says(0, "PK\x05\x06")) return { kind: "zip", type: "" };
  if (at(0, 0x1f, 0x8b)) return { kind: "gzip", type: "" };
  // Unsigned bytes in one to four dimensions.
  if (at(0, 0, 0, 8) && (head[3] ?? 0) >= 1 && (head[3] ?? 0) <= 4) return { kind: "idx", type: "" };
  return { kind: kindOfText(head), type: "" };
}

function kindOfText(head: Uint8Array): "svg" | "text" | "other" {
  if (head.length === 0) return "other";
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "text";
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return "other";
  const start = new TextDecoder().decode(head).trimStart();
  return /^(<\?xml[^>]*>\s*)?(<!--.*|<!doctype svg.*)?<svg/is.test(start) ? "svg" : "text";
}

const PICTURE_NAME = /\.(jpe?g|jfif|png|gif|webp|bmp|avif|hei[cf]|tiff?|ico|jxl)$/i;

/** Whether a file is a picture going by its name. */
export function isPictureName(path: string): boolean {
  return PICTURE_NAME.test(path);
}

/** Width and height as the file says, in pixels, not yet upright; null where it is of a kind that is not read here. */
export function statedSize(bytes: Uint8Array, type: string): [width: number, height: number] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === "image/png") return [view.getUint32(16), view.getUint32(20)];
    if (type === "image/gif") return [view.getUint16(6, true), view.getUint16(8, true)];
    if (type === "image/bmp") return [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))];
    if (type === "image/jpeg") return jpegSize(view);
    if (type === "image/webp") return webpSize(view);
  } catch {
    // It ends before it should; whether it can be read for all that, the browser says.
  }
  return null;
}

/** Of the first frame header (ISO/IEC 10918-1, B.2.2). */
function jpegSize(view: DataView): [number, number] | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    } else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(view: DataView): [number, number] | null {
  const chunk = view.getUint32(12);
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === 0x56503858) return [uint24(24) + 1, uint24(27) + 1];
  if (chunk === 0x56503820) return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  const bits = view.getUint32(21, true);
  return chunk === 0x5650384c ? [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1] : null;
}
