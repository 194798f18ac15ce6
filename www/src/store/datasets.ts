/** What is known of datasets before their images are fetched: those that come with the page, and a person's own. */
import { computed } from "@preact/signals";
import { DATASETS } from "../engine/constants";
import { countOf } from "../engine/library/library";
import { type OwnDataset, SPLITS, type Split } from "../engine/library/records";
import { type BuiltInId, type DatasetId, isOwn } from "../engine/protocol";
import type { Fit } from "../engine/types";
import { strings } from "../i18n";
import { ownById, ownDatasets } from "./own/list";

export interface DatasetFacts {
  classes: number;
  channels: number;
  height: number;
  width: number;
  /** How a picture becomes like its images: digits are centred by their ink, clothes fill the frame. */
  fit: Fit;
  /** Labelled images to train on, to validate on where the dataset says which, and to test on. */
  train: number;
  validation: number;
  test: number;
}

const builtInIds = Object.keys(DATASETS) as BuiltInId[];

const NONE: DatasetFacts = {
  classes: 0,
  channels: 1,
  height: 28,
  width: 28,
  fit: "whole",
  train: 0,
  validation: 0,
  test: 0,
};

/** Of a dataset that is no longer there, nothing. */
export function factsOf(id: DatasetId): DatasetFacts {
  if (!isOwn(id)) return { ...DATASETS[id], validation: 0 };
  const own = ownById(id);
  return own ? factsOfOwn(own) : NONE;
}

function factsOfOwn(own: OwnDataset): DatasetFacts {
  const { channels, side } = own.input;
  const [train, validation, test] = SPLITS.map((split) => labelled(own, split)) as [number, number, number];
  return { classes: own.classes.length, channels, height: side, width: side, fit: own.fit, train, validation, test };
}

function labelled(own: OwnDataset, split: Split): number {
  return own.classes.reduce((sum, { id }) => sum + countOf(own, id, split), 0);
}

export function datasetName(id: DatasetId): string {
  const { session } = strings.value;
  if (isOwn(id)) return ownById(id)?.name ?? session.datasetGone;
  return { mnist: session.mnist, "fashion-mnist": session.fashionMnist }[id];
}

/** Those that come with the page first. */
export const datasetIds = computed<DatasetId[]>(() => [...builtInIds, ...ownDatasets.value.map(({ id }) => id)]);

/** The dataset that a file says it has learned from, if it is here: files know a dataset by its name. */
export function datasetCalled(name: string | undefined): DatasetId | undefined {
  return builtInIds.find((id) => id === name) ?? ownDatasets.value.findLast((own) => own.name === name)?.id;
}

/** What keeps a dataset from being trained on; null where nothing does. */
export function trainingObstacle(id: DatasetId): "fewClasses" | "emptyClasses" | null {
  const own = isOwn(id) ? ownById(id) : null;
  if (!own) return null;
  const filled = own.classes.filter((each) => countOf(own, each.id, "train") > 0).length;
  if (filled < 2) return "fewClasses";
  return filled < own.classes.length ? "emptyClasses" : null;
}
