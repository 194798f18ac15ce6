import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** `[channel, height, width]`, 0–255: one channel, or red, green and blue. */
  pixels: Uint8Array;
  height: number;
  width: number;
  label: string;
  className?: string;
}

/** An image of a dataset, one square for each of its pixels. */
export function Picture({ pixels, height, width, label, className = "" }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    ref.current?.getContext("2d")?.putImageData(toImageData(pixels, height, width), 0, 0);
  }, [pixels, height, width]);
  return (
    <canvas ref={ref} class={`picture ${className}`} width={width} height={height} role="img" aria-label={label} />
  );
}

export function toImageData(pixels: Uint8Array, height: number, width: number): ImageData {
  const image = new ImageData(width, height);
  const plane = height * width;
  const colour = pixels.length >= 3 * plane;
  for (let i = 0; i < plane; i++) {
    const red = pixels[i] ?? 0;
    image.data[4 * i] = red;
    image.data[4 * i + 1] = colour ? (pixels[plane + i] ?? 0) : red;
    image.data[4 * i + 2] = colour ? (pixels[2 * plane + i] ?? 0) : red;
    image.data[4 * i + 3] = 255;
  }
  return image;
}
