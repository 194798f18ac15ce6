import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CostReport, Costs } from "../../engine/types";
import { explain, strings } from "../../i18n";
import { decimal, whole } from "../../i18n/format";
import { type TestResult, tester } from "../../store/test";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { NumberInput } from "../../ui/number-input";
import { Term } from "../../ui/term";
import { nameOf } from "./looks";
import { inWords, mistakesOf } from "./mistakes";
import { addCost, changeCost, changeCosts, costsOf, removeCost } from "./own-costs";

/** What a cost is first set to: enough more than any other mistake to make a difference. */
const FIRST_COST = 10;

/** Own costs for mistakes, and what this test's mistakes come to. */
export function OwnCosts({ result }: { result: TestResult }) {
  const { uses } = strings.value.test;
  const { dataset } = result.images;
  const costs = costsOf(dataset);
  const { listed } = costs;
  const add = () => {
    const worst = mistakesOf(result.report).find(
      ({ truth, predicted }) => !listed.some((each) => each.truth === truth && each.predicted === predicted),
    );
    const { truth, predicted } = worst ?? { truth: 0, predicted: 1 };
    addCost(dataset, { truth, predicted, cost: FIRST_COST });
  };
  return (
    <div class="costs">
      <div class="cost-line">
        <span>{uses.costOfAny}</span>
        <CostField
          label={uses.costOfAny}
          testId="test-cost-any"
          value={costs.mistake}
          onChange={(mistake) => changeCosts(dataset, { mistake })}
        />
      </div>
      {listed.map((each, at) => (
        <div class="cost-line" key={at}>
          <span>{uses.costOf}</span>
          <ClassSelect
            result={result}
            label={uses.costOf}
            value={each.truth}
            onChange={(truth) => changeCost(dataset, at, { truth })}
          />
          <span>{uses.costFor}</span>
          <ClassSelect
            result={result}
            label={uses.costFor}
            value={each.predicted}
            onChange={(predicted) => changeCost(dataset, at, { predicted })}
          />
          <span>{uses.cost}</span>
          <CostField
            label={uses.cost}
            testId="test-cost"
            value={each.cost}
            onChange={(cost) => changeCost(dataset, at, { cost })}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={uses.removeCost}
            onClick={() => removeCost(dataset, at)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" class="button" data-testid="test-cost-add" onClick={add}>
        {uses.addCost}
      </button>
      <Total result={result} costs={costs} />
    </div>
  );
}

function Total({ result, costs }: { result: TestResult; costs: Costs }) {
  const { uses } = strings.value.test;
  const report = useSignal<CostReport | null>(null);
  useEffect(() => {
    // Set when other costs are asked about, or the page is left.
    let over = false;
    tester
      .cost(result.judged, result.images.classes.length, costs)
      .then((answer) => {
        if (!over) report.value = answer;
      })
      .catch((error) => {
        if (!over) toast("error", explain(error));
      });
    return () => {
      over = true;
    };
  }, [report, result, costs]);
  const { value } = report;
  if (!value) return null;
  return (
    <div
      class="cost-total"
      data-testid="test-cost-total"
      data-per-image={value.perImage.toFixed(6)}
      data-total={value.total}
    >
      <p>
        <Term id="expectedCost">{uses.costEach}</Term> <strong>{decimal(value.perImage, 4)}</strong>{" "}
        <span class="muted">{uses.costTotal(amount(value.total), whole(result.report.n))}</span>
      </p>
      {value.dearest.length > 0 ? (
        <>
          <h3>{uses.costliest}</h3>
          <ul>
            {value.dearest.map(({ cost, ...cell }) => (
              <li key={`${cell.truth} ${cell.predicted}`}>
                {uses.costliestLine(inWords(cell, result.images.classes), amount(cost))}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p class="muted">{uses.noCost}</p>
      )}
    </div>
  );
}

function amount(cost: number): string {
  return decimal(cost, Number.isInteger(cost) ? 0 : 2);
}

interface CostFieldProps {
  label: string;
  testId: string;
  value: number;
  onChange: (value: number) => void;
}

function CostField({ label, testId, value, onChange }: CostFieldProps) {
  return (
    <NumberInput
      inputMode="decimal"
      required
      min={0}
      max={1e9}
      step="any"
      aria-label={label}
      data-testid={testId}
      value={value}
      onChange={onChange}
    />
  );
}

interface ClassSelectProps {
  result: TestResult;
  label: string;
  value: number;
  onChange: (label: number) => void;
}

function ClassSelect({ result, label, value, onChange }: ClassSelectProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
      {result.images.classes.map((_, each) => (
        <option key={each} value={each}>
          {nameOf(result, each)}
        </option>
      ))}
    </select>
  );
}
