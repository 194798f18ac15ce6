import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { imagesOf, lookAt } from "./looks";
import type { Place } from "./matrix";
import { inWords } from "./mistakes";
import { Thumb } from "./thumb";

const PAGE = 12;

/** The images of one cell of the matrix, most confident first. */
export function Samples({ result, chosen }: { result: TestResult; chosen: Signal<Place | null> }) {
  const { matrix } = strings.value.test;
  const shown = useSignal(PAGE);
  const place = chosen.value;
  const { truth = -1, predicted = -1 } = place ?? {};
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(place);
  useEffect(() => {
    shown.value = PAGE;
    // On a phone the images lie below what was chosen.
    if (place && place !== first.current) showIfBelow(heading.current);
    first.current = null;
  }, [place, shown]);
  const images = useMemo(() => imagesOf(result.judged, truth, predicted), [result, truth, predicted]);
  if (!place) return <p class="muted">{matrix.none}</p>;
  return (
    <section
      class="samples"
      data-testid="confusion-samples"
      data-true={result.images.classes[truth]}
      data-pred={result.images.classes[predicted]}
      aria-labelledby="samples-heading"
    >
      <h3 id="samples-heading" ref={heading} aria-live="polite">
        {inWords({ truth, predicted, count: images.length }, result.images.classes)}
      </h3>
      <p class="muted small">{matrix.surestFirst}</p>
      <ul class="thumbs">
        {images.slice(0, shown.value).map((image, at) => (
          <li key={image}>
            <Thumb results={[result]} image={image} onOpen={() => lookAt([result], images, at)} />
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

/** Lowest place on the screen, as a share of its height, from which an image can still be seen below a heading. */
const LOWEST = 0.6;

function showIfBelow(heading: HTMLElement | null): void {
  const top = heading?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > LOWEST * innerHeight) heading?.scrollIntoView({ block: "center" });
}
