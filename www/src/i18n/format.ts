import { strings } from "./index";

const formats = new Map<string, Intl.NumberFormat>();

/** Kept, because to make one takes longer than to use it a hundred times. */
function formatted(n: number, least: number, most: number, style: "decimal" | "percent" = "decimal"): string {
  const { tag } = strings.value;
  const key = `${tag} ${style} ${least} ${most}`;
  const known = formats.get(key);
  const format =
    known ?? new Intl.NumberFormat(tag, { style, minimumFractionDigits: least, maximumFractionDigits: most });
  if (!known) formats.set(key, format);
  return format.format(n);
}

/** 0–1 as a percentage; one decimal where it makes a difference. */
export function percent(share: number, decimals = 1): string {
  return formatted(share, decimals, decimals, "percent");
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
