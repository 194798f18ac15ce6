import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../engine/types";
import { className } from "../i18n";
import { plain, sureness } from "../i18n/format";
import { NONE } from "../store/rejecting";
import "../styles/none.css";
import "../styles/top-labels.css";

interface Props {
  /** Best first. */
  predictions: readonly Prediction[];
  testId: string;
  caption: string;
  /** What comes before them where none of them is the answer: what that is called. */
  none?: string | null;
  /** Whether none of them is the answer, which stands elsewhere. */
  unfit?: boolean;
}

/** The likeliest classes, best first, each with its bar: of a thousand classes nobody wants to see them all. */
export function TopLabels({ predictions, testId, caption, none = null, unfit = none !== null }: Props) {
  return (
    <ol class={unfit ? "top-labels unfit" : "top-labels"} aria-label={caption}>
      {none !== null && (
        <li class="top-label none" data-testid={testId} data-index="" data-label={NONE} data-p="">
          <span class="top-label-name">{none}</span>
        </li>
      )}
      {predictions.map((prediction, rank) => (
        // The row is a rank, and what is on it changes with every frame of a camera.
        <Row key={rank} {...prediction} testId={testId} />
      ))}
    </ol>
  );
}

function Row({ index, label, p, testId }: Prediction & { testId: string }) {
  const fill = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (fill.current) fill.current.style.transform = `scaleX(${p})`;
  }, [p]);
  const name = className(label);
  return (
    <li class="top-label" data-testid={testId} data-index={index} data-label={label} data-p={plain(p)}>
      <span class="top-label-name" title={name}>
        {name}
      </span>
      <span class="top-label-share">{sureness(p)}</span>
      <span class="bar-track" aria-hidden="true">
        <span class="bar-fill" ref={fill} />
      </span>
    </li>
  );
}
