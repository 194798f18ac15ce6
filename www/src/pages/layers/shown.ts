/** How values are shown: the shades of the theme, the scale, and numbers as text. */
import { signal } from "@preact/signals";
import { decimal } from "../../i18n/format";
import { type Palette, palette } from "./paint";

export type Scale = "layer" | "map";

export const scale = signal<Scale>("layer");
export const colours = signal<Palette | null>(null);

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Reads the theme's colours now and whenever it changes. Returns what ends that. */
export function beginColours(element: Element): () => void {
  const read = () => {
    colours.value = palette(element);
  };
  read();
  dark.addEventListener("change", read);
  return () => dark.removeEventListener("change", read);
}

/** The nearest to zero that is written out. */
const LEAST = 0.0001;

/**
 * A value as people write one, with a true minus sign: four decimals, of larger numbers fewer, never a power of ten.
 * What is not zero does not read as zero.
 */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞").replace("-", "−");
  if (value === 0) return "0";
  const size = Math.abs(value);
  const least = Math.max(LEAST, 10 ** -digits);
  if (size < least / 2) return value > 0 ? `<${decimal(least, digits)}` : `>−${decimal(least, digits)}`;
  const fewer = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return decimal(value, Math.min(digits, fewer)).replace("-", "−");
}

/**
 * For many numbers side by side, `across` of them in a row: two or three digits, and of five or more no leading zero.
 * What is nearly zero is 0.
 */
export function short(value: number, across = 1): string {
  if (!Number.isFinite(value)) return number(value);
  const [size, most] = [Math.abs(value), across > 5 ? 1 : 2];
  const text = decimal(value, size >= 100 ? 0 : size >= 10 ? 1 : most).replace("-", "−");
  if (/^−?0(?:[.,]0+)?$/.test(text)) return "0";
  return across >= 5 ? text.replace(/^(−?)0(?=[.,])/, "$1") : text;
}
