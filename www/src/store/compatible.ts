/** Which networks can be asked about which images: size, channels and the number of classes must agree. */
import { strings } from "../i18n";

/** What a file says of what it takes and answers, as far as it matters here. */
export interface Takes {
  channels: number;
  height: number;
  width: number;
  labels: readonly string[];
}

export interface AskedAbout {
  channels: number;
  height: number;
  width: number;
  classes: number;
}

/** Why a network cannot be tested on these images; empty where it can. */
export function unfit(takes: Takes, on: AskedAbout): string {
  const { test } = strings.value;
  if (takes.labels.length !== on.classes) return test.unfitClasses(takes.labels.length, on.classes);
  const size = ({ height, width, channels }: Omit<Takes, "labels">) => `${height} × ${width} × ${channels}`;
  return size(takes) === size(on) ? "" : test.unfitSize(size(takes), size(on));
}
