import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { decimal, percent, plain, whole } from "../../i18n/format";
import { fitting } from "../../store/compatible";
import { models } from "../../store/session";
import {
  cancelTest,
  compareWith,
  learnModels,
  type TestComparison,
  type TestResult,
  testBusy,
  testComparison,
  testFailure,
  testing,
} from "../../store/test";
import { modelTitle } from "../../ui/model-select";
import { Term } from "../../ui/term";
import { lookAt, titleOf } from "./looks";
import { RunProgress } from "./run-progress";
import { Thumb } from "./thumb";

const PAGE = 12;

/** Another model on the same images, and where the two differ. */
export function Compare({ result }: { result: TestResult }) {
  const { compare, cancel } = strings.value.test;
  const { channels, height, width, classes } = result.images;
  const fit = fitting(models.value, { channels, height, width, classes: classes.length });
  const others = fit.filter(({ id }) => id !== result.model.id);
  const picked = useSignal("");
  const chosen = others.find(({ id }) => id === picked.value) ?? others[0];
  const busy = testBusy.value;
  const all = models.value;
  useEffect(() => {
    const over = new AbortController();
    if (!busy) void learnModels(over.signal);
    return () => over.abort();
  }, [busy, all]);
  const running = testing.value?.compared === true;
  return (
    <section class="card compare" aria-labelledby="compare-heading">
      <h2 id="compare-heading">{compare.heading}</h2>
      <p class="muted">{chosen ? compare.hint : compare.none}</p>
      {chosen && (
        <div class="compare-start">
          <label class="field">
            <span>{compare.with}</span>
            <select
              data-testid="compare-model"
              value={chosen.id}
              disabled={testBusy.value}
              onChange={(event) => {
                picked.value = event.currentTarget.value;
              }}
            >
              {others.map((model) => (
                <option key={model.id} value={model.id}>
                  {modelTitle(model)}
                </option>
              ))}
            </select>
          </label>
          {running ? (
            // Keys of their own: one button that became the other would take the second click of a double click.
            <button key="cancel" type="button" class="button" data-testid="compare-cancel" onClick={cancelTest}>
              {cancel}
            </button>
          ) : (
            <button
              key="start"
              type="button"
              class="button"
              data-testid="compare-start"
              disabled={testBusy.value}
              onClick={() => void compareWith(chosen.id)}
            >
              {compare.start}
            </button>
          )}
        </div>
      )}
      {running && <RunProgress />}
      {!running && testFailure.value && (
        <p class="test-failure" role="alert">
          {testFailure.value}
        </p>
      )}
      {testComparison.value && <Outcome outcome={testComparison.value} />}
    </section>
  );
}

function Outcome({ outcome: { first, second, comparison } }: { outcome: TestComparison }) {
  const { compare } = strings.value.test;
  const { low, high } = comparison.interval;
  const points = (share: number) => compare.points(signed(share));
  const better = low > 0 ? first : high < 0 ? second : null;
  const [one, other] = [titleOf(first), titleOf(second)];
  return (
    <div
      class="outcome"
      data-testid="compare-result"
      data-difference={plain(comparison.difference)}
      data-low={plain(low)}
      data-high={plain(high)}
      data-differing={comparison.differing.length}
    >
      <dl class="figures">
        <Figure name={one} value={comparison.firstAccuracy} right={first.report.correct} of={comparison.n} />
        <Figure name={other} value={comparison.secondAccuracy} right={second.report.correct} of={comparison.n} />
        <div class="figure">
          <dt>
            <Term id="pairedDifference">{compare.difference}</Term>
          </dt>
          <dd>
            <strong>{points(comparison.difference)}</strong>
            <span class="muted small">{compare.interval(points(low), points(high))}</span>
          </dd>
        </div>
      </dl>
      <p data-testid="compare-verdict" role="status">
        {better ? compare.better(titleOf(better)) : compare.unclear}
      </p>
      <ul class="outcome-pairs">
        <li>{compare.both(whole(comparison.bothRight))}</li>
        <li>{compare.only(one, whole(comparison.firstOnly))}</li>
        <li>{compare.only(other, whole(comparison.secondOnly))}</li>
        <li>{compare.neither(whole(comparison.neither))}</li>
      </ul>
      <Differing results={[first, second]} images={[...comparison.differing]} />
    </div>
  );
}

function Differing({ results, images }: { results: [TestResult, TestResult]; images: number[] }) {
  const { compare, matrix } = strings.value.test;
  const shown = useSignal(PAGE);
  const [first, second] = results;
  if (images.length === 0) return <p class="muted">{compare.same}</p>;
  return (
    <>
      <h3>{compare.differing(whole(images.length))}</h3>
      <ul class="thumbs wide" data-testid="compare-images">
        {images.slice(0, shown.value).map((image, at) => (
          <li key={image}>
            <Thumb results={results} image={image} onOpen={() => lookAt([first, second], images, at)} />
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
    </>
  );
}

/** With the count: two networks that differ by less than the last decimal read alike in percent. */
function Figure({ name, value, right, of }: { name: string; value: number; right: number; of: number }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <strong>{percent(value)}</strong>
        <span class="muted small">{strings.value.test.rightOf(whole(right), whole(of))}</span>
      </dd>
    </div>
  );
}

/** In percentage points, with its sign. */
function signed(share: number): string {
  const points = decimal(Math.abs(share) * 100, 2);
  return share < 0 ? `−${points}` : `+${points}`;
}
