import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Flaw, OwnSample } from "../../engine/library/records";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { accept, move, relabel, remove, undo } from "../../store/own/changes";
import type { Issue } from "../../store/own/issues";
import { openDataset, samples } from "../../store/own/open";
import { Picture } from "./picture";

interface Props {
  kind: Flaw;
  /** As it was when it was opened: what is dealt with stays in its place, so that one can go back. */
  list: readonly Issue[];
  onClose: () => void;
}

/** A list of doubtful images, one after another: one key deals with each. */
export function Review({ kind, list, onClose }: Props) {
  const { review } = strings.value.check;
  const dialog = useRef<HTMLDialogElement>(null);
  const at = useSignal(0);
  /** How many were dealt with here: only so many can be taken back. */
  const dealt = useSignal(0);
  // Before anything else is heard: a key that is pressed at once is meant for it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const issue = list[at.value];
  const turn = (by: number) => {
    at.value = Math.min(Math.max(at.value + by, 0), list.length);
  };
  const deal = async (work: Promise<boolean>) => {
    turn(1);
    if (await work) dealt.value += 1;
    else turn(-1);
  };
  const back = () => {
    if (dealt.value === 0) return;
    dealt.value -= 1;
    turn(-1);
    void undo();
  };
  const first = () => issue && deal(dealWith(issue));
  const keys: Record<string, () => void> = {
    Enter: () => void first(),
    Delete: () => issue && void deal(takeOut(issue)),
    f: () => issue && void deal(findFine(issue)),
    ArrowRight: () => turn(1),
    ArrowLeft: () => turn(-1),
    Backspace: back,
  };
  return (
    <dialog
      ref={dialog}
      class="term-dialog review-dialog"
      data-testid="check-review"
      data-kind={kind}
      data-at={at.value}
      aria-label={strings.value.check.kinds[kind]}
      onClose={onClose}
      onKeyDown={(event) => {
        const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        // Enter on another button is that button's.
        const onButton = event.key === "Enter" && (event.target as HTMLElement).matches("button:not([data-first])");
        if (!act || onButton || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act();
      }}
    >
      <div class="term-card">
        <div class="panel-head">
          <h2>{strings.value.check.kinds[kind]}</h2>
          <span class="muted">{issue ? review.of(whole(at.value + 1), whole(list.length)) : ""}</span>
        </div>
        {issue ? <OneIssue issue={issue} /> : <p data-testid="check-done">{review.done}</p>}
        <div class="review-actions">
          {issue && (
            <>
              <button type="button" class="button primary" data-first data-testid="check-first" onClick={first}>
                {firstName(issue)}
              </button>
              {issue.kind !== "duplicate" && (
                <button type="button" class="button" data-testid="check-remove" onClick={keys.Delete}>
                  {review.remove}
                </button>
              )}
              <button type="button" class="button" data-testid="check-fine" onClick={keys.f}>
                {review.fine}
              </button>
              <button type="button" class="button" onClick={() => turn(1)}>
                {review.later}
              </button>
            </>
          )}
          <button type="button" class="button" disabled={dealt.value === 0} data-testid="check-undo" onClick={back}>
            {review.undo}
          </button>
          <button
            type="button"
            class={issue ? "button" : "button primary"}
            data-testid="check-close"
            onClick={() => dialog.current?.close()}
          >
            {review.close}
          </button>
        </div>
        <p class="muted small review-keys">{review.keys}</p>
      </div>
    </dialog>
  );
}

function OneIssue({ issue }: { issue: Issue }) {
  const { review } = strings.value.check;
  const now = samples.value.find(({ id }) => id === issue.sample.id);
  return (
    <>
      <div class="review-pictures" data-gone={now === undefined}>
        <figure>
          <Picture sample={issue.sample} />
          <figcaption>{nameOf(now?.label ?? issue.sample.label)}</figcaption>
        </figure>
        {issue.like && (
          <figure>
            <Picture sample={issue.like} />
            <figcaption>{`${review.like} · ${nameOf(issue.like.label)}`}</figcaption>
          </figure>
        )}
      </div>
      <p>{sentence(issue)}</p>
    </>
  );
}

function nameOf(label: string | null | undefined): string {
  return openDataset.value?.classes.find(({ id }) => id === label)?.name ?? "";
}

function sentence({ kind, sample, suggested, like }: Issue): string {
  const { check } = strings.value;
  const { review } = check;
  switch (kind) {
    case "label":
      return review.label(nameOf(sample.label), nameOf(suggested));
    case "leak":
      return review.leak(check.splits[sample.split], check.splits[(like as OwnSample).split]);
    case "small":
      return review.small(`${sample.width}×${sample.height}`, String(openDataset.value?.input.side ?? ""));
    default:
      return review[kind];
  }
}

/** What is done first with an image that has this flaw. */
function firstName({ kind, suggested }: Issue): string {
  const { review } = strings.value.check;
  if (kind === "label") return review.relabel(nameOf(suggested));
  return kind === "leak" ? review.together : review.remove;
}

function dealWith(issue: Issue): Promise<boolean> {
  const { review } = strings.value.check;
  const { kind, sample, suggested, like } = issue;
  if (kind === "label" && suggested) return relabel([sample.id], suggested, review.stepRelabel);
  if (kind === "leak" && like) return move([sample.id], like.split, review.stepTogether);
  return takeOut(issue);
}

function takeOut({ sample }: Issue): Promise<boolean> {
  return remove([sample.id], strings.value.check.review.stepRemove);
}

function findFine({ kind, sample }: Issue): Promise<boolean> {
  return accept([sample.id], kind, strings.value.check.review.stepFine);
}
