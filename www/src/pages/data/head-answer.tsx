import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { plain, sureness } from "../../i18n/format";
import { liveAnswer } from "../../store/own/head";
import { viewing } from "./camera";

/** More bars than this are only counted. */
const MOST_BARS = 8;
/** An answer that has stood so long is read aloud. */
const SETTLED_MS = 1500;

/** What it says, in words; null before there is an answer. */
export function useAnswerName(): { name: string; share: string; none: boolean } | null {
  const { head } = strings.value;
  const answer = liveAnswer.value;
  const [best] = answer?.predictions ?? [];
  if (!answer || !best) return null;
  return { name: answer.none ? head.answer.none : best.label, share: sureness(best.p), none: answer.none };
}

/** The live answer, and how likely each class is held. */
export function HeadAnswer() {
  const { head } = strings.value;
  const answer = liveAnswer.value;
  const said = useAnswerName();
  const [best] = answer?.predictions ?? [];
  const others = (answer?.predictions.length ?? 0) - MOST_BARS;
  return (
    <div class="head-answer">
      <p
        class="head-top"
        data-testid="head-top"
        data-label={answer?.none ? "none" : (best?.label ?? "")}
        data-p={plain(best?.p)}
        data-seq={answer?.seq ?? 0}
        data-none={answer?.none ?? false}
      >
        {said?.name ?? <span class="muted">{head.answer.nothing}</span>}
        {said && !said.none && <span class="head-share">{said.share}</span>}
      </p>
      <Aloud said={said?.name ?? ""} />
      {answer?.none && <p class="muted small">{head.answer.noneHint}</p>}
      {answer && (
        <ol class="head-bars" aria-label={head.answer.bars}>
          {answer.predictions.slice(0, MOST_BARS).map(({ index, label, p }, rank) => (
            <li key={index} class="head-class" data-testid="head-class" data-label={label} data-p={plain(p)}>
              <span class="head-class-name">{label}</span>
              <span class="head-class-share">{sureness(p)}</span>
              <progress
                class="head-meter"
                data-best={rank === 0 && !answer.none}
                aria-hidden="true"
                max={1}
                value={p}
              />
            </li>
          ))}
          {others > 0 && <li class="muted small">{head.answer.other(others)}</li>}
        </ol>
      )}
      {answer && <p class="muted small">{head.answer.of[viewing.value === "on" ? answer.source : "picture"]}</p>}
    </div>
  );
}

/** Only what stays is said: a camera's answer may change ten times a second. */
function Aloud({ said }: { said: string }) {
  const settled = useSignal("");
  useEffect(() => {
    const timer = setTimeout(() => {
      settled.value = said;
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [said, settled]);
  return (
    <p class="unseen" role="status">
      {settled.value}
    </p>
  );
}
