/** What would make a network fit, for each way in which it does not. */
import { LAYERS } from "../../engine/constants";
import type { LayerReport, LayerSpec, ModelSpec, SpecReport } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { NetworkProblem } from "../../store/plan";
import { type Field, withValue } from "./layer-kinds";

export interface Repair {
  label: string;
  layers: LayerSpec[];
}

/** The repair that is most likely meant; null where only the person can say. */
export function repairOf(
  { layer: at, misfit }: NetworkProblem,
  { layers, input }: ModelSpec,
  report: SpecReport,
  classes: number,
): Repair | null {
  const { layerFixes } = strings.value;
  const layer = layers[at];
  const set = (field: Field, value: number, label = settingText(field, value)): Repair | null =>
    layer ? { label, layers: layers.with(at, withValue(layer, field, value)) } : null;
  switch (misfit.kind) {
    case "noLayers":
    case "lastLayer":
      return endingIn(classes, layers);
    case "classes":
      return set("units", misfit.wanted);
    case "needsFlatten":
      return { label: layerFixes.flattenBefore, layers: layers.toSpliced(at, 0, { kind: "flatten" }) };
    case "flattenTwice":
      return { label: layerFixes.remove, layers: layers.toSpliced(at, 1) };
    case "needsMap":
      return beforeFlatten(at, layers);
    case "windowTooLarge":
      return layer?.kind === "conv" || layer?.kind === "depthwise"
        ? set("kernel", misfit.most, layerFixes.kernel(misfit.most))
        : set("size", misfit.most, layerFixes.window(misfit.most));
    case "paddingTooWide":
      // As much as keeps the size.
      return set("padding", Math.floor(misfit.kernel / 2));
    case "tooSmall":
      return misfit.what === "layers" ? null : set(misfit.what, misfit.least);
    case "tooLarge":
      return misfit.what === "layers" ? null : set(misfit.what, misfit.most);
    case "dropoutRate":
      return set("rate", LAYERS.dropout.rate);
    case "slope":
      return set("slope", LAYERS.leakyRelu.slope);
    case "parameters":
      return within(misfit.most, at, layers, [{ shape: [input.channels], parameters: 0 }, ...report.layers]);
    default:
      return null;
  }
}

function settingText(field: Field, value: number): string {
  const { layerFixes, layerFields } = strings.value;
  return layerFixes.set(layerFields[field], Number.isInteger(value) ? whole(value) : String(value));
}

/** A last layer that has a unit for each class. */
function endingIn(classes: number, layers: LayerSpec[]): Repair {
  const { layerFixes } = strings.value;
  const dense: LayerSpec = { kind: "dense", units: classes };
  if (layers.at(-1)?.kind === "dense") {
    return { label: settingText("units", classes), layers: layers.with(-1, dense) };
  }
  return layers.some(({ kind }) => kind === "flatten")
    ? { label: layerFixes.addDense(classes), layers: [...layers, dense] }
    : { label: layerFixes.addFlattenDense(classes), layers: [...layers, { kind: "flatten" }, dense] };
}

function beforeFlatten(at: number, layers: LayerSpec[]): Repair | null {
  const flatten = layers.findIndex(({ kind }) => kind === "flatten");
  const layer = layers[at];
  if (!layer || flatten < 0 || flatten > at) return null;
  const moved = layers.toSpliced(at, 1).toSpliced(flatten, 0, layer);
  return { label: strings.value.layerFixes.moveBeforeFlatten, layers: moved };
}

/** As many filters or units as half of the parameters that are left allow: layers after it have some as well. */
function within(
  most: number,
  at: number,
  layers: LayerSpec[],
  /** The image, and what is known of the layers. */
  known: Pick<LayerReport, "shape" | "parameters">[],
): Repair | null {
  const [layer, from] = [layers[at], known[at]];
  if (!layer || !from) return null;
  const before = known.slice(0, at + 1).reduce((sum, { parameters }) => sum + parameters, 0);
  const left = (most - before) / 2;
  // Channels of an image, or the length of a list.
  const [inputs = 1] = from.shape;
  if (layer.kind === "dense") {
    const units = Math.floor(left / (inputs + 1));
    return units < 1 ? null : { label: settingText("units", units), layers: layers.with(at, { ...layer, units }) };
  }
  if (layer.kind !== "conv") return null;
  const filters = Math.floor(left / (inputs * layer.kernel ** 2 + 1));
  return filters < 1
    ? null
    : { label: settingText("filters", filters), layers: layers.with(at, { ...layer, filters }) };
}
