import { useSignal } from "@preact/signals";
import type { TargetedEvent } from "preact";
import { useRef } from "preact/hooks";
import { isNumbered } from "../engine/labels";
import type { ModelInfo } from "../engine/types";
import { strings } from "../i18n";
import { whole } from "../i18n/format";
import { chooseFromMisfit, misfit } from "../store/model-labels";
import { chooseLabels, chooseOutput, chooseSize, type Settling } from "../store/settling";
import { NumberInput } from "./number-input";

/** In pixels: more than networks for whole images take. */
const LARGEST = 2048;

/** Which output answers, where the file does not tell. */
export function Output({ now: { info } }: { now: Settling }) {
  const { opening } = strings.value;
  if (info.answers.length < 2) return null;
  return (
    <label class="field">
      <span>{opening.output}</span>
      <select
        data-testid="preprocess-output"
        value={info.answer}
        title={opening.outputWhy}
        onChange={({ currentTarget }) => void chooseOutput(currentTarget.value)}
      >
        {info.answers.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Of a file that takes pictures of any size. */
export function Size({ info }: { info: ModelInfo }) {
  const { opening } = strings.value;
  const height = useSignal(info.height);
  const width = useSignal(info.width);
  if (!info.source.anySize) return null;
  const choose = (event: Event) => {
    event.preventDefault();
    void chooseSize(height.value, width.value);
  };
  return (
    <form class="settle-size" onSubmit={choose}>
      <p class="small">{opening.size}</p>
      {[
        { text: opening.height, side: height, testId: "preprocess-height" },
        { text: opening.width, side: width, testId: "preprocess-width" },
      ].map(({ text, side, testId }) => (
        <label key={testId} class="field" for={testId}>
          <span>{text}</span>
          <NumberInput
            id={testId}
            data-testid={testId}
            min={1}
            max={LARGEST}
            step={1}
            value={side.value}
            onChange={(value) => {
              side.value = value;
            }}
          />
        </label>
      ))}
      <button type="submit" class="button" data-testid="preprocess-size">
        {opening.setSize}
      </button>
    </form>
  );
}

/** How many classes it has, what they are called, and a list that names them. */
export function Labels({ now: { info, modelId } }: { now: Settling }) {
  const { opening } = strings.value;
  const input = useRef<HTMLInputElement>(null);
  const count = whole(info.labels.length);
  const left = misfit.value?.modelId === modelId ? misfit.value : null;
  const choose = ({ currentTarget }: TargetedEvent<HTMLInputElement>) => {
    const [file] = currentTarget.files ?? [];
    if (file) void chooseLabels(file);
    // So that the same file can be chosen again.
    currentTarget.value = "";
  };
  return (
    <div class="settle-labels" data-testid="settle-labels" data-count={info.labels.length}>
      <p class="small">{isNumbered(info.labels) ? opening.labelsNumbered(count) : opening.labels(count)}</p>
      {left && (
        <div data-testid="settle-misfit">
          <p class="small">{opening.misfit(whole(left.names.length), whole(left.classes))}</p>
          <div class="settle-ends">
            <button type="button" class="button" onClick={() => void chooseFromMisfit("first")}>
              {opening.takeFirst(whole(Math.min(left.classes, left.names.length)))}
            </button>
            {left.names.length > left.classes && (
              <button type="button" class="button" onClick={() => void chooseFromMisfit("last")}>
                {opening.takeLast(count)}
              </button>
            )}
          </div>
        </div>
      )}
      <input
        ref={input}
        class="unseen"
        type="file"
        accept=".txt,.csv,.tsv,.json"
        data-testid="preprocess-labels"
        aria-label={opening.chooseLabels}
        tabIndex={-1}
        onChange={choose}
      />
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {opening.chooseLabels}
      </button>
    </div>
  );
}
