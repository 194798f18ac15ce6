import { strings } from "./index";

/** 0–1 as a percentage; one decimal where it makes a difference. */
export function percent(share: number, decimals = 1): string {
  return new Intl.NumberFormat(strings.value.tag, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(share);
}

export function whole(n: number): string {
  return new Intl.NumberFormat(strings.value.tag, { maximumFractionDigits: 0 }).format(n);
}

export function decimal(n: number, digits: number): string {
  return new Intl.NumberFormat(strings.value.tag, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(n);
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
