import { computed, signal } from "@preact/signals";
import type { ClassReport } from "../../engine/types";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { OwnCosts } from "./costs";
import { nameOf } from "./looks";
import { counted } from "./mistakes";

export type Use = "any" | "shop" | "screening" | "security" | "costs" | "driving";
/** A figure that a use may ask to watch. */
export type Watched = "accuracy" | "precision" | "recall" | "f1";

const WATCHED: Record<Use, readonly Watched[]> = {
  any: ["accuracy"],
  shop: ["precision"],
  screening: ["recall"],
  security: ["precision", "recall", "f1"],
  costs: [],
  driving: [],
};
const USES = Object.keys(WATCHED) as Use[];

const use = signal<Use>("any");
/** A class's label, or -1 for all. */
const focus = signal(-1);
export const watched = computed(() => WATCHED[use.value]);

/** What the network is for decides which figure counts. */
export function Uses({ result }: { result: TestResult }) {
  const { uses } = strings.value.test;
  return (
    <section class="card uses" aria-labelledby="uses-heading">
      <h2 id="uses-heading">{uses.heading}</h2>
      <fieldset class="choices">
        <legend class="unseen">{uses.question}</legend>
        {USES.map((each) => (
          <label key={each} class="choice">
            <input
              type="radio"
              name="test-use"
              value={each}
              data-testid={`test-use-${each}`}
              checked={use.value === each}
              onChange={() => {
                use.value = each;
              }}
            />
            <span>{uses.names[each]}</span>
          </label>
        ))}
      </fieldset>
      <p data-testid="test-use-text">{uses.texts[use.value]}</p>
      {use.value === "costs" && <OwnCosts result={result} />}
      {watched.value.some((figure) => figure !== "accuracy") && <Focus result={result} />}
    </section>
  );
}

/** The figures to watch, for one class or for all. */
function Focus({ result }: { result: TestResult }) {
  const { test } = strings.value;
  const { classes } = result.report;
  const chosen = classes[focus.value];
  return (
    <div class="focus">
      <label class="field">
        <span>{test.uses.focus}</span>
        <select
          data-testid="test-focus"
          value={chosen ? focus.value : -1}
          onChange={(event) => {
            focus.value = Number(event.currentTarget.value);
          }}
        >
          <option value={-1}>{test.uses.allClasses}</option>
          {classes.map((_, label) => (
            <option key={label} value={label}>
              {nameOf(result, label)}
            </option>
          ))}
        </select>
      </label>
      <ul class="focus-figures" data-testid="test-focus-figures">
        {watched.value.map((figure) => (
          <li key={figure}>
            <strong>
              {test[figure]} {percent(chosen ? rate(chosen, figure) : mean(result, figure))}
            </strong>{" "}
            <span class="muted">{chosen ? inWords(result, chosen, figure) : lowest(result, figure)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function rate(row: ClassReport, figure: Watched): number {
  return figure === "accuracy" ? 0 : row[figure];
}

function mean({ report }: TestResult, figure: Watched): number {
  const means = { precision: report.macroPrecision, recall: report.macroRecall, f1: report.macroF1 };
  return figure === "accuracy" ? report.accuracy : means[figure];
}

function inWords(result: TestResult, row: ClassReport, figure: Watched): string {
  const { uses } = strings.value.test;
  const of = (count: number) => counted(count, focus.value, result.images.classes);
  const correct = whole(row.correct);
  if (figure !== "accuracy" && row.undefined[figure]) return strings.value.test.classes.zeroMark;
  if (figure === "precision") return uses.precisionOf(of(row.predicted), correct);
  return figure === "recall" ? uses.recallOf(of(row.support), correct) : "";
}

function lowest(result: TestResult, figure: Watched): string {
  const { classes } = result.report;
  const values = classes.map((row) => (row.support + row.predicted > 0 ? rate(row, figure) : Number.POSITIVE_INFINITY));
  const least = Math.min(...values);
  return strings.value.test.uses.meanOf(nameOf(result, values.indexOf(least)), percent(least));
}
