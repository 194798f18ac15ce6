import { useSignal } from "@preact/signals";
import type { Flaw } from "../../engine/library/records";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { cancelChecking, checking, findWrongLabels, LEAST_TO_CHECK } from "../../store/own/checking";
import { classIssues, doubts, type Issue, issues, LEAST_PER_CLASS } from "../../store/own/issues";
import { mayWrite, samples } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { Block } from "./block";
import { Review } from "./check-review";
import "../../styles/check.css";

/** The worst for a network first. */
const KINDS: readonly Flaw[] = ["label", "leak", "duplicate", "small", "dark", "blurred"];

/** What may be wrong with the dataset, each kind a list to go through. */
export function Check() {
  const { check } = strings.value;
  const under = useSignal<{ kind: Flaw; list: readonly Issue[] } | null>(null);
  const found = issues.value;
  if (!found || samples.value.length === 0) return null;
  const some = KINDS.filter((kind) => found[kind].length > 0);
  const findings = some.reduce((sum, kind) => sum + found[kind].length, classIssues.value.length);
  return (
    <Block
      title={check.heading}
      testId="dataset-check"
      fact={findings > 0 ? check.found(findings, whole(findings)) : ""}
    >
      <p class="muted small">{check.intro}</p>
      <ClassIssues />
      <ul class="check-kinds">
        {some.map((kind) => (
          <li
            key={kind}
            class="check-kind"
            data-testid="dataset-issues"
            data-kind={kind}
            data-count={found[kind].length}
          >
            <div>
              <strong>
                {check.kinds[kind]} · {whole(found[kind].length)}
              </strong>
              <p class="muted small">{check.why[kind]}</p>
            </div>
            <button
              type="button"
              class="button"
              data-testid={`check-${kind}`}
              disabled={!mayWrite.value}
              onClick={() => {
                under.value = { kind, list: found[kind] };
              }}
            >
              {check.through(found[kind].length, whole(found[kind].length))}
            </button>
          </li>
        ))}
      </ul>
      {some.length === 0 && classIssues.value.length === 0 && <p class="muted">{check.none}</p>}
      <WrongLabels />
      {under.value && (
        <Review
          {...under.value}
          onClose={() => {
            under.value = null;
          }}
        />
      )}
    </Block>
  );
}

function ClassIssues() {
  const { check } = strings.value;
  if (classIssues.value.length === 0) return null;
  return (
    <ul class="check-classes">
      {classIssues.value.map(({ class: { id, name }, kind, count, most }) => (
        <li key={id} data-testid="class-issue" data-kind={kind} data-name={name}>
          {kind === "few"
            ? check.fewImages(name, count, whole(count), whole(LEAST_PER_CLASS))
            : check.unbalanced(name, whole(count), whole(most))}
        </li>
      ))}
    </ul>
  );
}

/** Asked for, because it takes a while. */
function WrongLabels() {
  const { check } = strings.value;
  const share = checking.value;
  if (share !== null) {
    return (
      <div class="check-labels" data-testid="check-progress" data-share={share.toFixed(3)}>
        <progress value={share} max={1} aria-label={check.finding(percent(share))} />
        <span>{check.finding(percent(share))}</span>
        <button type="button" class="button" data-testid="check-cancel" onClick={cancelChecking}>
          {check.cancel}
        </button>
      </div>
    );
  }
  const enough = enoughToCheck();
  return (
    <div class="check-labels">
      <button
        type="button"
        class="button"
        data-testid="check-find-labels"
        data-found={doubts.value?.length ?? ""}
        disabled={!enough}
        onClick={() => void findWrongLabels()}
      >
        <Icon name="play" />
        {check.findLabels}
      </button>
      <p class="muted small">{enough ? check.findLabelsHint : check.tooFew}</p>
    </div>
  );
}

function enoughToCheck(): boolean {
  const counts = new Map<string, number>();
  for (const { label } of samples.value) if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts.size >= 2 && [...counts.values()].every((count) => count >= LEAST_TO_CHECK);
}
