import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { duration, percent, whole } from "../../i18n/format";
import { plan, progress, runState, trainOn, type ValAt } from "../../store/run";
import { isFocusLost } from "../../ui/focus";
import { Icon } from "../../ui/icons";
import { adoptNet, downloadNet, downloadTraining, testNet } from "./net-actions";
import { nextStep } from "./next-step";

/** What came of the run, and what to do with it. */
export function Summary() {
  const { train } = strings.value;
  const { valAccuracy, valAt, seconds, imagesPerSecond, step } = progress.value;
  const title = {
    done: train.summaryDone,
    stopped: train.summaryStopped,
    failed: train.summaryFailed,
  }[runState.value as "done" | "stopped" | "failed"];
  const card = useRef<HTMLElement>(null);
  const use = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const { matches: still } = matchMedia("(prefers-reduced-motion: reduce)");
    card.current?.scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
    // Stop was pressed and is gone now: the focus it lost goes to the next step.
    if (isFocusLost()) use.current?.focus({ preventScroll: true });
  }, []);
  const parameters = plan.value?.parameters;
  return (
    <section ref={card} class="summary" data-testid="train-summary" aria-label={title}>
      <h2>{title}</h2>
      <p>
        {valAccuracy !== null && valAt && `${summaryOf(valAccuracy, valAt)} `}
        {train.summaryTime(whole(step), duration(seconds))}
      </p>
      <ul class="summary-facts">
        {parameters != null && <li>{`${train.parameters}: ${whole(parameters)}`}</li>}
        {imagesPerSecond !== null && <li>{`${train.imagesPerSecond}: ${whole(imagesPerSecond)}`}</li>}
      </ul>
      <div class="summary-actions">
        <button
          ref={use}
          type="button"
          class={nextStep.value === "use" ? "button primary" : "button"}
          data-testid="train-use"
          onClick={() => void adoptNet()}
        >
          {train.use}
          <Icon name="next" />
        </button>
        <button type="button" class="button" data-testid="train-test" onClick={() => void testNet()}>
          {train.test}
        </button>
        <button type="button" class="button" data-testid="train-export" onClick={() => void downloadNet()}>
          <Icon name="download" />
          {train.export}
        </button>
        {runState.value !== "failed" && (
          <button
            type="button"
            class="button"
            data-testid="train-export-state"
            title={train.exportStateHint}
            onClick={() => void downloadTraining()}
          >
            <Icon name="download" />
            {train.exportState}
          </button>
        )}
      </div>
      {runState.value !== "failed" && <TrainOn />}
    </section>
  );
}

function summaryOf(accuracy: number, at: ValAt): string {
  const { train } = strings.value;
  const [right, images] = [percent(accuracy), whole(at.images)];
  return at.whole ? train.summaryWhole(right, images, at.epoch) : train.summarySample(right, images, whole(at.step));
}

/** Not enough yet: the same run, longer. */
function TrainOn() {
  const more = useSignal(1);
  const { train } = strings.value;
  const done = runState.value === "done";
  return (
    <div class="summary-more">
      {done && (
        <label>
          <span>{train.moreEpochs}</span>
          <input
            type="number"
            data-testid="train-on-epochs"
            min={1}
            max={1000}
            required
            value={more.value}
            onInput={({ currentTarget }) => {
              if (currentTarget.validity.valid) more.value = currentTarget.valueAsNumber;
            }}
          />
        </label>
      )}
      <button type="button" class="button" data-testid="train-on" onClick={() => void trainOn(more.value)}>
        <Icon name="play" />
        {done ? train.trainOn : train.goOn}
      </button>
    </div>
  );
}
