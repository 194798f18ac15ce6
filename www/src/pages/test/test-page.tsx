import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { plain, whole } from "../../i18n/format";
import { address } from "../../router";
import { datasetName } from "../../store/datasets";
import { misfit, type TestResult, testResult, testRunning, testShown } from "../../store/test";
import { saveFile } from "../../ui/download";
import { isFocusLost } from "../../ui/focus";
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
import { look, titleOf } from "./looks";
import { Matrix, type Place } from "./matrix";
import { useMending } from "./mend";
import { MistakeList } from "./mistake-list";
import { mistakesOf } from "./mistakes";
import { nextStep, type Step } from "./next-step";
import { Refused } from "./refused";
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
  const running = testRunning.value;
  const result = running ? null : testResult.value;
  const step = nextStep({ running, misfit: misfit.value, result });
  useMending();
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
      <Setup step={step} />
      {result && <Result result={result} step={step} />}
      <ImageDialog />
      <TermDialog {...(result && { worked: workedOn(result) })} />
    </div>
  );
}

function Result({ result, step }: { result: TestResult; step: Step }) {
  const { test } = strings.value;
  const { report } = result;
  const chosen = useSignal<Place | null>(null);
  // The commonest mistake, until another cell is chosen.
  useMemo(() => {
    chosen.value = mistakesOf(report)[0] ?? null;
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
            <h2 id="report-heading">{test.result(titleOf(result), datasetTitle(result.images))}</h2>
            <p class="muted small">{doneText()}</p>
          </div>
          <NextSteps result={result} step={step} />
        </div>
        <Figures result={result} watched={watched.value} />
        <Exports result={result} />
      </section>
      <Refused result={result} />
      <section class="card report-matrix">
        <Matrix result={result} chosen={chosen} />
        <div class="mistakes-part">
          <MistakeList result={result} chosen={chosen} />
          <Samples result={result} chosen={chosen} />
        </div>
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

/** The use of the network, or what went wrong with it. */
function NextSteps({ result, step }: { result: TestResult; step: Step }) {
  const { next } = strings.value.test;
  const primary = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // The button that could cancel the test is disabled now.
    if (isFocusLost()) primary.current?.focus();
  }, []);
  const to = step === "draw" || step === "photos" || step === "train" ? step : null;
  const wrong = result.report.n - result.report.correct;
  return (
    <div class="next-steps">
      {wrong > 0 && (
        <button type="button" class="button" data-testid="test-see-mistakes" onClick={showMistakes}>
          {next.mistakes(wrong, whole(wrong))}
        </button>
      )}
      {to && (
        <a ref={primary} class="button primary" href={address(to)} data-testid="test-next" data-step={to}>
          {to === "train" ? next.train(datasetName(result.images.dataset)) : next[to]}
          <Icon name="next" />
        </a>
      )}
    </div>
  );
}

function showMistakes(): void {
  const heading = document.getElementById("mistakes-heading");
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
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
