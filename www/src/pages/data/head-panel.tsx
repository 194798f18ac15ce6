import { strings } from "../../i18n";
import { BACKBONES, backbone, chooseBackbone, ownBackbones } from "../../store/own/features";
import { autoFit, exportHead, headState, liveHead } from "../../store/own/head";
import { Icon } from "../../ui/icons";
import { trying, viewing } from "./camera";
import { HeadAnswer, useAnswerName } from "./head-answer";
import { HeadFacts } from "./head-facts";
import { useLiveFrames } from "./head-live";
import { HeadStatus } from "./head-status";
import { HeadAttempt } from "./head-try";
import { HeadUse } from "./head-use";
import type { Step } from "./next-step";
import "../../styles/head.css";

/** The model of the images that are there, which answers beside them. */
export function HeadPanel({ step }: { step: Step }) {
  const { head } = strings.value;
  useLiveFrames();
  const by = step.kind === "train" ? step.by : null;
  const answers = liveHead.value !== null;
  return (
    <section class="card head-panel" aria-labelledby="head-heading" data-testid="head-panel">
      <h2 id="head-heading" tabIndex={-1}>
        {head.heading}
      </h2>
      <HeadStatus primary={by === "fit"} />
      {answers && (
        <>
          <HeadAttempt>
            <HeadAnswer />
          </HeadAttempt>
          <div class="head-does">
            <HeadUse primary={by === "use"} testId="head-use" />
            <button
              type="button"
              class="button"
              data-testid="head-export"
              title={head.exportHint}
              onClick={() => void exportHead()}
            >
              <Icon name="download" />
              {head.export}
            </button>
          </div>
          <HeadFacts />
        </>
      )}
      {headState.value !== "waiting" && <Settings />}
      {!answers && <p class="muted small">{head.intro}</p>}
    </section>
  );
}

function Settings() {
  const { head } = strings.value;
  const own = ownBackbones.value;
  const chosen = own.find(({ id }) => id === backbone.value);
  return (
    <div class="head-settings small">
      <label class="head-auto">
        <input
          type="checkbox"
          data-testid="head-auto"
          checked={autoFit.value}
          onChange={({ currentTarget }) => {
            autoFit.value = currentTarget.checked;
          }}
        />
        <span>{head.auto}</span>
      </label>
      <label class="field">
        <span>{head.backbone}</span>
        <select
          data-testid="head-backbone"
          value={backbone.value}
          title={head.backboneHint}
          onChange={({ currentTarget }) => chooseBackbone(currentTarget.value)}
        >
          {BACKBONES.map((id) => (
            <option key={id} value={id}>
              {head.backbones[id]}
            </option>
          ))}
          {own.length > 0 && (
            <optgroup label={head.backboneOwn}>
              {own.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
        </select>
        {chosen && <small class="muted">{head.backboneOwnHint(chosen.name)}</small>}
      </label>
    </div>
  );
}

/** On a phone the panel lies below the cards: while the camera is on, its answer stays in sight. */
export function HeadBar() {
  const { head } = strings.value;
  const said = useAnswerName();
  // What is tried in the panel is answered there.
  if (viewing.value !== "on" || trying.value || liveHead.value === null) return null;
  return (
    <div class="head-bar" data-testid="head-bar" aria-hidden="true">
      <span class="head-bar-name" data-none={said?.none ?? false}>
        {said ? said.name : head.answer.nothing}
      </span>
      {said && !said.none && <span class="head-bar-share">{said.share}</span>}
    </div>
  );
}
