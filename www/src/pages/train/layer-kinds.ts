/** What there is to put together a network from, and what each layer lets a person set. */
import { LAYERS } from "../../engine/constants";
import type { LayerSpec } from "../../engine/types";
import type { Strings } from "../../i18n";

export type LayerKind = LayerSpec["kind"];
export type Field = Exclude<keyof Strings["layerFields"], "layers">;

type Group = keyof Strings["editor"]["groups"];

/** In the order in which a network uses them. */
export const GROUPS: readonly (readonly [Group, readonly LayerKind[]])[] = [
  ["image", ["conv", "depthwise"]],
  ["shrink", ["maxPool", "avgPool", "globalAvgPool"]],
  ["activation", ["relu", "leakyRelu", "sigmoid", "tanh", "gelu"]],
  ["steady", ["batchNorm", "dropout"]],
  ["answer", ["flatten", "dense"]],
];

export const FIELDS = Object.fromEntries(
  Object.entries(LAYERS).map(([kind, settings]) => [kind, Object.keys(settings)]),
) as Record<LayerKind, Field[]>;

const FRACTIONS: readonly Field[] = ["rate", "slope"];
/** What the engine's numbers hold; what is sensible, it says itself. */
const MOST_WHOLE = 2 ** 32 - 1;

export const isFraction = (field: Field) => FRACTIONS.includes(field);

/** Whether the engine can be asked about `value`; whether it fits, is for the engine to say. */
export function canBe(field: Field, value: number): boolean {
  return isFraction(field) ? Number.isFinite(value) : Number.isInteger(value) && value >= 0 && value <= MOST_WHOLE;
}

export function settingOf(layer: LayerSpec, field: Field): number {
  return (layer as unknown as Record<Field, number>)[field];
}

/** The stride of a pooling stays as wide as its window while the two are the same. */
export function withValue(layer: LayerSpec, field: Field, value: number): LayerSpec {
  const follows = field === "size" && "size" in layer && layer.stride === layer.size;
  return { ...layer, [field]: value, ...(follows && { stride: value }) };
}

/** Nothing but what the engine knows of a layer. */
export function plainLayer(layer: LayerSpec): LayerSpec {
  const values = FIELDS[layer.kind].map((field) => [field, settingOf(layer, field)]);
  return { kind: layer.kind, ...Object.fromEntries(values) };
}

/** A layer that fits nearly everywhere: convolutions begin with a padding that keeps the size. */
export function newLayer(kind: LayerKind, place: number, layers: LayerSpec[], classes: number): LayerSpec {
  switch (kind) {
    case "conv":
      return { kind, ...LAYERS.conv, filters: filtersBefore(layers.slice(0, place)) };
    case "dense":
      return { kind, ...LAYERS.dense, ...(place === layers.length && { units: classes }) };
    default:
      return { kind, ...LAYERS[kind] } as LayerSpec;
  }
}

function filtersBefore(layers: LayerSpec[]): number {
  const last = layers.findLast((layer) => layer.kind === "conv");
  return last?.kind === "conv" ? last.filters : LAYERS.conv.filters;
}
