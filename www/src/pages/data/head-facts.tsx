import { strings } from "../../i18n";
import { decimal, duration, percent } from "../../i18n/format";
import { headTable, liveHead } from "../../store/own/head";
import { samples } from "../../store/own/open";
import { Term } from "../../ui/term";

/** From what it learned, how good it is on what it has not seen, and how that is known. */
export function HeadFacts() {
  const { facts } = strings.value.head;
  const live = liveHead.value;
  if (!live) return null;
  const row = headTable.value.find(({ chosen }) => chosen);
  const accuracy = live.accuracy ?? row?.accuracy ?? null;
  return (
    <p class="head-facts small" data-testid="head-facts">
      {facts.learned(live.samples, seconds(live.tookMs), heldBack())}{" "}
      {accuracy === null ? (
        facts.unknown
      ) : (
        <>
          <strong>{accuracy === 1 ? facts.all : facts.accuracy(percent(accuracy))}</strong>{" "}
          {row?.low != null && row.high != null && facts.between(percent(row.low), percent(row.high))}{" "}
          <span class="muted">
            {facts.marks.before}
            <Term id="crossValidation">{facts.how}</Term>
            {facts.marks.colon}
            {facts.howHint}
            {facts.marks.after}
          </span>
        </>
      )}
    </p>
  );
}

/** Images that are left for the test. */
function heldBack(): number {
  return samples.value.filter(({ label, split }) => label !== null && split === "test").length;
}

/** Tenths while they matter. */
export function seconds(ms: number): string {
  const { units } = strings.value;
  if (ms >= 9950) return duration(ms / 1000);
  return ms < 50 ? `<${units.shortSeconds(decimal(0.1, 1))}` : units.shortSeconds(decimal(ms / 1000, 1));
}
