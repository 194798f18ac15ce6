import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { datasetName } from "../../store/datasets";
import { answering, currentModel, labels, modelInfo } from "../../store/session";
import { isOwn, NextStepButton, testedResult } from "../../ui/next-step";
import { isOfClothes } from "./answering";

const TRAINING_IMAGES = 60_000;
/** ImageNet's training photos (ILSVRC 2012). */
const IMAGENET_PHOTOS = 1_281_167;

/** What is known of the network in use, and the page's one primary button. */
export function NextStep() {
  return (
    <section class="next-step">
      <p>{about()}</p>
      <NextStepButton page="draw" />
    </section>
  );
}

function about(): string {
  const { draw } = strings.value;
  if (answering.value === null) return "";
  const { name } = currentModel.value;
  if (isOwn()) {
    const result = testedResult();
    return result
      ? draw.ownTested(name, percent(result.report.accuracy), datasetName(result.images.dataset))
      : draw.ownNetwork(name);
  }
  const accuracy = modelInfo.value?.test?.accuracy;
  const count = whole(TRAINING_IMAGES);
  if (isOfClothes.value) return draw.learnedClothes(count);
  if (modelInfo.value?.dataset === "imagenet")
    return draw.learnedPhotos(whole(IMAGENET_PHOTOS), whole(labels.value.length));
  return accuracy === undefined ? draw.learned(count) : draw.learnedAnd(count, percent(accuracy));
}
