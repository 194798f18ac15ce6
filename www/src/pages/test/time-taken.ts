import { strings } from "../../i18n";
import { decimal, duration } from "../../i18n/format";

/** How long a test took: a short one to a tenth of a second. */
export function timeTaken(seconds: number): string {
  return seconds < 10 ? strings.value.units.shortSeconds(decimal(seconds, 1)) : duration(seconds);
}
