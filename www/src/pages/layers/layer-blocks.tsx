import { useComputed } from "@preact/signals";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { TermId } from "../../ui/formulas";
import { layerTitle, shapeText } from "../../ui/layer-title";
import { Term } from "../../ui/term";
import { FiltersCanvas, hasFilters } from "./filters-canvas";
import { Legend } from "./legend";
import { live, run } from "./look";
import { MapsCanvas } from "./maps-canvas";
import type { Net } from "./net";
import { rangeOf } from "./paint";
import { scale } from "./shown";

/** Every layer, from the image to the answer: what it puts out, and its filters. */
export function LayerBlocks({ of }: { of: Net }) {
  return (
    <ol class="look-list">
      {of.stages.slice(1).map((stage, i) => (
        // The order is what the layers are known by.
        <LayerBlock key={`${i} ${stage.layer?.kind}`} of={of} stage={i + 1} />
      ))}
    </ol>
  );
}

function LayerBlock({ of, stage }: { of: Net; stage: number }) {
  const { layers, terms } = strings.value;
  const term = termOf(of, stage);
  const title = titleOf(of, stage);
  const { shape } = of.stage(stage);
  const count = whole(of.shape(stage).channels);
  return (
    <li
      class="card look-layer"
      data-testid="layers-layer"
      data-index={stage - 1}
      data-kind={term}
      data-shape={shape.join("x")}
    >
      <div class="look-head">
        <h2>
          <span class="look-number">{stage}</span>
          <Term id={term}>{title}</Term>
        </h2>
        <span class="muted small">{shapeText(shape)}</span>
      </div>
      <p class="muted small">{terms[term].says}</p>
      <div class="look-caption">
        <strong>{of.isList(stage) ? layers.values(count) : layers.maps(count)}</strong>
        <MapsLegend of={of} stage={stage} />
      </div>
      <MapsCanvas of={of} stage={stage} title={title} />
      {hasFilters(of, stage) && <FiltersCanvas of={of} stage={stage} title={title} />}
    </li>
  );
}

/** By itself, so that a new range draws nothing else anew. */
function MapsLegend({ of, stage }: { of: Net; stage: number }) {
  const range = useComputed(() => {
    if (!run.value || (scale.value === "map" && !of.isList(stage))) return null;
    return rangeOf(live(of).values(run.value, stage));
  });
  return run.value && <Legend range={range.value} />;
}

/** A stage without a layer comes of the softmax. */
export function termOf(of: Net, stage: number): TermId {
  return of.layer(stage)?.kind ?? "softmax";
}

export function titleOf(of: Net, stage: number): string {
  const layer = of.layer(stage);
  if (stage === 0) return strings.value.train.input;
  return layer ? layerTitle(layer) : strings.value.layerNames.softmax;
}
