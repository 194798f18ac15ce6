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

/** With a true minus sign; of what would read as zero, the first digits that are not. */
export function number(value: number, digits = 4): string {
  const small = value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits;
  const text = small ? value.toExponential(1) : decimal(value, digits);
  return text.replace("-", "−");
}
