import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { strings } from "../../i18n";
import { percent, plain, whole } from "../../i18n/format";
import { areDigits, type Reject, rejecting } from "../../store/rejecting";
import type { TestResult } from "../../store/test";
import { Switch } from "../../ui/none";
import { Term } from "../../ui/term";
import { lookAt, nameOf } from "./looks";
import { type Refusals, refusalsOf, rejectIn } from "./refusals";
import { Thumb } from "./thumb";

const PAGE = 12;
/** Classes that are listed, the most refused first. */
const MOST_CLASSES = 20;

/** How many images the model had no class for, and how right it is on the others; nothing where it cannot tell. */
export function Refused({ result }: { result: TestResult }) {
  const reject = rejectIn(result);
  return reject && <Told result={result} reject={reject} />;
}

function Told({ result, reject }: { result: TestResult; reject: Reject }) {
  const { test } = strings.value.none;
  const { judged, images, report } = result;
  const { threshold, kept } = reject;
  const counts = useMemo(() => refusalsOf(judged, threshold, images.classes.length), [judged, threshold, images]);
  const on = rejecting.value;
  const refused = counts.images.length;
  return (
    <section
      class="card refused"
      aria-labelledby="refused-heading"
      data-testid="test-refused"
      data-refused={on ? refused : ""}
      data-answered={on ? counts.answered : ""}
      data-accuracy={on && counts.answered > 0 ? plain(counts.right / counts.answered) : ""}
      data-n={report.n}
    >
      <div class="part-head">
        <h2 id="refused-heading">{areDigits(images.classes) ? test.headingDigits : test.heading}</h2>
        <Switch kept={kept} classes={images.classes} />
      </div>
      {on ? <Counted result={result} counts={counts} /> : <p class="muted">{test.off}</p>}
    </section>
  );
}

function Counted({ result, counts }: { result: TestResult; counts: Refusals }) {
  const { test } = strings.value.none;
  const { n } = result.report;
  const { images, answered, right, rightRefused } = counts;
  const refused = images.length;
  return (
    <>
      <dl class="figures">
        <div class="figure" data-testid="test-figure-refused">
          <dt>
            <Term id="refusedShare">{test.refused}</Term>
          </dt>
          <dd>
            <strong>{percent(refused / n)}</strong>
            <span class="muted small">{test.refusedOf(whole(refused), whole(n))}</span>
          </dd>
        </div>
        <div class="figure" data-testid="test-figure-answered">
          <dt>
            <Term id="answeredAccuracy">{test.answered}</Term>
          </dt>
          <dd>
            <strong>{percent(right / answered)}</strong>
            <span class="muted small">
              {answered > 0 ? test.rightOf(whole(right), whole(answered)) : test.noneAnswered}
            </span>
          </dd>
        </div>
      </dl>
      <p class="muted">{refused > 0 ? test.says(whole(rightRefused), whole(refused - rightRefused)) : test.nothing}</p>
      {refused > 0 && <Images result={result} images={images} />}
      {refused > 0 && <Classes result={result} counts={counts} />}
    </>
  );
}

function Images({ result, images }: { result: TestResult; images: number[] }) {
  const shown = useSignal(PAGE);
  return (
    <details data-testid="test-refused-images">
      <summary>{strings.value.none.test.images}</summary>
      <ul class="thumbs wide">
        {images.slice(0, shown.value).map((image, at) => (
          <li key={image}>
            <Thumb
              results={[result]}
              image={image}
              testId="test-refused-image"
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
          {strings.value.test.matrix.more(whole(Math.min(2 * PAGE, images.length - shown.value)))}
        </button>
      )}
    </details>
  );
}

function Classes({ result, counts }: { result: TestResult; counts: Refusals }) {
  const { test } = strings.value.none;
  const rows = counts.classes
    .map((row, label) => ({ ...row, label }))
    .filter(({ refused }) => refused > 0)
    .sort((a, b) => b.refused - a.refused || a.label - b.label);
  return (
    <details>
      <summary>{test.classes}</summary>
      <ul class="refused-classes">
        {rows.slice(0, MOST_CLASSES).map(({ label, refused, support }) => (
          <li
            key={label}
            data-testid="test-refused-class"
            data-class={result.images.classes[label]}
            data-refused={refused}
          >
            {test.classOf(nameOf(result, label), whole(refused), whole(support))}
          </li>
        ))}
      </ul>
    </details>
  );
}
