import { strings } from "../../i18n";
import { percent, plain, whole, workDone } from "../../i18n/format";
import { type Curve, cancelCurve, curve, measureCurve, measuringCurve } from "../../store/own/curve";
import { headObstacle } from "../../store/own/head";
import { openDataset } from "../../store/own/open";
import { suggestions } from "../../store/own/suggest";
import { Icon } from "../../ui/icons";
import { Term } from "../../ui/term";
import { Block } from "./block";
import { CurveChart } from "./curve-chart";
import { GRID } from "./show-only";
import { want } from "./showing";
import { tallied } from "./tally";

/** What more labels would bring, measured on the labels that are there. */
export function HeadCurve() {
  const { curve: text } = strings.value.head;
  if (!openDataset.value) return null;
  const share = measuringCurve.value;
  const found = curve.value;
  const able = headObstacle.value === null;
  return (
    <Block title={text.heading} testId="head-curve">
      <p class="muted small">
        {text.intro} <Term id="uncertainFirst">{strings.value.terms.uncertainFirst.name}</Term>
      </p>
      {found && <Found found={found} />}
      {share !== null ? (
        <div class="head-progress" data-testid="curve-progress" data-share={share.toFixed(3)}>
          <progress value={share} max={1} aria-label={text.measuring(workDone(share))} />
          <span class="small">{text.measuring(workDone(share))}</span>
          <button type="button" class="button quiet" data-testid="curve-cancel" onClick={cancelCurve}>
            {text.cancel}
          </button>
        </div>
      ) : (
        <div class="data-line">
          <button
            type="button"
            class="button"
            data-testid="curve-measure"
            disabled={!able}
            onClick={() => void measureCurve()}
          >
            <Icon name="play" />
            {found ? text.again : text.measure}
          </button>
          {!able && <p class="muted small">{text.needs}</p>}
        </div>
      )}
    </Block>
  );
}

function Found({ found }: { found: Curve }) {
  const { curve: text } = strings.value.head;
  const { points, moreForOnePoint, moreForOnePointUncertain } = found;
  return (
    <div
      class="head-curve-found"
      data-testid="curve-found"
      data-more={plain(moreForOnePoint)}
      data-more-uncertain={plain(moreForOnePointUncertain)}
    >
      <p role="status">
        <strong>{moreForOnePoint === null ? text.unclear : text.more(moreForOnePoint)}</strong>{" "}
        {moreForOnePointUncertain !== null &&
          moreForOnePointUncertain < (moreForOnePoint ?? Number.POSITIVE_INFINITY) &&
          text.moreUncertain(moreForOnePointUncertain)}
      </p>
      {suggestions.value.size > 0 && tallied("").total > 0 && (
        <button type="button" class="button quiet" onClick={showUncertain}>
          {text.labelUncertain}
        </button>
      )}
      <CurveChart points={points} />
      <details class="head-curve-table">
        <summary class="small">{text.table}</summary>
        <table class="head-table">
          <thead>
            <tr>
              <th scope="col">{text.labels}</th>
              <th scope="col">{text.random}</th>
              <th scope="col">{text.uncertain}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ labels, random, uncertain }) => (
              <tr key={labels}>
                <th scope="row">{whole(labels)}</th>
                <td>{percent(random)}</td>
                <td>{percent(uncertain)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function showUncertain(): void {
  want({ label: "", split: null, order: "unsure" });
  document.getElementById(GRID)?.scrollIntoView({ block: "start" });
  document.getElementById(GRID)?.focus({ preventScroll: true });
}
