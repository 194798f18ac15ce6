/** A dataset as a map: images that are alike lie close together. */
import { batch, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { MapEngine } from "../../engine/map/map";
import { withinUnit } from "../../engine/map/place";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { ensureFeatures, featured, looseRows, openedBackbone } from "./features";
import { kept } from "./likeness";
import { onClose, openDataset, openId, samples } from "./open";

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

/** Fewer images have no neighbourhoods: the plane of the largest variance is all that there is to see. */
const LEAST_FOR_UMAP = 10;

export const datasetMap = signal<DatasetMap | null>(null);
export const mapping = signal(false);

const engine = new MapEngine();
let abort: AbortController | null = null;

onClose(closeMap);

/** Computes missing features, shows the plane of the largest variance at once, then UMAP as it settles. */
export async function openMap(): Promise<void> {
  const of = openId.peek();
  if (!of) return;
  abort?.abort(new EngineError("aborted", "Cancelled."));
  const mine = new AbortController();
  abort = mine;
  const { signal } = mine;
  mapping.value = true;
  try {
    await ensureFeatures(signal);
    const index = await kept();
    signal.throwIfAborted();
    const ids = samples.peek().flatMap(({ id }) => (featured.peek().has(id) ? [id] : []));
    if (ids.length === 0) return;
    const plane = await index.plane(ids);
    signal.throwIfAborted();
    const alone = ids.length < LEAST_FOR_UMAP;
    show(plane, "pca", alone ? 1 : 0);
    if (alone) return;
    const { id } = await openedBackbone();
    const given = looseRows(ids);
    const seed = openDataset.peek()?.seed ?? 1;
    const onNews = (news: { ids: Uint32Array; points: Float32Array; share: number }) => {
      if (abort === mine) show(news, "umap", Math.min(news.share, 0.999));
    };
    const settled = await engine.layOut(of, id, ids, { given, seed, signal, onNews });
    if (abort === mine) show(settled, "umap", 1);
  } catch (error) {
    if (!signal.aborted && EngineError.from(error).code !== "aborted") toast("error", explain(error));
  } finally {
    if (abort === mine) {
      abort = null;
      mapping.value = false;
    }
  }
}

function show(
  { ids, points }: { ids: Uint32Array; points: Float32Array },
  method: DatasetMap["method"],
  share: number,
) {
  datasetMap.value = { ids, points: withinUnit(points), method, share };
}

export function closeMap(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
  abort = null;
  batch(() => {
    datasetMap.value = null;
    mapping.value = false;
  });
}
