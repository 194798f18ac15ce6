import { strings } from "../../i18n";
import { percent, plain } from "../../i18n/format";
import { chooseHead, type HeadKind, type HeadRow, headTable, liveHead } from "../../store/own/head";
import type { TermId } from "../../ui/formulas";
import { Term } from "../../ui/term";
import { Block } from "./block";
import { seconds } from "./head-facts";

const TERMS: Record<HeadKind, TermId> = {
  logistic: "logisticRegression",
  mlp: "mlpHead",
  prototype: "prototypeHead",
  nearest: "nearestHead",
  fineTuned: "fineTuning",
};

/** All kinds of models on the same features, and how they do. */
export function HeadCompare() {
  const { head } = strings.value;
  const live = liveHead.value;
  const rows = headTable.value;
  if (!live) return null;
  return (
    <Block title={head.compare.heading} testId="head-compare" fact={head.compare.fact(head.kinds[live.kind])}>
      <p class="muted small">{head.compare.intro}</p>
      {rows.length === 0 ? (
        <p class="muted">{head.compare.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the page is scrolled by keys too
        <section class="head-table-box" tabIndex={0} aria-label={head.compare.heading}>
          <table class="head-table head-kinds">
            <thead>
              <tr>
                <th scope="col">{head.compare.kind}</th>
                <th scope="col">{head.compare.accuracy}</th>
                <th scope="col">{head.compare.range}</th>
                <th scope="col">{head.compare.time}</th>
                <th scope="col">
                  <span class="unseen">{head.compare.choose}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.kind} row={row} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows.length > 0 && (
        <p class="muted small">
          {head.compare.of(live.samples)} <Term id="crossValidation">{head.facts.how}</Term>
          {head.facts.marks.colon}
          {head.facts.howHint}
        </p>
      )}
    </Block>
  );
}

function Row({ row: { kind, accuracy, low, high, milliseconds, chosen, comparisonOnly } }: { row: HeadRow }) {
  const { head } = strings.value;
  const { compare } = head;
  return (
    <tr data-testid="head-kind" data-kind={kind} data-accuracy={plain(accuracy)} data-chosen={chosen}>
      <th scope="row">
        <Term id={TERMS[kind]}>{head.kinds[kind]}</Term>
        <span class="head-kind-says muted small">{head.kindSays[kind]}</span>
      </th>
      <td data-name={compare.accuracy}>{accuracy === null ? compare.pending : percent(accuracy)}</td>
      <td data-name={compare.range}>
        {low === null || high === null ? compare.pending : `${percent(low)} – ${percent(high)}`}
      </td>
      <td data-name={compare.time}>{milliseconds === null ? compare.pending : seconds(milliseconds)}</td>
      <td>
        {comparisonOnly ? (
          <span class="muted small">{compare.only}</span>
        ) : chosen ? (
          <span class="tag">{compare.chosen}</span>
        ) : (
          <button
            type="button"
            class="button quiet"
            data-testid="head-choose"
            aria-label={compare.chooseKind(head.kinds[kind])}
            disabled={accuracy === null}
            onClick={() => void chooseHead(kind)}
          >
            {compare.choose}
          </button>
        )}
      </td>
    </tr>
  );
}
