import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DatasetId } from "../../engine/protocol";
import type { CostReport, Costs, MistakeCost } from "../../engine/types";
import { explain, strings } from "../../i18n";
import { decimal, whole } from "../../i18n/format";
import { type TestResult, tester } from "../../store/test";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { NumberInput } from "../../ui/number-input";
import { Term } from "../../ui/term";
import { nameOf } from "./looks";

/** What a cost is first set to: enough more than any other mistake to make a difference. */
const FIRST_COST = 10;

// Kept while other uses or pages are looked at; of each dataset its own, since mistakes are known by their labels.
const costsOf = signal<Partial<Record<DatasetId, Costs>>>({});
const NO_COSTS: Costs = { mistake: 1, listed: [] };

/** Own costs for mistakes, and what this test's mistakes come to. */
export function OwnCosts({ result }: { result: TestResult }) {
  const { uses } = strings.value.test;
  const { dataset } = result.images;
  const costs = costsOf.value[dataset] ?? NO_COSTS;
  const { listed } = costs;
  const change = (next: Partial<Costs>) => {
    costsOf.value = { ...costsOf.value, [dataset]: { ...costs, ...next } };
  };
  const replace = (at: number, cost: Partial<MistakeCost>) =>
    change({ listed: listed.map((each, i) => (i === at ? { ...each, ...cost } : each)) });
  const add = () => {
    const { cells } = result.report.confusion;
    const worst = cells
      .filter(({ truth, predicted }) => truth !== predicted)
      .filter(({ truth, predicted }) => !listed.some((each) => each.truth === truth && each.predicted === predicted))
      .sort((a, b) => b.count - a.count)[0];
    const { truth, predicted } = worst ?? { truth: 0, predicted: 1 };
    change({ listed: [...listed, { truth, predicted, cost: FIRST_COST }] });
  };
  return (
    <div class="costs">
      <div class="cost-line">
        <span>{uses.costOfAny}</span>
        <CostField
          label={uses.costOfAny}
          testId="test-cost-any"
          value={costs.mistake}
          onChange={(mistake) => change({ mistake })}
        />
      </div>
      {listed.map((each, at) => (
        <div class="cost-line" key={at}>
          <span>{uses.costOf}</span>
          <ClassSelect
            result={result}
            label={uses.costOf}
            value={each.truth}
            onChange={(truth) => replace(at, { truth })}
          />
          <span>{uses.costFor}</span>
          <ClassSelect
            result={result}
            label={uses.costFor}
            value={each.predicted}
            onChange={(predicted) => replace(at, { predicted })}
          />
          <CostField
            label={uses.cost}
            testId="test-cost"
            value={each.cost}
            onChange={(cost) => replace(at, { cost })}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={uses.removeCost}
            onClick={() => change({ listed: listed.filter((_, i) => i !== at) })}
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
          <h3>{uses.dearest}</h3>
          <ul>
            {value.dearest.map(({ truth, predicted, count, cost }) => (
              <li key={`${truth} ${predicted}`}>
                {uses.dearestLine(nameOf(result, truth), nameOf(result, predicted), whole(count), amount(cost))}
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
