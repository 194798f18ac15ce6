import { className, strings } from "../../i18n";
import type { TermId } from "../../ui/formulas";
import { layerTitle } from "../../ui/layer-title";
import type { Net } from "./net";

/** The words' own account of what leads to a stage; null where the page has none. */
export function termOf(of: Net, stage: number): TermId | null {
  return of.layer(stage)?.kind ?? (of.isSoftmax(stage) ? "softmax" : null);
}

/** What leads to a stage, with the numbers that matter most. */
export function titleOf(of: Net, stage: number): string {
  const { layers, layerNames, train } = strings.value;
  const { layer, operator = "", bounds } = of.stage(stage);
  if (stage === 0) return train.input;
  if (layer) return layerTitle(layer);
  if (of.isSoftmax(stage)) return layerNames.softmax;
  if (operator === "Clip" && bounds) return clipName(bounds);
  return operator === "Add" ? layers.short.add : operator;
}

/** The same in a word, for where there is little room. */
export function shortOf(of: Net, stage: number): string {
  const { short } = strings.value.layers;
  const { layer, operator = "", bounds } = of.stage(stage);
  if (stage === 0) return short.image;
  if (layer) return short[layer.kind];
  if (of.isSoftmax(stage)) return short.softmax;
  if (operator === "Clip" && bounds) return clipName(bounds);
  return operator === "Add" ? short.add : operator;
}

/** One sentence on what leads to a stage. */
export function saysOf(of: Net, stage: number): string {
  const { layers, terms } = strings.value;
  if (stage === 0) return layers.imageSays;
  const term = termOf(of, stage);
  if (term) return terms[term].says;
  const { operator, bounds } = of.stage(stage);
  if (operator === "Clip" && bounds) return layers.clipSays(...bounds);
  return operator === "Add" ? layers.addSays : layers.operatorSays(operator ?? "");
}

function clipName([least, most]: readonly [number, number]): string {
  return least === 0 && most > 0 && most < 100 ? `ReLU${most}` : "Clip";
}

/** What a value of a list is called: the class, where the list has one for each. */
export function nameOf(of: Net, stage: number, index: number): string {
  const { labels } = of.info;
  const scores = stage === of.info.answer || of.users(stage).includes(of.info.answer);
  return scores && of.shape(stage).channels === labels.length
    ? className(labels[index] ?? String(index))
    : String(index + 1);
}

/** A cell's place in words. */
export function whereText(of: Net, stage: number, index: number): string {
  const { layers } = strings.value;
  if (of.isList(stage)) return layers.whereInList(nameOf(of, stage, index));
  const { height, width } = of.shape(stage);
  const [channel, at] = [Math.floor(index / (height * width)), index % (height * width)];
  return layers.where(channel + 1, Math.floor(at / width) + 1, (at % width) + 1);
}
