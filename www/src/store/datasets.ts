/** What is known of the datasets that come with the page before their images are fetched. */
import { DATASETS } from "../engine/constants";
import type { DatasetId } from "../engine/protocol";
import type { Fit } from "../engine/types";
import { strings } from "../i18n";

export interface BuiltIn {
  classes: number;
  channels: number;
  height: number;
  width: number;
  /** How a picture becomes like its images: digits are centred by their ink, clothes fill the frame. */
  fit: Fit;
  /** Images to train on, and to test on. */
  train: number;
  test: number;
}

export const builtIn: Record<DatasetId, BuiltIn> = DATASETS;

export function datasetName(id: DatasetId): string {
  const { session } = strings.value;
  return { mnist: session.mnist, "fashion-mnist": session.fashionMnist }[id];
}

export const datasetIds = Object.keys(builtIn) as DatasetId[];
