import { explain, strings } from "../../i18n";
import { sureness } from "../../i18n/format";
import { address } from "../../router";
import { handDrawing as drawing } from "../../store/drawings";
import { lookInto } from "../../store/look";
import { currentModel, modelInfo, modelState, use } from "../../store/session";
import { Bars } from "../../ui/drawing/bars";
import { Seen } from "../../ui/drawing/seen";
import { sureText } from "../../ui/drawing/sure";
import { IndependentNote } from "../../ui/independent";
import { ModelLoading } from "../../ui/model-loading";
import { ModelSelect } from "../../ui/model-select";
import { NoneSwitch } from "../../ui/none";
import { answerLabel, best, bestLabel, nearestLabel, recogniser, refused, shownLabels, takesPhotos } from "./answering";

/** Signs of a label that can be shown as large as a digit. */
const SHORT_LABEL = 3;

/** What the network in use says of the drawing. */
export function Answer() {
  const { draw } = strings.value;
  return (
    <section class="draw-right card" aria-label={draw.bars}>
      <div class="draw-answer">
        <div class="draw-best">
          <p
            class={bestLabel.value.length > SHORT_LABEL ? "draw-top word" : "draw-top"}
            data-testid="draw-top"
            data-label={answerLabel}
            data-state={recogniser.state}
            data-seq={recogniser.sequence}
          >
            {bestLabel}
          </p>
          <p class="draw-sure">{sureLine()}</p>
          <ModelLoading />
        </div>
        <figure class="draw-seen">
          <Seen
            answer={recogniser.answer.value}
            testId="draw-seen"
            label={recogniser.answer.value ? draw.seen : draw.seenEmpty}
          />
          <figcaption>{draw.seen}</figcaption>
        </figure>
      </div>
      {!takesPhotos.value ? (
        <Bars
          labels={shownLabels.value}
          predictions={recogniser.answer.value?.predictions ?? null}
          testId="draw-bar"
          caption={draw.bars}
          none={refused.value}
        />
      ) : (
        <TakesPhotos />
      )}
      {!takesPhotos.value && <IndependentNote scores={modelInfo.value?.scores} />}
      <div class="draw-under">
        <ModelSelect testId="draw-model" label={draw.model} className="draw-model" />
        <LookInside />
      </div>
      {!takesPhotos.value && <NoneSwitch />}
      <p class="unseen" role="status">
        {spoken()}
      </p>
    </section>
  );
}

/** In place of a thousand bars: what this network is for, and the way back. */
function TakesPhotos() {
  const { draw } = strings.value;
  return (
    <div class="draw-refusal" data-testid="draw-takes-photos">
      <p>{draw.takesPhotos(currentModel.value.name)}</p>
      <button type="button" class="button" onClick={() => void use("digits")}>
        {draw.useDigits}
      </button>
    </div>
  );
}

/** The way to what every layer makes of this drawing. */
function LookInside() {
  return (
    <a
      class="button"
      href={address("layers")}
      data-testid="draw-look-inside"
      onClick={() => lookInto("session", drawing)}
    >
      {strings.value.layers.link}
    </a>
  );
}

function sureLine(): string {
  const { draw } = strings.value;
  if (modelState.value === "failed") return draw.failed;
  if (modelState.value === "loading") return draw.loading;
  if (takesPhotos.value) return "";
  if (recogniser.failure.value) return explain(recogniser.failure.value);
  if (!best.value) return draw.blank;
  return refused.value ? strings.value.none.nearest(nearestLabel.value) : sureText(best.value.p);
}

/** For those who listen: only what stands when the drawing rests. */
function spoken(): string {
  if (recogniser.state.value !== "ready" || !best.value) return "";
  if (refused.value) return bestLabel.value;
  return strings.value.draw.spoken(bestLabel.value, sureness(best.value.p));
}
