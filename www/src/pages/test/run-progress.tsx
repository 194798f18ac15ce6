import { strings } from "../../i18n";
import { roughly, whole } from "../../i18n/format";
import { fetching } from "../../store/fetching";
import { testing, testProgress, testSecondsLeft, testState } from "../../store/test";
import { FetchingLine } from "../../ui/fetching-line";
import { datasetTitle } from "./dataset-title";
import { titleOf } from "./looks";

/** What is being tested, and how far it is. */
export function RunProgress() {
  const { test } = strings.value;
  const job = testing.value;
  if (!job) return null;
  const { done, total } = testProgress.value;
  const running = testState.value === "running";
  // The package is downloaded once: while another worker does, it is told of that one.
  const engine = fetching.value.tester ? "tester" : "recogniser";
  const needed = running ? [] : ([engine, "testImages", `model ${job.model.id}`] as const);
  const coming = needed.filter((what) => fetching.value[what]);
  return (
    <div class="run-progress">
      <p>{test.states.testing(titleOf(job), datasetTitle(job))}</p>
      {coming.map((what) => (
        <FetchingLine key={what} what={what} />
      ))}
      {running && <progress value={done} max={total} aria-label={test.progress} />}
      {!running && coming.length === 0 && <progress aria-label={test.progress} />}
      <p class="muted small">{running ? far() : test.states.loading}</p>
    </div>
  );
}

function far(): string {
  const { session, test } = strings.value;
  const { done, total } = testProgress.value;
  const left = testSecondsLeft.value;
  const text = test.states.running(whole(done), whole(total));
  return left === null ? text : `${text} · ${session.left(roughly(left))}`;
}
