import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { decimal, whole } from "../../i18n/format";
import { cancelled, cancelPhotos, labelling, lastBatch, photos, resumePhotos, waiting } from "../../store/photos";
import { currentModel, modelState } from "../../store/session";
import { isFocusLost } from "../../ui/focus";
import { ModelLoading } from "../../ui/model-loading";

/** How far the work is, and the ways to stop it and to take it up. */
export function Progress() {
  const text = strings.value.photos;
  const total = photos.value.length;
  const done = total - waiting.value;
  const stopped = cancelled.value && waiting.value > 0;
  const resume = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const before = useRef(stopped);
  useEffect(() => {
    if (before.current === stopped) return;
    before.current = stopped;
    // The button that was pressed has gone: the focus it lost goes to the one that undoes it.
    if (isFocusLost()) (stopped ? resume : cancel).current?.focus({ preventScroll: true });
  }, [stopped]);
  return (
    <div class="photo-progress" data-testid="photo-progress" data-done={done} data-total={total}>
      <div class="photo-progress-text">
        <p>{progressText(done)}</p>
        <p class="unseen" role="status">
          {progressText(tenths(done, total))}
        </p>
        {stopped && (
          <button ref={resume} type="button" class="button primary" data-testid="photo-resume" onClick={resumePhotos}>
            {text.resume(whole(waiting.value))}
          </button>
        )}
        <button
          ref={cancel}
          type="button"
          class="button"
          data-testid="photo-cancel"
          hidden={stopped || done === total}
          onClick={cancelPhotos}
        >
          {text.cancel}
        </button>
      </div>
      <progress value={done} max={total} hidden={done === total} aria-label={text.progress} />
      {done < total && <ModelLoading />}
    </div>
  );
}

/** Read aloud ten times, not for every photo. */
function tenths(done: number, total: number): number {
  return Math.floor((Math.floor((10 * done) / Math.max(total, 1)) * total) / 10);
}

function progressText(done: number): string {
  const text = strings.value.photos;
  const total = photos.value.length;
  if (waiting.value === 0) return doneText(total);
  if (cancelled.value) return text.cancelled(whole(done), whole(total));
  if (!labelling.value && modelState.value === "failed") return strings.value.draw.failed;
  // What other workers do goes on while the model is opened again for this page.
  return labelling.value ? text.working(whole(done), whole(total)) : text.loading(currentModel.value.name);
}

function doneText(total: number): string {
  const text = strings.value.photos;
  const batch = lastBatch.value;
  if (!batch || batch.photos < total) return text.done(total);
  return text.doneIn(total, decimal(batch.seconds, 1), decimal(total / batch.seconds, 1), batch.workers);
}
