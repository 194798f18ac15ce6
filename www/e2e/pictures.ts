/** Pictures of many kinds, made from the sample photos and from nothing. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";
import type { Stroke } from "./pages/draw-page";
import type { TestPicture } from "./pages/photos-page";

const TYPES = { jpg: "image/jpeg", png: "image/png", webp: "image/webp", bmp: "image/bmp", gif: "image/gif" } as const;

export function picture(name: string, buffer: Buffer): TestPicture {
  const end = name.split(".").at(-1) as keyof typeof TYPES;
  return {
    name,
    mimeType: TYPES[end] ?? (name.endsWith(".svg") ? "image/svg+xml" : "application/octet-stream"),
    buffer,
  };
}

/** A sample photo as it ships. */
export function sample(name: "chelsea" | "coffee" | "rocket"): Buffer {
  return readFileSync(fileURLToPath(new URL(`../public/samples/${name}.jpg`, import.meta.url)));
}

/** A photo of the tests' own. */
export function fixture(name: string, folder: "photos" | "decoding" = "photos"): TestPicture {
  return picture(name, readFileSync(fileURLToPath(new URL(`../../tests/fixtures/${folder}/${name}`, import.meta.url))));
}

/** The picture encoded anew by the browser, turned by quarters to the left. */
export async function encoded(page: Page, jpeg: Buffer, type: string, quartersLeft = 0): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([source, mime, quarters]) => {
      const image = new Image();
      image.src = `data:image/jpeg;base64,${source}`;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = quarters % 2 ? [height, width] : [width, height];
      const context = canvas.getContext("2d");
      context?.translate(canvas.width / 2, canvas.height / 2);
      context?.rotate((-Math.PI / 2) * quarters);
      context?.drawImage(image, -width / 2, -height / 2);
      return canvas.toDataURL(mime, 0.95).split(",")[1] ?? "";
    },
    [jpeg.toString("base64"), type, quartersLeft] as const,
  );
  return Buffer.from(base64, "base64");
}

/** A JPEG with an EXIF block that says which way up it is (TIFF tag 0x0112). */
export function oriented(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const content = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** A PNG of one colour: `[grey]` or `[red, green, blue, alpha]`. */
export function plainPng(width: number, height: number, colour: number[]): Buffer {
  const pixels = new Uint8Array(width * height * colour.length);
  for (let i = 0; i < width * height; i++) pixels.set(colour, i * colour.length);
  return png(pixels, width, height);
}

/** PNG's numbers for grey, red-green-blue, and that with alpha, by the values of a pixel. */
const COLOUR_TYPES: Record<number, number> = { 1: 0, 3: 2, 4: 6 };

/** Row-major pixels of 1, 3 or 4 values each as PNG. */
export function png(pixels: Uint8Array, width: number, height: number): Buffer {
  const values = pixels.length / (width * height);
  const line = width * values;
  const rows = Buffer.alloc((1 + line) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * line, (y + 1) * line), y * (1 + line) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPES[values] ?? 6], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** An uncompressed BMP of 24 bits, from rows of RGBA. */
export function bmp(rgba: Uint8Array, width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write("BM", 0, "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let i = 0; i < width * height; i++) {
    const at = 54 + Math.floor(i / width) * stride + (i % width) * 3;
    file.set([rgba[4 * i + 2] ?? 0, rgba[4 * i + 1] ?? 0, rgba[4 * i] ?? 0], at);
  }
  return file;
}

export async function pixelsOf(page: Page, jpeg: Buffer): Promise<{ rgba: Uint8Array; width: number; height: number }> {
  const { base64, width, height } = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${source}`;
    await image.decode();
    const { naturalWidth, naturalHeight } = image;
    const context = new OffscreenCanvas(naturalWidth, naturalHeight).getContext("2d");
    if (!context) throw new Error("There is no canvas.");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, naturalWidth, naturalHeight);
    let binary = "";
    for (let i = 0; i < data.length; i += 0x8000) binary += String.fromCharCode(...data.subarray(i, i + 0x8000));
    return { base64: btoa(binary), width: naturalWidth, height: naturalHeight };
  }, jpeg.toString("base64"));
  return { rgba: Buffer.from(base64, "base64"), width, height };
}

/** How bright paper is in the light and in the shade, and ink. */
const PAPER = { light: 225, shade: 150 };
const INK = 45;

/** Brightness, 0–255, of a sheet of paper in uneven light, with strokes of a pen on it. */
export function paper(strokes: Stroke[], width: number, height: number, pen = 0.035): Uint8Array {
  const side = Math.min(width, height);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const lit = PAPER.light - ((PAPER.light - PAPER.shade) * (x / width + y / height)) / 2;
      const near = distance(strokes, (x - left) / side, (y - top) / side);
      const ink = Math.min(1, Math.max(0, (pen - near) * side + 0.5));
      grey[y * width + x] = Math.round(lit + (INK - lit) * ink);
    }
  }
  return grey;
}

function distance(strokes: Stroke[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i++) {
      const [a, b] = [stroke[i - 1], stroke[i]];
      if (!a || !b) continue;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.min(1, Math.max(0, along));
      least = Math.min(least, Math.hypot(x - a.x - t * dx, y - a.y - t * dy));
    }
  }
  return least;
}

export function grey(values: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: values.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : (values[i >> 2] ?? 0)));
}
