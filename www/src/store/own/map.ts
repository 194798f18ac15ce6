/** A dataset as a map: images that are alike lie close together. */
import { signal } from "@preact/signals";

export interface DatasetMap {
  /** The samples' ids. */
  ids: Uint32Array;
  /** `[sample, 2]`, each axis from 0 to 1. */
  points: Float32Array;
  /** `pca` at once, `umap` as it goes on. */
  method: "pca" | "umap";
  /** How far UMAP is, 0–1; 1 when it is done. */
  share: number;
}

export const datasetMap = signal<DatasetMap | null>(null);
export const mapping = signal(false);

/** Computes missing features, shows the plane of the largest variance at once, then UMAP as it settles. */
export async function openMap(): Promise<void> {}

export function closeMap(): void {}
