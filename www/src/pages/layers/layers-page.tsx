import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address } from "../../router";
import { lookedFrom, lookInto, type Subject, subject } from "../../store/look";
import { hasNet, progress } from "../../store/run";
import { currentModelId, use } from "../../store/session";
import { MODEL_SELECT, ModelOptions } from "../../ui/model-select";
import { TermDialog } from "../../ui/term";
import { Detail } from "./detail";
import { LookedAt } from "./image";
import { begin, letGo, net, refusal } from "./look";
import { Overview } from "./overview";
import { beginColours, type Scale, scale } from "./shown";
import { StageView } from "./stage-view";
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
      <header class="look-top">
        <div class="page-head">
          <h1>{layers.heading}</h1>
          <p class="muted">
            {opened?.info.takesDrawings === false ? layers.introPhotos : layers.intro} <WayBack />
          </p>
        </div>
        <Choice />
      </header>
      {refusal.value && <Refusal sentence={refusal.value} />}
      {!opened && !refusal.value && <p class="muted">{layers.loading}</p>}
      <Overview />
      <div class="look-large">
        {!refusal.value && <LookedAt />}
        {opened && <StageView of={opened} />}
        {opened && <Detail />}
      </div>
      <TermDialog />
    </div>
  );
}

/** To the page that the person looked in from. */
function WayBack() {
  const { layers, nav, opening } = strings.value;
  const names = { ...nav, model: opening.details };
  const from = lookedFrom.value;
  if (!from || from === "layers") return null;
  return (
    <a href={address(from)} data-testid="layers-from">
      {layers.backTo(names[from])}
    </a>
  );
}

/** Why a network cannot be looked into, and one that can. */
function Refusal({ sentence }: { sentence: string }) {
  const { layers } = strings.value;
  const digits = () => {
    lookInto("session");
    void use("digits");
  };
  return (
    <div class="card look-refusal" role="alert" data-testid="layers-refusal">
      <p>{layers.refused(sentence)}</p>
      <button type="button" class="button primary" data-testid="layers-digits" onClick={digits}>
        {layers.lookIntoDigits}
      </button>
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
