import { describe, expect, test } from "vitest";
import { exifOrientation, webpOrientation } from "./upright";

/** TIFF with two entries: another, and the orientation. */
function tiff(orientation: number, little: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(34);
  const view = new DataView(bytes.buffer);
  bytes.set(little ? [0x49, 0x49, 42, 0] : [0x4d, 0x4d, 0, 42]);
  view.setUint32(4, 8, little);
  view.setUint16(8, 2, little);
  view.setUint16(10, 0x0100, little);
  view.setUint16(22, 0x0112, little);
  view.setUint16(24, 3, little);
  view.setUint32(26, 1, little);
  view.setUint16(30, orientation, little);
  return bytes;
}

/** RIFF as WebP has it; an odd chunk is padded. `flags`: VP8X's. */
function webp(flags: number, ...chunks: [string, Uint8Array<ArrayBuffer>][]): Blob {
  const parts: BlobPart[] = [];
  for (const [name, content] of [["VP8X", Uint8Array.of(flags, 0, 0, 0, 1, 0, 0, 1, 0, 0)] as const, ...chunks]) {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, content.length, true);
    parts.push(name, size, content, new Uint8Array(content.length % 2));
  }
  return new Blob(["RIFF", new Uint8Array(4), "WEBP", ...parts]);
}

describe("how a picture lies", () => {
  test("is found in TIFF of either byte order, with or without JPEG's prefix", () => {
    for (const little of [true, false]) {
      const plain = tiff(6, little);
      expect(exifOrientation(plain)).toBe(6);
      expect(exifOrientation(Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0, ...plain))).toBe(6);
    }
  });

  test("is upright where the file says nothing, or nonsense", () => {
    expect(exifOrientation(tiff(9, true))).toBe(1);
    expect(exifOrientation(tiff(8, true).subarray(0, 20))).toBe(1);
    expect(exifOrientation(new Uint8Array())).toBe(1);
  });

  test("is found in a WebP behind its pixels", async () => {
    const pixels = ["VP8L", new Uint8Array(7)] as [string, Uint8Array<ArrayBuffer>];
    expect(await webpOrientation(webp(8, pixels, ["EXIF", tiff(8, true)]))).toBe(8);
    // Without the flag, without the chunk, and in what is no WebP.
    expect(await webpOrientation(webp(0, pixels, ["EXIF", tiff(8, true)]))).toBe(1);
    expect(await webpOrientation(webp(8, pixels))).toBe(1);
    expect(await webpOrientation(new Blob(["no picture"]))).toBe(1);
  });
});
