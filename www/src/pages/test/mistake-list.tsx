import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import type { Place } from "./matrix";
import { inWords, mistakesOf } from "./mistakes";

const FIRST = 5;
const FURTHER = 20;

/** What was taken for what, the most frequent first; choosing a mistake shows its images. */
export function MistakeList({ result, chosen }: { result: TestResult; chosen: Signal<Place | null> }) {
  const { matrix } = strings.value.test;
  const shown = useSignal(FIRST);
  const mistakes = useMemo(() => mistakesOf(result.report), [result]);
  if (mistakes.length === 0) return <p class="muted">{matrix.noMistakes}</p>;
  return (
    <section class="mistakes" aria-labelledby="mistakes-heading">
      <h3 id="mistakes-heading" tabIndex={-1}>
        {matrix.mistakes}
      </h3>
      <ol>
        {mistakes.slice(0, shown.value).map((cell) => {
          const { truth, predicted } = cell;
          return (
            <li key={`${truth} ${predicted}`}>
              <button
                type="button"
                class="mistake"
                data-testid="test-mistake"
                data-true={result.images.classes[truth]}
                data-pred={result.images.classes[predicted]}
                data-count={cell.count}
                aria-pressed={chosen.value?.truth === truth && chosen.value.predicted === predicted}
                onClick={() => {
                  chosen.value = { truth, predicted };
                }}
              >
                {inWords(cell, result.images.classes)}
              </button>
            </li>
          );
        })}
      </ol>
      {mistakes.length > shown.value && (
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            shown.value += FURTHER;
          }}
        >
          {matrix.moreMistakes(whole(Math.min(FURTHER, mistakes.length - shown.value)))}
        </button>
      )}
    </section>
  );
}
