/** What a backbone makes of the open dataset's images: computed once for each, and kept. */
import { computed, signal } from "@preact/signals";

export type BackboneId = "lite0" | "lite2";

export const BACKBONES = ["lite0", "lite2"] as const satisfies readonly BackboneId[];

/** The network whose features are used, for all datasets; kept in this browser. */
export const backbone = signal<BackboneId>("lite0");

/** How far the images are; null while none are worked on. `loading`: the backbone's file is on its way. */
export const featuring = signal<{ done: number; total: number; secondsLeft: number | null; loading: boolean } | null>(
  null,
);

/** The ids of the open dataset's samples that have features of the backbone. */
export const featured = signal<ReadonlySet<number>>(new Set());

/** How many samples of the open dataset have none yet. */
export const featuresMissing = computed(() => 0);

export function chooseBackbone(_id: BackboneId): void {}

/** Computes what is missing. Resolves when all is there; rejects where it is cancelled. */
export async function ensureFeatures(_signal?: AbortSignal): Promise<void> {}

export function cancelFeatures(): void {}
