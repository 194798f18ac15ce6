import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { Curve } from "../../store/own/curve";
import { type Axis, axisOf, path, place } from "./curve-axes";

const WIDTH = 560;
const HEIGHT = 260;
const ROOM = { left: 62, right: 18, top: 14, bottom: 52 };

/** Accuracy against labels: two lines that colour, dashes and marks tell apart. */
export function CurveChart({ points }: { points: Curve["points"] }) {
  const { curve: text } = strings.value.head;
  const last = points.at(-1);
  if (points.length < 2 || !last) return null;
  const x = axisOf(
    points.map(({ labels }) => labels),
    ROOM.left,
    WIDTH - ROOM.right,
  );
  const y = axisOf(
    points.flatMap(({ random, uncertain }) => [random, uncertain]),
    HEIGHT - ROOM.bottom,
    ROOM.top,
    1,
  );
  const at = (labels: number, share: number): [number, number] => [place(x, labels), place(y, share)];
  const random = points.map((point) => at(point.labels, point.random));
  const uncertain = points.map((point) => at(point.labels, point.uncertain));
  const says = `${whole(last.labels)}: ${text.random} ${percent(last.random)}, ${text.uncertain} ${percent(last.uncertain)}`;
  return (
    <figure class="curve-figure">
      <svg class="curve-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text.chart(says)}>
        <Rules x={x} y={y} />
        <path class="curve-random" d={path(random)} />
        <path class="curve-uncertain" d={path(uncertain)} />
        {random.map(([cx, cy]) => (
          <circle key={cx} class="curve-random-mark" cx={cx} cy={cy} r={3.5} />
        ))}
        {uncertain.map(([cx, cy]) => (
          <rect key={cx} class="curve-uncertain-mark" x={cx - 3.5} y={cy - 3.5} width={7} height={7} />
        ))}
        <text class="curve-name" x={(WIDTH + ROOM.left) / 2} y={HEIGHT - 6} text-anchor="middle">
          {text.labels}
        </text>
      </svg>
      <figcaption class="small">
        <span class="curve-key-uncertain">{text.uncertain}</span>
        <span class="curve-key-random">{text.random}</span>
      </figcaption>
    </figure>
  );
}

function Rules({ x, y }: { x: Axis; y: Axis }) {
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line class="curve-rule" x1={ROOM.left} x2={WIDTH - ROOM.right} y1={place(y, tick)} y2={place(y, tick)} />
          <text x={ROOM.left - 8} y={place(y, tick) + 4} text-anchor="end">
            {shortPercent(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} x={place(x, tick)} y={HEIGHT - ROOM.bottom + 22} text-anchor="middle">
          {whole(tick)}
        </text>
      ))}
    </>
  );
}

/** Of an axis: whole, but where its steps are finer. */
function shortPercent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}
