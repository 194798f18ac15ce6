import type { Prediction, Scores } from "../engine/types";
import { className, strings } from "../i18n";

/** From this probability on a label that is judged for itself is held right. */
const RIGHT = 0.5;

/** Whether each label is judged for itself: several may be right at once, or none. */
export function areIndependent(scores: Scores | undefined): boolean {
  return scores === "independent";
}

/** The labels that are right, the surest first; that none is, where none is. */
export function independentText(predictions: readonly Prediction[]): string {
  const { opening } = strings.value;
  const right = predictions.filter(({ p }) => p >= RIGHT).map(({ label }) => className(label));
  return right.length > 0 ? opening.several(right) : opening.noLabel;
}

/** That the shares do not add up, where they do not. */
export function IndependentNote({ scores }: { scores: Scores | undefined }) {
  if (!areIndependent(scores)) return null;
  return (
    <p class="muted small" data-testid="independent-note">
      {strings.value.opening.independent}
    </p>
  );
}
