import type { DatasetId } from "../engine/protocol";
import { strings } from "../i18n";
import { address } from "../router";
import { shapeOf, unfit } from "../store/compatible";
import { datasetCalled } from "../store/datasets";
import { type Facts, nextStep } from "../store/next-step";
import { busy } from "../store/run";
import { currentDataset, currentModel, currentModelId, modelInfo, modelState, use } from "../store/session";
import { imagesFor, type TestResult, testNow, testResult } from "../store/test";
import { Icon } from "./icons";

/** The one primary button of a page that shows what a network answers: the next stage of making one. */
export function NextStepButton({ page }: { page: "draw" | "layers" }) {
  const { next } = strings.value.draw;
  const step = nextStep(facts());
  const text = step === "train" && isOwn() ? next.another : next[step];
  const label = (
    <>
      {text}
      <Icon name="next" />
    </>
  );
  if (step === "digits") {
    return (
      <button type="button" class="button primary" data-step={step} onClick={() => void use("digits")}>
        {label}
      </button>
    );
  }
  const to = step === "watch" ? "train" : step;
  return (
    <a
      class="button primary"
      href={address(to)}
      data-testid={step === "train" ? `${page}-train-yours` : `${page}-next`}
      data-step={step}
      onClick={() => {
        if (step === "test") void testNow(currentModelId.value, testedOn());
      }}
    >
      {label}
    </a>
  );
}

/** Whether the network in use is one that the person made or opened. */
export function isOwn(): boolean {
  return currentModel.value.origin !== "shipped";
}

/** What it gave on images that it has not learned from. */
export function testedResult(): TestResult | null {
  const { value: result } = testResult;
  return result?.images.split === "test" ? result : null;
}

function facts(): Facts {
  return {
    state: modelState.value,
    own: isOwn(),
    takesDrawings: modelInfo.value?.takesDrawings !== false,
    testable:
      modelInfo.value !== null &&
      unfit(shapeOf(modelInfo.value), imagesFor(shapeOf(modelInfo.value), testedOn())) === "",
    tested: testedResult() !== null,
    training: busy.value,
  };
}

/** The dataset that a network was made for, if the page has it. */
function testedOn(): DatasetId {
  return datasetCalled(modelInfo.value?.dataset) ?? currentDataset.value;
}
