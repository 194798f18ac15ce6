import { strings } from "../../i18n";
import { number } from "./shown";

/** From the lowest shade to the highest; `range` null where every map has its own. */
export function Legend({ range }: { range: number | null }) {
  const end = range === null ? strings.value.layers.own : number(range, 2);
  return (
    <span class="look-legend" role="img" aria-label={strings.value.layers.legend(end)}>
      <span aria-hidden="true">{range === null ? "−" : `−${end}`}</span>
      <span class="look-ramp" aria-hidden="true" />
      <span aria-hidden="true">{range === null ? "+" : end}</span>
    </span>
  );
}
