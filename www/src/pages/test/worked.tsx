import type { ComponentChildren, JSX } from "preact";
import type { ClassReport } from "../../engine/types";
import { strings } from "../../i18n";
import { decimal, whole } from "../../i18n/format";
import { type TestResult, testComparison } from "../../store/test";
import type { TermId } from "../../ui/formulas";
import { nameOf } from "./looks";
import { refusalsOf, rejectIn } from "./refusals";

/** Rates in examples are plain numbers, as in the formulas. */
const DIGITS = 4;

/** Each figure worked with the numbers of this very result; a class's figures with those of its weakest class. */
export function workedOn(result: TestResult): (term: TermId) => ComponentChildren {
  return (term) => {
    const example = examples[term]?.(result);
    return example ? (
      <figure class="worked" data-testid="term-worked">
        <figcaption class="muted small">{example.caption}</figcaption>
        <math display="block">
          <mrow>{example.formula}</mrow>
        </math>
      </figure>
    ) : null;
  };
}

interface Example {
  caption: string;
  formula: JSX.Element;
}

/** Of a model that can refuse; null for the others. */
function refusals({ info, judged, images }: TestResult) {
  const reject = rejectIn({ info, judged });
  return reject && refusalsOf(judged, reject.threshold, images.classes.length);
}

const examples: Partial<Record<TermId, (result: TestResult) => Example | null>> = {
  accuracy: ({ report }) => ({
    caption: here(),
    formula: (
      <>
        <Fraction above={<N value={report.correct} />} below={<N value={report.n} />} />
        <Equals value={report.accuracy} />
      </>
    ),
  }),
  precision: (result) => {
    const { row, name } = weakest(result);
    return {
      caption: of(name),
      formula: (
        <>
          <Fraction
            above={<N value={row.correct} />}
            below={<Sum parts={[row.correct, row.predicted - row.correct]} />}
          />
          <Equals value={row.precision} byZero={row.undefined.precision} />
        </>
      ),
    };
  },
  recall: (result) => {
    const { row, name } = weakest(result);
    return {
      caption: of(name),
      formula: (
        <>
          <Fraction
            above={<N value={row.correct} />}
            below={<Sum parts={[row.correct, row.support - row.correct]} />}
          />
          <Equals value={row.recall} byZero={row.undefined.recall} />
        </>
      ),
    };
  },
  f1: (result) => {
    const { row, name } = weakest(result);
    const [p, r] = [decimal(row.precision, DIGITS), decimal(row.recall, DIGITS)];
    return {
      caption: of(name),
      formula: (
        <>
          <Fraction
            above={
              <mrow>
                <mn>2</mn>
                <mo>·</mo>
                <mn>{p}</mn>
                <mo>·</mo>
                <mn>{r}</mn>
              </mrow>
            }
            below={
              <mrow>
                <mn>{p}</mn>
                <mo>+</mo>
                <mn>{r}</mn>
              </mrow>
            }
          />
          <Equals value={row.f1} byZero={row.precision + row.recall === 0} />
        </>
      ),
    };
  },
  macroAverage: ({ report }) => {
    const occurring = report.classes.filter((row) => !row.undefined.f1);
    const total = occurring.reduce((sum, { f1 }) => sum + f1, 0);
    return {
      caption: `${here()} F1`,
      formula: (
        <>
          <Fraction above={<mn>{decimal(total, DIGITS)}</mn>} below={<N value={occurring.length} />} />
          <Equals value={report.macroF1} />
        </>
      ),
    };
  },
  weightedAverage: ({ report }) => {
    const total = report.classes.reduce((sum, { f1, support }) => sum + f1 * support, 0);
    return {
      caption: `${here()} F1`,
      formula: (
        <>
          <Fraction above={<mn>{decimal(total, 2)}</mn>} below={<N value={report.n} />} />
          <Equals value={report.weightedF1} />
        </>
      ),
    };
  },
  wilson: ({ report }) => ({
    caption: here(),
    formula: (
      <>
        <mi>p</mi>
        <mo>=</mo>
        <mn>{decimal(report.accuracy, DIGITS)}</mn>
        <mo>,</mo>
        <mspace width="0.4em" />
        <mi>n</mi>
        <mo>=</mo>
        <N value={report.n} />
        <mo>:</mo>
        <mspace width="0.6em" />
        <mtext>
          {decimal(report.accuracyInterval.low, DIGITS)} – {decimal(report.accuracyInterval.high, DIGITS)}
        </mtext>
      </>
    ),
  }),
  top5: ({ report }) =>
    report.top5 === undefined
      ? null
      : {
          caption: here(),
          formula: (
            <>
              <Fraction above={<N value={report.top5 * report.n} />} below={<N value={report.n} />} />
              <Equals value={report.top5} />
            </>
          ),
        },
  refusedShare: (result) => {
    const answered = refusals(result)?.answered;
    const { n } = result.report;
    return answered === undefined
      ? null
      : {
          caption: here(),
          formula: (
            <>
              <mn>1</mn>
              <mo>−</mo>
              <Fraction above={<N value={answered} />} below={<N value={n} />} />
              <Equals value={1 - answered / n} />
            </>
          ),
        };
  },
  answeredAccuracy: (result) => {
    const counts = refusals(result);
    return counts?.answered
      ? {
          caption: here(),
          formula: (
            <>
              <Fraction above={<N value={counts.right} />} below={<N value={counts.answered} />} />
              <Equals value={counts.right / counts.answered} />
            </>
          ),
        }
      : null;
  },
  pairedDifference: () => {
    const comparison = testComparison.value?.comparison;
    return comparison
      ? {
          caption: here(),
          formula: (
            <>
              <Fraction
                above={
                  <mrow>
                    <N value={comparison.firstOnly} />
                    <mo>−</mo>
                    <N value={comparison.secondOnly} />
                  </mrow>
                }
                below={<N value={comparison.n} />}
              />
              <Equals value={comparison.difference} />
              <mo>,</mo>
              <mspace width="0.6em" />
              <mtext>{decimal(comparison.interval.low, DIGITS)}</mtext>
              <mspace width="0.4em" />
              <mo>…</mo>
              <mspace width="0.4em" />
              <mtext>{decimal(comparison.interval.high, DIGITS)}</mtext>
            </>
          ),
        }
      : null;
  },
};

function here(): string {
  return strings.value.test.workedHere;
}

function of(name: string): string {
  return strings.value.test.workedFor(name);
}

/** The class with the lowest F1 of those that have images: there the figures differ most. */
function weakest(result: TestResult): { row: ClassReport; name: string } {
  const { classes } = result.report;
  const rows = classes.map((row, label) => ({ row, name: nameOf(result, label) }));
  const tested = rows.filter(({ row }) => row.support > 0);
  return (tested.length > 0 ? tested : rows).reduce((low, each) => (each.row.f1 < low.row.f1 ? each : low));
}

const N = ({ value }: { value: number }) => <mn>{whole(value)}</mn>;

const Fraction = ({ above, below }: { above: JSX.Element; below: JSX.Element }) => (
  <mfrac>
    {above}
    {below}
  </mfrac>
);

const Equals = ({ value, byZero = false }: { value: number; byZero?: boolean }) => (
  <>
    <mo>=</mo>
    <mn>{decimal(value, DIGITS)}</mn>
    {byZero && <mtext> ({strings.value.test.classes.zeroMark})</mtext>}
  </>
);

const Sum = ({ parts: [left, right] }: { parts: [number, number] }) => (
  <mrow>
    <N value={left} />
    <mo>+</mo>
    <N value={right} />
  </mrow>
);
