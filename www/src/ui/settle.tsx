import type { TargetedEvent } from "preact";
import type { KnownPreprocessing, Reason } from "../engine/types";
import { explain, strings } from "../i18n";
import { percent } from "../i18n/format";
import { models } from "../store/session";
import { apply, type Candidate, choosePreset, leave, type Settling, settling } from "../store/settling";
import { Icon } from "./icons";
import { Answers, EachWay } from "./settle-answers";
import { Labels, Output, Size } from "./settle-file";
import { More } from "./settle-more";
import "../styles/settle.css";

/** How a file from elsewhere is given pictures: what is proposed and why, what comes of it, and what can be chosen. */
export function Settle() {
  const now = settling.value;
  if (!now) return null;
  const { opening } = strings.value;
  const { modelId, info, phase, known, candidates, applied } = now;
  const name = models.value.find(({ id }) => id === modelId)?.name ?? info.name;
  return (
    <section
      class="settle"
      data-testid="settle-panel"
      data-state={phase}
      data-known={known}
      data-likeliest={isWeighed(now) ? (candidates[0]?.known ?? "") : ""}
      data-applied={applied !== null}
      aria-label={opening.seesOf(name)}
    >
      <div class="panel-head">
        <h3>{opening.seesOf(name)}</h3>
        <button type="button" class="icon-button" data-testid="settle-leave" aria-label={opening.leave} onClick={leave}>
          <Icon name="close" />
        </button>
      </div>
      <p>{info.settled ? opening.settled : opening.unsettled}</p>
      <p class="muted small" role="status" data-testid="settle-state">
        {stateText(now)}
      </p>
      <Output now={now} />
      <Preset now={now} />
      <p class="small" data-testid="settle-reason">
        {reasonText(now)}
      </p>
      <Answers now={now} />
      <Apply now={now} />
      <EachWay now={now} />
      <Size info={info} />
      <Labels now={now} />
      <p class="muted small" data-testid="settle-scores" data-scores={info.scores}>
        {opening.scores[info.scores]}
      </p>
      <More now={now} />
    </section>
  );
}

/** Whether all of them have been tried: the first is then the likeliest. */
function isWeighed({ phase, candidates }: Settling): boolean {
  return phase === "ready" && candidates.some(({ weighed }) => weighed !== null);
}

function stateText({ phase, done, total, error, samples, candidates }: Settling): string {
  const { opening } = strings.value;
  if (phase === "failed") return error ? explain(error) : "";
  if (phase === "loading") return opening.loading;
  if (samples.length === 0) return opening.noSamples;
  if (candidates.length === 0) return "";
  return phase === "weighing" ? opening.weighing(done, total) : opening.ready;
}

function Preset({ now }: { now: Settling }) {
  const { opening } = strings.value;
  const { known, candidates } = now;
  const likeliest = isWeighed(now) ? candidates[0]?.known : undefined;
  const choose = ({ currentTarget }: TargetedEvent<HTMLSelectElement>) => {
    const { value } = currentTarget;
    // Nothing is to be chosen by that name: it is what the settings below make.
    if (value === "custom") currentTarget.value = known;
    else choosePreset(value as KnownPreprocessing);
  };
  return (
    <label class="field">
      <span>{opening.preset}</span>
      <select data-testid="preprocess-preset" value={known} onChange={choose}>
        {candidates.map((candidate) => (
          <option key={candidate.known} value={candidate.known}>
            {candidate.known === likeliest
              ? opening.likeliest(opening.known[candidate.known])
              : opening.known[candidate.known]}
          </option>
        ))}
        {(known === "custom" || candidates.length > 0) && <option value="custom">{opening.known.custom}</option>}
        {known !== "custom" && candidates.length === 0 && <option value={known}>{opening.known[known]}</option>}
      </select>
    </label>
  );
}

/** What speaks for what is chosen: what the file tells, then what the samples do. */
function reasonText({ known, candidates }: Settling): string {
  const chosen = candidates.find((candidate) => candidate.known === known);
  if (!chosen) return "";
  const parts = [...chosen.reasons.map(reason), worthText(chosen, candidates)].filter(Boolean);
  return parts.join(strings.value.tag === "en" ? " " : "");
}

function reason(why: Reason): string {
  const { reasons } = strings.value.opening;
  switch (why.kind) {
    case "scalesItself":
      return reasons.scalesItself(why.operator);
    case "inputName":
      return reasons.inputName(why.name);
    case "producer":
      return reasons.producer(why.name);
    default:
      return reasons[why.kind]();
  }
}

/** Against the best of the others: what sets it apart. */
function worthText({ known, weighed }: Candidate, candidates: readonly Candidate[]): string {
  if (!weighed) return "";
  const { opening } = strings.value;
  const others = candidates.filter((other) => other.known !== known).flatMap((other) => other.weighed ?? []);
  const { accuracy, confidence } = weighed;
  if (accuracy !== undefined) {
    const next = Math.max(...others.map((other) => other.accuracy ?? 0));
    return others.length > 0
      ? opening.rightAgainst(percent(accuracy), percent(next))
      : opening.right(percent(accuracy));
  }
  const next = Math.max(...others.map((other) => other.confidence));
  return others.length > 0
    ? opening.sureAgainst(percent(confidence), percent(next))
    : opening.sure(percent(confidence));
}

function Apply({ now }: { now: Settling }) {
  const { opening } = strings.value;
  const { phase, chosen, applied } = now;
  const isApplied = applied !== null && same(chosen, applied);
  return (
    <button
      type="button"
      class="button primary"
      data-testid="preprocess-apply"
      aria-disabled={isApplied || phase === "loading"}
      onClick={() => !isApplied && phase !== "loading" && void apply()}
    >
      {isApplied ? opening.applied : opening.apply}
    </button>
  );
}

/** What is usual may be left out. */
function same(a: Settling["chosen"], b: Settling["chosen"]): boolean {
  const text = ({ fit, offset, scale, order = "rgb", ink = "light" }: Settling["chosen"]) =>
    JSON.stringify([fit, offset, scale, order, ink]);
  return text(a) === text(b);
}
