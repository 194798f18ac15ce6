import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { strings } from "../../i18n";
import { sureness, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { imagesOf, lookAt, nameOf } from "./looks";
import type { Place } from "./matrix";
import { Thumb } from "./thumb";

const PAGE = 60;

/** The images of one cell of the matrix, most confident first. */
export function Samples({ result, place }: { result: TestResult; place: Place | null }) {
  const { matrix } = strings.value.test;
  const shown = useSignal(PAGE);
  const { truth = -1, predicted = -1 } = place ?? {};
  useEffect(() => {
    shown.value = PAGE;
  }, [truth, predicted, shown]);
  const images = useMemo(() => imagesOf(result.judged, truth, predicted), [result, truth, predicted]);
  if (!place) return <p class="muted">{matrix.none}</p>;
  const count = whole(images.length);
  return (
    <section
      class="samples"
      data-testid="confusion-samples"
      data-true={result.images.classes[truth]}
      data-pred={result.images.classes[predicted]}
      aria-labelledby="samples-heading"
    >
      <h3 id="samples-heading" aria-live="polite">
        {truth === predicted
          ? matrix.samplesRight(count, nameOf(result, truth))
          : matrix.samples(count, nameOf(result, truth), nameOf(result, predicted))}
      </h3>
      <p class="muted small">{matrix.surestFirst}</p>
      <ul class="thumbs">
        {images.slice(0, shown.value).map((image, at) => (
          <li key={image}>
            <Thumb
              result={result}
              image={image}
              caption={sureness(result.judged.confidence[image] ?? 0)}
              onOpen={() => lookAt([result], images, at)}
            />
          </li>
        ))}
      </ul>
      {images.length > shown.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            shown.value += 2 * PAGE;
          }}
        >
          {matrix.more(whole(Math.min(2 * PAGE, images.length - shown.value)))}
        </button>
      )}
    </section>
  );
}
