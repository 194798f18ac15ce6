import { strings } from "../../i18n";
import { sureness, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { Picture } from "../../ui/picture";
import { nameOf, pixelsOf } from "./looks";

interface Props {
  result: TestResult;
  image: number;
  caption: string;
  onOpen: () => void;
}

/** An image of the test, small; opens it large. */
export function Thumb({ result, image, caption, onOpen }: Props) {
  const { matrix } = strings.value.test;
  const { judged, images } = result;
  const [truth, predicted] = [judged.truth[image], judged.predicted[image]];
  const confidence = judged.confidence[image] ?? 0;
  const share = sureness(confidence);
  const label = matrix.sample(whole(image + 1), nameOf(result, truth), nameOf(result, predicted), share);
  return (
    <button
      type="button"
      class="thumb"
      data-testid="test-image"
      data-index={image}
      data-p={confidence.toFixed(6)}
      title={label}
      onClick={onOpen}
    >
      <Picture pixels={pixelsOf(images, image)} height={images.height} width={images.width} label={label} />
      <span aria-hidden="true">{caption}</span>
    </button>
  );
}
