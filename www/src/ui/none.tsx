import { strings } from "../i18n";
import { percent } from "../i18n/format";
import { areDigits, rejecting, rejectOf, setRejecting } from "../store/rejecting";
import { labels, modelInfo, modelState } from "../store/session";
import "../styles/none.css";

/** What an answer without a class is called: of a network for the ten digits, that it is no digit. */
export function noneText(classes: readonly string[]): string {
  const { none } = strings.value;
  return areDigits(classes) ? none.notDigit : none.answer;
}

/** Whether *none of these* is an answer of the model in use; nothing where it could not give it. */
export function NoneSwitch() {
  const reject = rejectOf(modelInfo.value);
  if (!reject || modelState.value !== "ready") return null;
  return <Switch kept={reject.kept} classes={labels.value} />;
}

/** The same for a model that is not the one in use. `kept`: the share of known images that keep their class. */
export function Switch({ kept, classes }: { kept: number; classes: readonly string[] }) {
  const { none } = strings.value;
  return (
    <div class="none-switch">
      <label>
        <input
          type="checkbox"
          data-testid="none-switch"
          checked={rejecting.value}
          onChange={(event) => setRejecting(event.currentTarget.checked)}
        />
        <span>{areDigits(classes) ? none.switchDigits : none.switch}</span>
      </label>
      <details>
        <summary>{none.whyOpen}</summary>
        <p>{none.why(percent(kept))}</p>
      </details>
    </div>
  );
}
