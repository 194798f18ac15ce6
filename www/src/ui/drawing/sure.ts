import { strings } from "../../i18n";
import { sureness } from "../../i18n/format";

export function sureText(p: number): string {
  return strings.value.draw.sure(sureness(p));
}
