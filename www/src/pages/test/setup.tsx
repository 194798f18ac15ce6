import { useEffect, useRef } from "preact/hooks";
import type { TestSplit } from "../../engine/protocol";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { datasetCalled, datasetName, factsOf } from "../../store/datasets";
import { currentDataset, currentModel, labels, modelInfo, modelState } from "../../store/session";
import {
  cancelTest,
  misfit,
  startTest,
  testBusy,
  testFailure,
  testing,
  testNow,
  testProgress,
  testResult,
  testRunning,
  testSplit,
  testState,
} from "../../store/test";
import { isFocusLost } from "../../ui/focus";
import { Icon } from "../../ui/icons";
import { chooseDataset, DatasetOptions, ModelSelect } from "../../ui/model-select";
import type { Step } from "./next-step";
import { RunProgress } from "./run-progress";
import { timeTaken } from "./time-taken";

/** What is tested on what, and how far it is. */
export function Setup({ step }: { step: Step }) {
  const { test } = strings.value;
  const running = testRunning.value;
  const images = factsOf(currentDataset.value);
  const start = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is disabled now: the focus it lost goes to the one that undoes it. After a test the
    // next step takes it.
    const to = running ? cancel.current : step === "start" ? start.current : null;
    if (isFocusLost()) to?.focus({ preventScroll: true });
  }, [running, step]);
  return (
    <section class="card test-setup" aria-label={test.heading}>
      <fieldset class="test-fields" disabled={testBusy.value}>
        <ModelSelect testId="test-model" label={test.model} />
        <label class="field">
          <span>{test.dataset}</span>
          <select data-testid="test-dataset" value={currentDataset.value} onChange={chooseDataset}>
            <DatasetOptions />
          </select>
        </label>
        <label class="field">
          <span>{test.split}</span>
          <select
            data-testid="test-split"
            value={testSplit.value}
            onChange={(event) => {
              testSplit.value = event.currentTarget.value as TestSplit;
            }}
          >
            <option value="test">{test.splitTest(whole(images.test))}</option>
            {images.validation > 0 && (
              <option value="validation">{test.splitValidation(whole(images.validation))}</option>
            )}
            <option value="train">{test.splitTrain(whole(images.train))}</option>
          </select>
        </label>
      </fieldset>
      <div class="test-transport">
        <button
          ref={start}
          type="button"
          class={step === "start" ? "button primary" : "button"}
          data-testid="test-start"
          disabled={testBusy.value || misfit.value !== ""}
          onClick={() => void startTest()}
        >
          <Icon name="play" />
          {testResult.value && !running
            ? test.again
            : test.start(currentModel.value.name, datasetName(currentDataset.value))}
        </button>
        <button
          ref={cancel}
          type="button"
          class="button"
          data-testid="test-cancel"
          disabled={!running}
          onClick={cancelTest}
        >
          {test.cancel}
        </button>
      </div>
      {misfit.value !== "" && !testBusy.value && <Misfit />}
      <Notes />
      <Status />
    </section>
  );
}

/** Why these two do not go together, and one click to what does. */
function Misfit() {
  const { session, test } = strings.value;
  return (
    <div class="test-failure" data-testid="test-misfit" role="alert">
      <p>{misfit.value}</p>
      <button
        type="button"
        class="button primary"
        data-testid="test-use-digits"
        onClick={() => void testNow("digits", "mnist")}
      >
        {test.start(session.names.digits ?? "digits", datasetName("mnist"))}
      </button>
    </div>
  );
}

/** What should be known of this choice before its figures are believed. */
function Notes() {
  const { test } = strings.value;
  const notes = [
    currentDataset.value === "fashion-mnist" && test.splitOurs,
    testSplit.value === "train" && test.splitTrainHint,
    otherNames() && test.otherNames(otherNames()),
    ofUnknownOrigin() && test.unknownOrigin,
  ].filter((note) => note !== false && note !== "");
  if (notes.length === 0) return null;
  return (
    <ul class="test-notes muted small" data-testid="test-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** The first names of a model that was trained on other data; empty where they fit, or nothing is known of them. */
function otherNames(): string {
  const trainedOn = modelInfo.value?.dataset;
  const differs =
    modelState.value === "ready" &&
    misfit.value === "" &&
    trainedOn !== undefined &&
    datasetCalled(trainedOn) !== currentDataset.value;
  return differs ? `${labels.value.slice(0, 3).join(", ")}…` : "";
}

/** Whether the file is silent about what it has learned from. */
function ofUnknownOrigin(): boolean {
  return modelState.value === "ready" && misfit.value === "" && modelInfo.value?.dataset === undefined;
}

function Status() {
  const { test } = strings.value;
  const running = testRunning.value;
  const { done, total } = testProgress.value;
  const failure = testing.value === null && !testResult.value ? testFailure.value : null;
  return (
    <div
      class="test-status"
      data-testid="test-status"
      data-state={testState.value}
      data-done={done}
      data-total={total || ""}
      data-seconds={testResult.value?.seconds.toFixed(3) ?? ""}
    >
      {running && <RunProgress />}
      {failure && (
        <p class="test-failure" role="alert">
          {failure}
        </p>
      )}
      {!running && !failure && !testResult.value && <p class="muted small">{test.empty}</p>}
      <p class="unseen" role="status">
        {doneText()}
      </p>
    </div>
  );
}

export function doneText(): string {
  const result = testResult.value;
  if (!result) return "";
  const { states } = strings.value.test;
  const { n, correct } = result.report;
  const rate = whole(n / result.seconds);
  return `${states.done(whole(n), timeTaken(result.seconds), rate)} · ${states.wrong(whole(n - correct))}`;
}
