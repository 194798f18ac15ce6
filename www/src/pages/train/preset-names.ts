import { strings } from "../../i18n";
import type { PresetId } from "../../store/network";

export function presetNames(): Record<PresetId, string> {
  const { train } = strings.value;
  return {
    classic: train.presetClassic,
    digits: train.presetDigits,
    mlp: train.presetMlp,
    depthwise: train.presetDepthwise,
    fashion: train.presetFashion,
    photos: train.presetPhotos,
  };
}
