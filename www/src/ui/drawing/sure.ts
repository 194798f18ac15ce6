import { strings } from "../../i18n";
import { percent } from "../../i18n/format";

const NEARLY = 0.999;

/** A network is never wholly sure, even where rounding says so. */
export function sureText(p: number): string {
  const { draw } = strings.value;
  return p > NEARLY ? draw.overSure(percent(NEARLY)) : draw.sure(percent(p));
}
