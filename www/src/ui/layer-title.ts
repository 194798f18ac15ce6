import type { LayerSpec } from "../engine/types";
import { strings } from "../i18n";
import { setting } from "../i18n/format";

/** A layer in the page's language, with the numbers that matter most. */
export function layerTitle(layer: LayerSpec): string {
  const { layerNames } = strings.value;
  switch (layer.kind) {
    case "conv":
      return layerNames.conv(layer.kernel, layer.filters);
    case "depthwise":
      return layerNames.depthwise(layer.kernel);
    case "maxPool":
    case "avgPool":
      return layerNames[layer.kind](layer.size);
    case "dropout":
      return layerNames.dropout(setting(layer.rate));
    case "dense":
      return layerNames.dense(layer.units);
    default:
      return layerNames[layer.kind];
  }
}

/** `[channels, height, width]` as people write it, height × width × channels; or `[length]`. */
export function shapeText(shape: number[]): string {
  const [channels, height, width] = shape;
  return shape.length === 3 ? `${height} × ${width} × ${channels}` : shape.join(" × ");
}
