import type { EngineError } from "../engine/error";
import { explain, strings } from "../i18n";

/** The engine's words for a file whose layers Hearth does not have. What it says before, the page says for itself. */
const OPERATOR = /^Hearth can use this model but not train it: its operator ((\S+) .+)\.$/s;

/** Why a file that can be used is no network of layers: what follows "this model can be used, but not …". */
export function whyNoLayers(error: EngineError): string {
  const [, detail, operator] = OPERATOR.exec(error.message) ?? [];
  return detail && operator ? strings.value.noLayers(operator, detail) : explain(error);
}
