import type { ComponentChildren } from "preact";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import type { TermId } from "../../ui/formulas";
import { Term } from "../../ui/term";
import type { Watched } from "./uses";

/** The figures of the whole test; the one to watch stands out. */
export function Figures({ result: { report }, watched }: { result: TestResult; watched: readonly Watched[] }) {
  const { test } = strings.value;
  const { low, high } = report.accuracyInterval;
  const counted = report.classes.filter((row) => !row.undefined.f1).length;
  const mean = test.macroOf(counted, report.classes.length);
  return (
    <dl class="figures">
      <Figure
        id="accuracy"
        name={test.accuracy}
        value={report.accuracy}
        watched={watched}
        note={
          <>
            {test.rightOf(whole(report.correct), whole(report.n))}
            <br />
            <Term id="wilson">{test.interval(percent(low), percent(high))}</Term>
          </>
        }
      />
      <Figure
        id="precision"
        name={test.precision}
        value={report.macroPrecision}
        watched={watched}
        note={<Term id="macroAverage">{mean}</Term>}
      />
      <Figure id="recall" name={test.recall} value={report.macroRecall} watched={watched} note={mean} />
      <Figure id="f1" name={test.f1} value={report.macroF1} watched={watched} note={mean} />
      {report.top5 !== undefined && (
        <Figure id="top5" name={test.top5} value={report.top5} watched={watched} note={test.top5Of} />
      )}
    </dl>
  );
}

interface FigureProps {
  id: TermId & (Watched | "top5");
  name: string;
  value: number;
  watched: readonly string[];
  note: ComponentChildren;
}

function Figure({ id, name, value, watched, note }: FigureProps) {
  const here = watched.includes(id);
  return (
    <div class="figure" data-testid={`test-figure-${id}`} data-watched={here}>
      <dt>
        <Term id={id}>{name}</Term>
        {here && <span class="tag">{strings.value.test.watch}</span>}
      </dt>
      <dd>
        <strong>{percent(value)}</strong>
        <span class="muted small">{note}</span>
      </dd>
    </div>
  );
}
