import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { clear } from "../../store/drawings";
import { lookInto, type Subject, subject } from "../../store/look";
import { hasNet, progress } from "../../store/run";
import { currentModelId, modelState, use } from "../../store/session";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { sureText } from "../../ui/drawing/sure";
import { Icon } from "../../ui/icons";
import { shapeText } from "../../ui/layer-title";
import { MODEL_SELECT, ModelOptions } from "../../ui/model-select";
import { TermDialog } from "../../ui/term";
import { Detail } from "./detail";
import { LayerBlocks } from "./layer-blocks";
import { begin, canSample, drawing, letGo, net, recogniser, refusal, run, sample, sequence, showSample } from "./look";
import { Seen } from "./seen";
import { beginColours, type Scale, scale } from "./shown";
import { TwoFormulas } from "./two-formulas";
import "../../styles/layers.css";

export function LayersPage() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ends = [begin(), ref.current ? beginColours(ref.current) : () => {}];
    const release = (event: KeyboardEvent) => event.key === "Escape" && letGo();
    addEventListener("keydown", release);
    return () => {
      removeEventListener("keydown", release);
      for (const end of ends) end();
    };
  }, []);
  const { layers } = strings.value;
  const opened = net.value;
  return (
    <div class="look" ref={ref}>
      <header class="page-head">
        <h1>{layers.heading}</h1>
        <p class="muted">{layers.intro}</p>
      </header>
      <section class="look-image" aria-label={layers.image}>
        <Choice />
        <Pad />
        {opened && <Answer />}
      </section>
      <section class="look-layers" aria-label={layers.list}>
        {refusal.value && (
          <p class="card look-refusal" role="alert" data-testid="layers-refusal">
            {layers.refused(refusal.value)}
          </p>
        )}
        {!opened && !refusal.value && <p class="muted">{layers.loading}</p>}
        {opened && <TwoFormulas />}
        {opened && <LayerBlocks key={opened.key} of={opened} />}
      </section>
      <Detail />
      <TermDialog />
    </div>
  );
}

/** The network that is looked into: one of the session's, or the one in training. */
function Choice() {
  const { layers } = strings.value;
  const choose = (id: string) => {
    const next: Subject = id === TRAINING ? "training" : "session";
    lookInto(next);
    if (next === "session") void use(id);
  };
  return (
    <div class="look-choice">
      <label class="field">
        <span>{layers.model}</span>
        <select
          id={MODEL_SELECT}
          data-testid="layers-model"
          aria-label={layers.model}
          value={subject.value === "training" ? TRAINING : currentModelId.value}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <ModelOptions />
          {hasNet.value && <option value={TRAINING}>{layers.inTraining(whole(progress.value.step))}</option>}
        </select>
      </label>
      <label class="field">
        <span>{layers.scale}</span>
        <select
          data-testid="layers-scale"
          value={scale.value}
          onChange={(event) => {
            scale.value = event.currentTarget.value as Scale;
          }}
        >
          <option value="layer">{layers.perLayer}</option>
          <option value="map">{layers.perMap}</option>
        </select>
      </label>
    </div>
  );
}

const TRAINING = "training";

function Pad() {
  const { draw, layers } = strings.value;
  const opened = net.value;
  if (opened && !opened.info.takesDrawings) {
    return <p class="card look-refusal">{layers.noDrawings(shapeText(opened.stage(0).shape))}</p>;
  }
  return (
    <>
      <DrawingCanvas
        drawing={drawing.value}
        recogniser={recogniser}
        testId="layers-canvas"
        label={draw.canvas}
        help={draw.canvasHelp}
        hint={draw.hint}
      />
      <div class="look-tools">
        <button
          type="button"
          class="button"
          data-testid="layers-clear"
          disabled={drawing.value.isBlank.value}
          onClick={() => clear(drawing.value)}
        >
          <Icon name="clear" />
          {draw.clear}
        </button>
        <SampleButton />
      </div>
    </>
  );
}

/** The page's next step while there is nothing to look at. */
function SampleButton() {
  const { layers } = strings.value;
  const shown = sample.value !== null;
  return (
    <button
      type="button"
      class={run.value ? "button" : "button primary"}
      data-testid="layers-sample"
      disabled={!canSample.value}
      onClick={showSample}
    >
      {shown ? layers.anotherSample : layers.sample}
    </button>
  );
}

/** What the network is given, and what it says. */
function Answer() {
  const { draw, layers } = strings.value;
  const best = bestOf();
  const shown = sample.value;
  return (
    <div class="card look-answer">
      <figure class="draw-seen">
        <Seen />
        <figcaption>{draw.seen}</figcaption>
      </figure>
      <div class="draw-best">
        <p class="draw-top" data-testid="layers-top" data-state={state()} data-seq={sequence}>
          {best?.label ?? ""}
        </p>
        <p class="draw-sure">{best ? sureText(best.p) : layers.blank}</p>
        {shown && (
          <p class="muted small" data-testid="layers-sample-shown" data-index={shown.index} data-label={shown.label}>
            {layers.sampleShown(whole(shown.index + 1), shown.name)}
          </p>
        )}
        {shown && !drawing.value.isBlank.value && (
          <button
            type="button"
            class="button quiet"
            data-testid="layers-back"
            onClick={() => {
              sample.value = null;
            }}
          >
            {layers.backToDrawing}
          </button>
        )}
      </div>
    </div>
  );
}

function state(): string {
  if (modelState.value === "loading" || !net.value) return "loading";
  if (sample.value) return run.value ? "ready" : "thinking";
  return recogniser.state.value;
}

function bestOf(): { label: string; p: number } | null {
  const [opened, values] = [net.value, run.value];
  if (!opened || !values) return null;
  const last = opened.stages.length - 1;
  // Without a softmax there are scores and no probabilities.
  if (opened.layer(last)) return null;
  const shares = opened.values(values, last);
  const best = shares.reduce((first, p, i) => (p > (shares[first] ?? 0) ? i : first), 0);
  return { label: opened.info.labels[best] ?? String(best), p: shares[best] ?? 0 };
}
