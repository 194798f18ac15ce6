import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../../engine/types";
import { className } from "../../i18n";
import { plain, sureness } from "../../i18n/format";

/** Signs of a label that needs no column of its own. */
const SHORT_LABEL = 2;

interface Props {
  labels: readonly string[];
  /** In any order; null while there is no answer. */
  predictions: readonly Prediction[] | null;
  testId: string;
  caption: string;
  /** Whether the answer is none of the classes. */
  none?: boolean;
}

/** One bar for each class, in the order of the classes. */
export function Bars({ labels, predictions, testId, caption, none = false }: Props) {
  const shares = new Map(predictions?.map(({ index, p }) => [index, p]));
  const best = none ? undefined : predictions?.[0]?.index;
  const named = labels.some(({ length }) => length > SHORT_LABEL);
  return (
    <ol class={["bars", named && "named", none && "unfit"].filter(Boolean).join(" ")} aria-label={caption}>
      {labels.map((label, index) => (
        // Classes never change places, and two may share a name.
        <Bar
          key={`${index} ${label}`}
          label={label}
          p={shares.get(index) ?? null}
          best={index === best}
          testId={testId}
        />
      ))}
    </ol>
  );
}

function Bar({ label, p, best, testId }: { label: string; p: number | null; best: boolean; testId: string }) {
  const fill = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (fill.current) fill.current.style.transform = `scaleX(${p ?? 0})`;
  }, [p]);
  return (
    <li class="bar" data-testid={testId} data-class={label} data-p={plain(p)} data-best={best}>
      <span class="bar-label">{className(label)}</span>
      <span class="bar-track" aria-hidden="true">
        <span class="bar-fill" ref={fill} />
      </span>
      <span class="bar-share">{p === null ? "" : sureness(p)}</span>
    </li>
  );
}
