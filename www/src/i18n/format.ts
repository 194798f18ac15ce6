import { strings } from "./index";

const formats = new Map<string, Intl.NumberFormat>();

/** Of a number that is none. */
const NO_NUMBER = "–";

/** Kept, because to make one takes longer than to use it a hundred times. A NaN is never shown as one. */
function formatted(n: number, least: number, most: number, style: "decimal" | "percent" = "decimal"): string {
  if (!Number.isFinite(n)) return NO_NUMBER;
  const { tag } = strings.value;
  const key = `${tag} ${style} ${least} ${most}`;
  const known = formats.get(key);
  const format =
    known ?? new Intl.NumberFormat(tag, { style, minimumFractionDigits: least, maximumFractionDigits: most });
  if (!known) formats.set(key, format);
  return format.format(n);
}

/** The nearest that `percent` comes to 0 and to 1 without being it. */
const LEAST = 0.001;
const MOST = 0.999;

/**
 * Every measured share, 0–1, on every page: one decimal, so that two figures of one thing read the same. Only nothing at
 * all is 0% and only all of it 100%: what would be rounded there is "<0.1%" or ">99.9%".
 */
export function percent(share: number): string {
  if (share === 0 || share === 1) return formatted(share, 0, 0, "percent");
  if (share < LEAST / 2) return `<${formatted(LEAST, 1, 1, "percent")}`;
  if (share >= 1 - LEAST / 2) return `>${formatted(MOST, 1, 1, "percent")}`;
  return formatted(share, 1, 1, "percent");
}

/** The probability of an answer. A network is never wholly sure, even if its 32-bit softmax says so. */
export function sureness(p: number): string {
  return percent(Math.min(p, 1 - Number.EPSILON));
}

/** How far some work is, 0–1, in whole percent: all of it only when it is done. */
export function workDone(share: number): string {
  return formatted(Math.floor(share * 100) / 100, 0, 0, "percent");
}

/** A share that a person has set, such as a dropout rate: as they set it. */
export function setting(share: number): string {
  return formatted(share, 0, 1, "percent");
}

export function whole(n: number): string {
  return formatted(n, 0, 0);
}

export function decimal(n: number, digits: number): string {
  return formatted(n, digits, digits);
}

/** A power of ten with one digit before it: how far two results lie apart. */
export function magnitude(n: number): string {
  if (!Number.isFinite(n)) return strings.value.device.noNumber;
  const [digit = "", exponent = ""] = n.toExponential(0).split("e");
  const raised = [...exponent.replace("+", "")].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)] ?? "");
  return n === 0 ? "0" : `${digit}\u00a0×\u00a010${raised.join("")}`;
}

export function duration(seconds: number, toTheSecond = true): string {
  const { units } = strings.value;
  const s = Math.round(seconds);
  if (s < 60) return units.seconds(s);
  if (s < 3600) return toTheSecond ? units.minutes(Math.floor(s / 60), s % 60) : units.wholeMinutes(s / 60);
  return units.hours(Math.floor(s / 3600), Math.floor((s % 3600) / 60));
}

/** A time that is only foreseen: minutes without their seconds. */
export function roughly(seconds: number): string {
  return duration(seconds < 60 ? seconds : Math.round(seconds / 60) * 60, false);
}

export function size(bytes: number): string {
  const { units } = strings.value;
  if (bytes < 1e6) return units.kilobytes(whole(Math.max(1, bytes / 1e3)));
  return units.megabytes(decimal(bytes / 1e6, 1));
}

/** For `data-*` attributes: with a point in every language, empty where unknown. */
export function plain(n: number | null | undefined, digits = 6): string {
  return n === null || n === undefined || !Number.isFinite(n) ? "" : String(Number(n.toFixed(digits)));
}
