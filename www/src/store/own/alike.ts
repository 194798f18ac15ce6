/** The images of the open dataset that are most like some of them. */
import { batch, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { OwnSample } from "../../engine/library/records";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { ensureFeatures } from "./features";
import { kept } from "./likeness";
import { onClose, openId, samples, samplesOf } from "./open";

export interface Alike {
  /** What was asked for. */
  to: readonly number[];
  /** The most similar first; cosine of the features, −1 to 1. */
  results: readonly { sample: OwnSample; similarity: number }[];
  /** What the search itself took. */
  milliseconds: number;
}

const MOST_RESULTS = 60;

/** null where nothing was asked for. */
export const alike = signal<Alike | null>(null);
/** Features are computed first where they are missing (`featuring`). */
export const seekingAlike = signal(false);

let abort: AbortController | null = null;

onClose(closeAlike);

/** Finds what is most like all of these samples together. */
export async function findAlike(ids: readonly number[]): Promise<void> {
  const of = openId.peek();
  if (!of || ids.length === 0) return;
  abort?.abort(new EngineError("aborted", "Cancelled."));
  const mine = new AbortController();
  abort = mine;
  seekingAlike.value = true;
  try {
    await ensureFeatures(mine.signal);
    const index = await kept();
    const {
      ids: found,
      similarities,
      ms,
    } = await index.alike(
      ids,
      MOST_RESULTS,
      samples.peek().map(({ id }) => id),
    );
    if (abort !== mine) return;
    const known = new Map(samplesOf(found).map((sample) => [sample.id, sample]));
    const results = Array.from(found, (id, place) => ({ sample: known.get(id), similarity: similarities[place] ?? 0 }));
    alike.value = { to: ids, results: results.filter(isThere), milliseconds: ms };
  } catch (error) {
    if (!mine.signal.aborted && EngineError.from(error).code !== "aborted") toast("error", explain(error));
  } finally {
    if (abort === mine) {
      abort = null;
      seekingAlike.value = false;
    }
  }
}

function isThere<T extends { sample: OwnSample | undefined }>(found: T): found is T & { sample: OwnSample } {
  return found.sample !== undefined && found.sample.gone === undefined;
}

export function closeAlike(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
  abort = null;
  batch(() => {
    alike.value = null;
    seekingAlike.value = false;
  });
}
