import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { duration, percent, whole } from "../../i18n/format";
import { plan, progress, runState } from "../../store/run";
import { Icon } from "../../ui/icons";
import { adoptNet, downloadNet } from "./net-actions";

/** What came of the run, and what to do with it. */
export function Summary() {
  const { train } = strings.value;
  const { valAccuracy, seconds, imagesPerSecond, step } = progress.value;
  const title = {
    done: train.summaryDone,
    stopped: train.summaryStopped,
    failed: train.summaryFailed,
  }[runState.value as "done" | "stopped" | "failed"];
  const use = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Stop was pressed and is disabled now: the focus it lost goes to the next step.
    if (document.activeElement === document.body) use.current?.focus({ preventScroll: true });
  }, []);
  const parameters = plan.value?.parameters;
  return (
    <section class="summary" data-testid="train-summary" aria-label={title}>
      <h2>{title}</h2>
      <p>
        {valAccuracy === null
          ? train.summaryTextUnknown(whole(step), duration(seconds))
          : train.summaryText(percent(valAccuracy, 2), duration(seconds))}
      </p>
      <ul class="summary-facts">
        {parameters != null && <li>{`${train.parameters}: ${whole(parameters)}`}</li>}
        {imagesPerSecond !== null && <li>{`${train.imagesPerSecond}: ${whole(imagesPerSecond)}`}</li>}
      </ul>
      <div class="summary-actions">
        <button ref={use} type="button" class="button primary" data-testid="train-use" onClick={() => void adoptNet()}>
          {train.use}
          <Icon name="next" />
        </button>
        <button type="button" class="button" data-testid="train-export" onClick={() => void downloadNet()}>
          <Icon name="download" />
          {train.export}
        </button>
      </div>
    </section>
  );
}
