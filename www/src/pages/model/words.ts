import type { OperatorCount } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";

/** Kinds of operators that are named of a stage. */
const MOST_KINDS = 4;

/** An operator in words; one that has none there, as ONNX calls it. */
export function operatorName(operator: string): string {
  const { words } = strings.value.model;
  return (Object.hasOwn(words, operator) && words[operator]) || operator;
}

/** What a stage is made of: "convolution × 3, ReLU × 2". */
export function operatorsInWords(operators: readonly OperatorCount[]): string[] {
  const { model } = strings.value;
  const named = operators.length > MOST_KINDS + 1 ? operators.slice(0, MOST_KINDS) : operators;
  const others = operators.slice(named.length).reduce((sum, { count }) => sum + count, 0);
  const parts = named.map(({ operator, count }) =>
    count === 1 ? operatorName(operator) : model.times(operatorName(operator), whole(count)),
  );
  return others > 0 ? [...parts, model.others(whole(others))] : parts;
}

/** What a stage outputs for one image: "32 maps of 26 × 26". */
export function shapeInWords(shape: readonly number[]): string {
  const { model } = strings.value;
  const [first, second, third] = shape;
  if (first === undefined) return model.shapeUnknown;
  if (second === undefined) return model.values(whole(first));
  if (third === undefined) return model.pieces(whole(first), whole(second));
  return model.maps(whole(first), whole(second), whole(third));
}
