import { type Signal, useSignal } from "@preact/signals";
import type { ClassReport } from "../../engine/types";
import { strings } from "../../i18n";
import { percent, plain, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { Term } from "../../ui/term";
import { nameOf } from "./looks";

type Column = "name" | "support" | "precision" | "recall" | "f1";
type Rate = "precision" | "recall" | "f1";

interface Order {
  column: Column;
  down: boolean;
}

const RATES: readonly Rate[] = ["precision", "recall", "f1"];
/** More rows than this are shown only when asked for. */
const FIRST_ROWS = 100;

export function ClassTable({ result }: { result: TestResult }) {
  // By name: the data's own order, which "2" before "10" belongs to.
  const order = useSignal<Order>({ column: "name", down: false });
  const all = useSignal(false);
  const { classes: text } = strings.value.test;
  const { report } = result;
  const rows = sorted(report.classes, order.value);
  const shown = all.value ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <section aria-labelledby="classes-heading" class="classes-part">
      <h2 id="classes-heading">{text.heading}</h2>
      <div class="table-scroll">
        <table class="classes">
          <thead>
            <tr>
              <Heading order={order} column="name" title={text.name} />
              {RATES.map((rate) => (
                <Heading key={rate} order={order} column={rate} title={strings.value.test[rate]} />
              ))}
              <Heading order={order} column="support" title={text.support} />
            </tr>
          </thead>
          <tbody>
            {shown.map(([row, label]) => (
              <ClassRow key={label} result={result} row={row} label={label} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                <Term id="macroAverage">{text.macro}</Term>
              </th>
              <td>{percent(report.macroPrecision)}</td>
              <td>{percent(report.macroRecall)}</td>
              <td>{percent(report.macroF1)}</td>
              <td>{whole(report.n)}</td>
            </tr>
            <tr>
              <th scope="row">
                <Term id="weightedAverage">{text.weighted}</Term>
              </th>
              <td>{percent(report.weightedPrecision)}</td>
              <td>{percent(report.weightedRecall)}</td>
              <td>{percent(report.weightedF1)}</td>
              <td>{whole(report.n)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {shown.length < rows.length && (
        <button
          type="button"
          class="button"
          onClick={() => {
            all.value = true;
          }}
        >
          {text.more(whole(rows.length))}
        </button>
      )}
      {report.classes.some(({ undefined: { precision, recall, f1 } }) => precision || recall || f1) && (
        <p class="muted small">
          <Term id="zeroDivision">{text.zero}</Term>
        </p>
      )}
    </section>
  );
}

function Heading({ order, column, title }: { order: Signal<Order>; column: Column; title: string }) {
  const { column: by, down } = order.value;
  const here = by === column;
  return (
    <th scope="col" aria-sort={here ? (down ? "descending" : "ascending") : "none"}>
      <button
        type="button"
        data-testid={`test-sort-${column}`}
        title={strings.value.test.classes.sortBy(title)}
        onClick={() => {
          // The worst first, where that can be said.
          order.value = { column, down: here ? !down : false };
        }}
      >
        {title}
        <span aria-hidden="true">{here ? (down ? "↓" : "↑") : ""}</span>
      </button>
    </th>
  );
}

function ClassRow({ result, row, label }: { result: TestResult; row: ClassReport; label: number }) {
  return (
    <tr
      data-testid="test-class-row"
      data-class={result.images.classes[label]}
      data-precision={plain(row.precision)}
      data-recall={plain(row.recall)}
      data-f1={plain(row.f1)}
      data-support={row.support}
    >
      <th scope="row">{nameOf(result, label)}</th>
      {RATES.map((rate) => (
        <td key={rate}>
          {percent(row[rate])}
          {row.undefined[rate] && <abbr title={strings.value.test.classes.zeroMark}>*</abbr>}
        </td>
      ))}
      <td>{whole(row.support)}</td>
    </tr>
  );
}

function sorted(classes: ClassReport[], { column, down }: Order): [ClassReport, number][] {
  const rows = classes.map((row, label): [ClassReport, number] => [row, label]);
  const value = ([row, label]: [ClassReport, number]) => (column === "name" ? label : row[column]);
  return rows.sort((a, b) => (value(a) - value(b) || a[1] - b[1]) * (down ? -1 : 1));
}
