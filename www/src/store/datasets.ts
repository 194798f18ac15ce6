/** What is known of the datasets that come with the page before their images are fetched. */
import type { DatasetId } from "../engine/protocol";
import type { Fit } from "../engine/types";

export interface BuiltIn {
  classes: number;
  channels: number;
  height: number;
  width: number;
  /** How a picture becomes like its images: digits are centred by their ink, clothes fill the frame. */
  fit: Fit;
}

export const builtIn: Record<DatasetId, BuiltIn> = {
  mnist: { classes: 10, channels: 1, height: 28, width: 28, fit: "digit" },
  "fashion-mnist": { classes: 10, channels: 1, height: 28, width: 28, fit: "whole" },
};

export const datasetIds = Object.keys(builtIn) as DatasetId[];
