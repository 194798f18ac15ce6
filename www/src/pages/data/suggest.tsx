import { useSignal } from "@preact/signals";
import { strings } from "../../i18n";
import { roughly, whole, workDone } from "../../i18n/format";
import { offerUndo } from "../../store/own/offer-undo";
import { mayWrite } from "../../store/own/open";
import {
  acceptAbove,
  cancelSuggesting,
  inCommon,
  suggest,
  suggestedAbove,
  suggestedBy,
  suggesting,
  suggestions,
} from "../../store/own/suggest";
import { currentModel, modelState } from "../../store/session";
import { NumberInput } from "../../ui/number-input";
import { want } from "./showing";
import { tallied } from "./tally";

/** What is taken over at first, in percent. */
const SURE = 90;

/** A network's labels for the images that have none. */
export function SuggestTools() {
  if (suggesting.value) return <Progress />;
  if (tallied("").total === 0) return null;
  return (
    <div class="data-suggest">
      <Ask />
      {suggestions.value.size > 0 && <Accept />}
    </div>
  );
}

function Ask() {
  const { suggest: text } = strings.value.data;
  const { name } = currentModel.value;
  const able = modelState.value === "ready" && inCommon.value >= 2;
  return (
    <>
      <button type="button" class="button" data-testid="label-suggest" disabled={!able} onClick={() => void suggest()}>
        {suggestions.value.size > 0 ? text.again : text.ask}
      </button>
      <p class="muted small">
        {suggestions.value.size > 0
          ? text.by(suggestedBy.value)
          : modelState.value === "ready" && !able
            ? text.unable(name)
            : text.hint(name)}
      </p>
    </>
  );
}

function Accept() {
  const { data } = strings.value;
  const least = useSignal(SURE);
  const count = suggestedAbove(least.value / 100).size;
  const accept = () => {
    const what = data.suggest.accepted(count);
    void acceptAbove(least.peek() / 100, what);
    offerUndo(what);
  };
  return (
    <div class="data-accept">
      <label htmlFor="label-accept-above">
        <span>{data.suggest.above}</span>
        <NumberInput
          id="label-accept-above"
          data-testid="label-accept-above"
          value={least.value}
          min={0}
          max={100}
          step="any"
          onChange={(value) => {
            least.value = value;
          }}
        />
        <span>%</span>
      </label>
      <button
        type="button"
        class="button"
        data-testid="label-accept"
        data-count={count}
        disabled={!mayWrite.value || count === 0}
        onClick={accept}
      >
        {data.suggest.accept(count, whole(count))}
      </button>
      <button type="button" class="button quiet" onClick={() => want({ label: "", order: "unsure" })}>
        {data.suggest.unsure}
      </button>
    </div>
  );
}

function Progress() {
  const { data, session } = strings.value;
  const { done, total, secondsLeft } = suggesting.value ?? { done: 0, total: 1, secondsLeft: null };
  return (
    <div class="data-suggest" data-testid="label-suggesting" data-done={done} data-total={total}>
      <p class="small">
        {data.suggest.asking(suggestedBy.value, workDone(done / Math.max(total, 1)))}
        {secondsLeft !== null && ` · ${session.left(roughly(secondsLeft))}`}
      </p>
      <progress value={done} max={total} aria-label={data.suggest.ask} />
      <button type="button" class="button" onClick={cancelSuggesting}>
        {session.cancel}
      </button>
    </div>
  );
}
