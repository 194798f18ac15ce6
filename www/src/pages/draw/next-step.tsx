import type { DatasetId } from "../../engine/protocol";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { address } from "../../router";
import { shapeOf, unfit } from "../../store/compatible";
import { builtIn, datasetIds } from "../../store/datasets";
import { type Facts, nextStep } from "../../store/next-step";
import { busy } from "../../store/run";
import {
  answering,
  currentDataset,
  currentModel,
  currentModelId,
  labels,
  modelInfo,
  modelState,
  use,
} from "../../store/session";
import { type TestResult, testNow, testResult } from "../../store/test";
import { Icon } from "../../ui/icons";
import { isOfClothes, takesPhotos } from "./answering";

const TRAINING_IMAGES = 60_000;
/** ImageNet's training photos (ILSVRC 2012). */
const IMAGENET_PHOTOS = 1_281_167;

/** What is known of the network in use, and the page's one primary button. */
export function NextStep() {
  return (
    <section class="next-step">
      <p>{about()}</p>
      {action()}
    </section>
  );
}

function action() {
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
      data-testid={step === "train" ? "draw-train-yours" : "draw-next"}
      data-step={step}
      onClick={() => {
        if (step === "test") void testNow(currentModelId.value, testedOn());
      }}
    >
      {label}
    </a>
  );
}

function facts(): Facts {
  return {
    state: modelState.value,
    own: isOwn(),
    takesDrawings: !takesPhotos.value,
    testable: modelInfo.value !== null && unfit(shapeOf(modelInfo.value), builtIn[testedOn()]) === "",
    tested: testedResult() !== null,
    training: busy.value,
  };
}

function isOwn(): boolean {
  return currentModel.value.origin !== "shipped";
}

/** What it gave on images that it has not learned from. */
function testedResult(): TestResult | null {
  const { value: result } = testResult;
  return result?.images.split === "test" ? result : null;
}

/** The dataset that a network was made for, where the page has it. */
function testedOn(): DatasetId {
  return datasetIds.find((id) => id === modelInfo.value?.dataset) ?? currentDataset.value;
}

function about(): string {
  const { draw, session } = strings.value;
  if (answering.value === null) return "";
  const { name } = currentModel.value;
  if (isOwn()) {
    const result = testedResult();
    const datasets = { mnist: session.mnist, "fashion-mnist": session.fashionMnist };
    return result
      ? draw.ownTested(name, percent(result.report.accuracy), datasets[result.images.dataset])
      : draw.ownNetwork(name);
  }
  const accuracy = modelInfo.value?.test?.accuracy;
  const count = whole(TRAINING_IMAGES);
  if (isOfClothes.value) return draw.learnedClothes(count);
  if (modelInfo.value?.dataset === "imagenet")
    return draw.learnedPhotos(whole(IMAGENET_PHOTOS), whole(labels.value.length));
  return accuracy === undefined ? draw.learned(count) : draw.learnedAnd(count, percent(accuracy));
}
