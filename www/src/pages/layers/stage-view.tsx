import { useComputed } from "@preact/signals";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { Icon } from "../../ui/icons";
import { shapeText } from "../../ui/layer-title";
import { Term } from "../../ui/term";
import { FiltersCanvas, hasFilters } from "./filters-canvas";
import { Legend } from "./legend";
import { openStage, run, stage, weightsCame } from "./look";
import { MapsCanvas } from "./maps-canvas";
import type { Net } from "./net";
import { rangeOf } from "./paint";
import { scale } from "./shown";
import { saysOf, termOf, titleOf } from "./stage-names";
import { TwoFormulas } from "./two-formulas";

/** The stage that is shown large: what it is, what it holds, and its filters. */
export function StageView({ of }: { of: Net }) {
  const { layers } = strings.value;
  const at = Math.min(stage.value, of.stages.length - 1);
  const { shape } = of.stage(at);
  const count = whole(of.shape(at).channels);
  const title = titleOf(of, at);
  // Fetched later than their network, weights come without a change of its own.
  weightsCame.value;
  return (
    <section
      class="card look-stage"
      role="tabpanel"
      id="layers-stage"
      aria-labelledby={`layers-tab-${at}`}
      data-testid="layers-stage"
      data-index={at - 1}
    >
      <div class="look-head">
        <h2>
          {at > 0 && <span class="look-number">{at}</span>}
          <Title of={of} at={at} />
          <span class="muted small"> {shapeText(shape)}</span>
        </h2>
        <Steps at={at} last={of.stages.length - 1} />
      </div>
      <p class="muted small">
        {saysOf(of, at)} <MadeOf of={of} at={at} />
      </p>
      <div class="look-caption">
        <strong>{of.isList(at) ? layers.values(count) : at === 0 ? layers.channels(count) : layers.maps(count)}</strong>
        <MapsLegend of={of} at={at} />
      </div>
      <MapsCanvas key={`maps ${at}`} of={of} stage={at} title={title} />
      {hasFilters(of, at) && <FiltersCanvas key={`filters ${at}`} of={of} stage={at} title={title} />}
      {of.layer(at)?.kind === "conv" && <TwoFormulas />}
    </section>
  );
}

function Title({ of, at }: { of: Net; at: number }) {
  const [term, title] = [termOf(of, at), titleOf(of, at)];
  return term ? <Term id={term}>{title}</Term> : <span>{title}</span>;
}

/** To the stage before and after. */
function Steps({ at, last }: { at: number; last: number }) {
  const { layers } = strings.value;
  return (
    <span class="look-steps">
      <button
        type="button"
        class="icon-button"
        data-testid="layers-previous"
        aria-label={layers.previous}
        disabled={at === 0}
        onClick={() => openStage(at - 1)}
      >
        <Icon name="previous" />
      </button>
      <button
        type="button"
        class="icon-button"
        data-testid="layers-next"
        aria-label={layers.next}
        disabled={at === last}
        onClick={() => openStage(at + 1)}
      >
        <Icon name="next" />
      </button>
    </span>
  );
}

/** Where it is more, or another, than the stage before: which stages a stage is made of. */
function MadeOf({ of, at }: { of: Net; at: number }) {
  const { inputs } = of.stage(at);
  if (inputs.every((input) => input === at - 1)) return null;
  const { layers } = strings.value;
  return (
    <span>
      {layers.madeOf}
      {inputs.map((input) => (
        <button key={input} type="button" class="look-link" data-testid="layers-input" onClick={() => openStage(input)}>
          {input === 0 ? titleOf(of, 0) : `${input} ${titleOf(of, input)}`}
        </button>
      ))}
    </span>
  );
}

/** By itself, so that a new range draws nothing else anew. */
function MapsLegend({ of, at }: { of: Net; at: number }) {
  const range = useComputed(() => {
    const shown = stage.value;
    if (!run.value || (scale.value === "map" && !of.isList(shown))) return null;
    return rangeOf(run.value.values(shown));
  });
  return run.value?.has(at) ? <Legend range={range.value} /> : null;
}
