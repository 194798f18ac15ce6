/** Which of the photos are shown. */
import { computed, effect, signal } from "@preact/signals";
import { answerOf, isRefused, labelling, type Photo, photos, stateOf } from "../../store/photos";
import { currentModelId } from "../../store/session";

/** Photos of one best label, those that are none of the classes, could not be read, or in which nothing was found. */
export type Filter = { label: string } | "none" | "failed" | "nothing" | null;

/** A choice belongs to the model whose labels were chosen among. */
const chosen = signal<{ model: string; filter: Filter }>({ model: "", filter: null });
export const filter = computed(() => (chosen.value.model === currentModelId.value ? chosen.value.filter : null));

export interface LabelCount {
  label: string;
  count: number;
}

/** While photos are answered the list is brought up to date so often: it is long, and drawn anew as a whole. */
const COUNT_EVERY_MS = 500;

/** The best labels of all photos, the commonest first. */
export const bestLabels = signal<LabelCount[]>([]);
let due: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  const counts = countLabels();
  if (!labelling.value) {
    clearTimeout(due);
    due = undefined;
    bestLabels.value = sorted(counts);
    return;
  }
  due ??= setTimeout(() => {
    due = undefined;
    bestLabels.value = sorted(countLabels());
  }, COUNT_EVERY_MS);
});

function countLabels(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const photo of photos.value) {
    const best = classOf(photo);
    if (best !== undefined) counts.set(best, (counts.get(best) ?? 0) + 1);
  }
  return counts;
}

function sorted(counts: Map<string, number>): LabelCount[] {
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}

export const failures = computed(() => photos.value.filter((photo) => stateOf(photo) === "failed").length);
export const nothings = computed(() => photos.value.filter(foundNothing).length);
export const refusals = computed(() => photos.value.filter((photo) => isRefused(answerOf(photo))).length);
export const shownPhotos = computed(() => photos.value.filter(isShown));

export function choose(next: Filter): void {
  chosen.value = { model: currentModelId.peek(), filter: next };
}

export function isShown(photo: Photo): boolean {
  const wanted = filter.value;
  if (wanted === null) return true;
  if (wanted === "failed") return stateOf(photo) === "failed";
  if (wanted === "nothing") return foundNothing(photo);
  if (wanted === "none") return isRefused(answerOf(photo));
  return classOf(photo) === wanted.label;
}

/** The best label; none where it is refused. */
function classOf(photo: Photo): string | undefined {
  const answer = answerOf(photo);
  return isRefused(answer) ? undefined : answer?.predictions[0]?.label;
}

function foundNothing(photo: Photo): boolean {
  return answerOf(photo)?.predictions.length === 0;
}
