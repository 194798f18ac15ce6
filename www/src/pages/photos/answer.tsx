import { EngineError } from "../../engine/error";
import { explain, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { isRefused, outcomeOf, type Photo } from "../../store/photos";
import { infoOf } from "../../store/session";
import { areIndependent, IndependentNote, independentText } from "../../ui/independent";
import { noneText } from "../../ui/none";
import { TopLabels } from "../../ui/top-labels";

/** What the model in use says of a photo. */
export function PhotoAnswer({ photo, testId }: { photo: Photo; testId: string }) {
  const { photos } = strings.value;
  const outcome = outcomeOf(photo);
  if (!outcome) return <p class="photo-waiting muted small">{photos.waiting}</p>;
  if (outcome instanceof EngineError) return <p class="photo-failure">{failureText(outcome)}</p>;
  const { predictions, model, ms, incomplete, classes } = outcome;
  const none = isRefused(outcome) ? noneText(classes) : null;
  const scores = infoOf(model.id)?.scores;
  return (
    <>
      {predictions.length > 0 ? (
        <TopLabels predictions={predictions} testId={testId} caption={photos.labels(photo.name)} none={none} />
      ) : (
        <p class="muted">{photos.nothing}</p>
      )}
      {areIndependent(scores) && predictions.length > 0 && (
        <p class="small" data-testid="independent-labels">
          {independentText(predictions)}
        </p>
      )}
      <IndependentNote scores={scores} />
      {incomplete && (
        <p class="photo-incomplete small" data-testid="photo-incomplete">
          {photos.incomplete}
        </p>
      )}
      <p class="photo-time muted small">{photos.time(model.name, ms < 1 ? "< 1" : whole(ms))}</p>
    </>
  );
}

function failureText(error: EngineError): string {
  return error.code === "worker-died" ? strings.value.photos.died : explain(error);
}
