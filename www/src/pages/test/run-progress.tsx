import { strings } from "../../i18n";
import { whole, workDone } from "../../i18n/format";
import { testLoading, testProgress, testState } from "../../store/test";

/** How far the test is that is going on. */
export function RunProgress() {
  const { test } = strings.value;
  const { done, total } = testProgress.value;
  const share = total > 0 ? done / total : fetched();
  return (
    <div class="run-progress">
      <p>{progressText()}</p>
      <progress value={share} max={1} aria-label={test.progress} />
    </div>
  );
}

function progressText(): string {
  const { states } = strings.value.test;
  const { done, total } = testProgress.value;
  if (testState.value === "running") return states.running(whole(done), whole(total));
  return testLoading.value === null ? states.loading : states.loadingShare(workDone(fetched()));
}

/** 0–1. */
function fetched(): number {
  const { loaded = 0, total = 0 } = testLoading.value ?? {};
  return total > 0 ? loaded / total : 0;
}
