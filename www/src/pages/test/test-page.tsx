import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { strings } from "../../i18n";
import { plain } from "../../i18n/format";
import { type TestResult, testing, testResult, testShown } from "../../store/test";
import { saveFile } from "../../ui/download";
import { Icon } from "../../ui/icons";
import { TermDialog } from "../../ui/term";
import { Beat } from "./beat";
import { CardButton } from "./card-dialog";
import { ClassTable } from "./class-table";
import { Compare } from "./compare";
import { datasetTitle } from "./dataset-title";
import { fileName, toCsv, toJson } from "./export";
import { Figures } from "./figures";
import { ImageDialog } from "./image-dialog";
import { look } from "./looks";
import { Matrix, type Place } from "./matrix";
import { Samples } from "./samples";
import { doneText, Setup } from "./setup";
import { Uses, watched } from "./uses";
import { workedOn } from "./worked";
import "../../styles/class-table.css";
import "../../styles/matrix.css";
import "../../styles/test.css";

export function TestPage() {
  const { test } = strings.value;
  // While it is tested again, what the last time gave is not shown beside it.
  const result = testing.value?.compared === false ? null : testResult.value;
  useEffect(() => {
    testShown.value = true;
    return () => {
      look.value = null;
      testShown.value = false;
    };
  }, []);
  return (
    <div class="test">
      <header class="page-head">
        <h1>{test.heading}</h1>
        <p class="muted">{test.intro}</p>
      </header>
      <Setup />
      {result && <Result result={result} />}
      <ImageDialog />
      <TermDialog {...(result && { worked: workedOn(result) })} />
    </div>
  );
}

function Result({ result }: { result: TestResult }) {
  const { test } = strings.value;
  const { report } = result;
  const chosen = useSignal<Place | null>(null);
  // The commonest mistake, until another cell is chosen.
  useMemo(() => {
    const mistakes = report.confusion.cells.filter(({ truth, predicted }) => truth !== predicted);
    chosen.value = mistakes.sort((a, b) => b.count - a.count)[0] ?? null;
  }, [report, chosen]);
  return (
    <div
      class="report"
      data-testid="test-report"
      data-accuracy={plain(report.accuracy)}
      data-macro-precision={plain(report.macroPrecision)}
      data-macro-recall={plain(report.macroRecall)}
      data-macro-f1={plain(report.macroF1)}
      data-n={report.n}
    >
      <section class="card report-figures" aria-labelledby="report-heading">
        <div class="part-head">
          <div>
            <h2 id="report-heading">{test.result(result.model.name, datasetTitle(result.images))}</h2>
            <p class="muted small">{doneText()}</p>
          </div>
          <Exports result={result} />
        </div>
        <Figures result={result} watched={watched.value} />
      </section>
      <section class="card report-matrix">
        <Matrix result={result} chosen={chosen} />
        <Samples result={result} place={chosen.value} />
      </section>
      <Uses result={result} />
      <section class="card">
        <ClassTable result={result} />
      </section>
      <Beat result={result} />
      <Compare result={result} />
    </div>
  );
}

function Exports({ result }: { result: TestResult }) {
  const { test } = strings.value;
  const save = (text: string, extension: string) =>
    saveFile(new TextEncoder().encode(text), fileName(result, extension));
  return (
    <div class="exports">
      <CardButton result={result} />
      <button type="button" class="button" data-testid="test-export-csv" onClick={() => save(toCsv(result), "csv")}>
        <Icon name="download" />
        {test.exportCsv}
      </button>
      <button type="button" class="button" data-testid="test-export-json" onClick={() => save(toJson(result), "json")}>
        <Icon name="download" />
        {test.exportJson}
      </button>
    </div>
  );
}
