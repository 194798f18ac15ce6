/** SVG, the one kind of picture that workers cannot decode. */
import { EngineError } from "./error";
import type { Picture } from "./protocol";

/** The longer side that a drawing without a size of its own is given, in pixels. */
const SIDE = 1024;

const SVG = "image/svg+xml";

/** Files of a folder that was dropped may come without a type. */
function isSvg(file: Blob): boolean {
  return file.type === SVG || (!file.type && file instanceof File && /\.svg$/i.test(file.name));
}

/** The file as a worker takes it: an SVG as a bitmap, everything else as it is. On the page only. */
export async function pictureOf(file: Blob): Promise<Picture> {
  if (!isSvg(file)) return file;
  const url = URL.createObjectURL(file.type ? file : new Blob([file], { type: SVG }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = SIDE / Math.max(width, height, 1);
    const side = (length: number) => Math.max(1, Math.round(length * scale));
    // Drawn, because a bitmap that is made of one without a size of its own comes out empty.
    const canvas = new OffscreenCanvas(side(width || 1), side(height || 1));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.transferToImageBitmap();
  } catch {
    throw new EngineError("picture-unreadable", "This file is no picture that the browser can read.");
  } finally {
    URL.revokeObjectURL(url);
  }
}
