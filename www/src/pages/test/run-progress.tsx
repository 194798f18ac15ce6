import { strings } from "../../i18n";
import { roughly, whole } from "../../i18n/format";
import { fetching } from "../../store/fetching";
import { testing, testProgress, testSecondsLeft, testState } from "../../store/test";
import { FetchingLine, fetchingText } from "../../ui/fetching-line";
import { datasetTitle } from "./dataset-title";
import { titleOf } from "./looks";

/** What is being tested, and how far it is. */
export function RunProgress() {
  const { test } = strings.value;
  const job = testing.value;
  if (!job) return null;
  const { done, total } = testProgress.value;
  const running = testState.value === "running";
  return (
    <div class="run-progress">
      <p>{test.states.testing(titleOf(job), datasetTitle(job))}</p>
      {!running && fetchingText("tester") && <FetchingLine what="tester" />}
      {!running && fetchingText("testImages") && <FetchingLine what="testImages" />}
      {running && <progress value={done} max={total} aria-label={test.progress} />}
      {!running && Object.keys(fetching.value).length === 0 && <progress aria-label={test.progress} />}
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
