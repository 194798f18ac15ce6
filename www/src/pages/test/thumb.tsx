import { strings } from "../../i18n";
import { sureness, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { noneText } from "../../ui/none";
import { Picture } from "../../ui/picture";
import { nameOf, pixelsOf, titleOf } from "./looks";
import { isRefusedIn } from "./refusals";

interface Props {
  /** Of the network, or of two that are compared. */
  results: TestResult[];
  image: number;
  testId?: string;
  onOpen: () => void;
}

/** An image of the test with its true class and every network's answer; opens it large. */
export function Thumb({ results, image, testId = "test-image", onOpen }: Props) {
  const { matrix } = strings.value.test;
  const [first] = results;
  if (!first) return null;
  const { images, judged } = first;
  const truth = nameOf(first, judged.truth[image]);
  const answers = results.map((result) => answerOf(result, image, results.length > 1));
  const label = matrix.sample(whole(image + 1), truth, answers.join(", "));
  return (
    <button
      type="button"
      class="thumb"
      data-testid={testId}
      data-index={image}
      data-p={(judged.confidence[image] ?? 0).toFixed(6)}
      title={label}
      onClick={onOpen}
    >
      <Picture pixels={pixelsOf(images, image)} height={images.height} width={images.width} label={label} />
      <span class="thumb-lines" aria-hidden="true">
        <span>{matrix.sampleTruth(truth)}</span>
        {answers.map((answer, at) => (
          <span key={results[at]?.model.id}>{answer}</span>
        ))}
      </span>
    </button>
  );
}

/** "Net: 9 · 98.7%"; of two networks each has its name. */
function answerOf(result: TestResult, image: number, named: boolean): string {
  const { matrix } = strings.value.test;
  const { judged } = result;
  const answer = nameOf(result, judged.predicted[image]);
  const network = named ? titleOf(result) : matrix.network;
  if (isRefusedIn(result, image))
    return strings.value.none.test.thumb(network, noneText(result.images.classes), answer);
  return matrix.sampleAnswer(network, answer, sureness(judged.confidence[image] ?? 0));
}
