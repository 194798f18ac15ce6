import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../../engine/types";
import { className, strings } from "../../i18n";
import { decimal, plain, sureness, whole } from "../../i18n/format";
import { address } from "../../router";
import { addPhotos, photos, takesPhotos } from "../../store/photos";
import { NONE } from "../../store/rejecting";
import { currentModel, labels, modelInfo, modelState, use } from "../../store/session";
import { isFocusLost } from "../../ui/focus";
import { Icon } from "../../ui/icons";
import { areIndependent, IndependentNote, independentText } from "../../ui/independent";
import { ModelLoading } from "../../ui/model-loading";
import { ModelSelect } from "../../ui/model-select";
import { NoneSwitch, noneText } from "../../ui/none";
import { TopLabels } from "../../ui/top-labels";
import {
  answer,
  CAPTURED,
  cameraId,
  cameraState,
  cameras,
  capture,
  chooseCamera,
  fault,
  isOn,
  mirrored,
  pace,
  pause,
  refused,
  sequence,
  showOn,
  start,
  stop,
} from "./live";
import "../../styles/camera.css";

/** A label that has stood so long is read aloud. */
const SETTLED_MS = 1500;

export function CameraPage() {
  const text = strings.value.camera;
  return (
    <div class="camera">
      <header class="page-head">
        <h1>{text.heading}</h1>
        <p class="muted">{text.intro}</p>
      </header>
      <div class="camera-parts">
        <section class="camera-left" aria-label={text.picture}>
          <View />
          <Transport />
        </section>
        <section class="camera-right card" aria-label={text.labels}>
          <Labels />
          <Settings />
        </section>
      </div>
    </div>
  );
}

function View() {
  const text = strings.value.camera;
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    showOn(ref.current);
    return () => showOn(null);
  }, []);
  return (
    <div class="camera-view" data-testid="camera-view" data-state={cameraState.value}>
      <video
        ref={ref}
        class="camera-video"
        data-testid="camera-video"
        data-mirrored={mirrored.value}
        hidden={!isOn.value}
        aria-label={text.picture}
        muted
        playsInline
      />
      {!isOn.value && (fault.value ? <Faulty /> : <Off />)}
      {cameraState.value === "paused" && <p class="camera-paused">{text.paused}</p>}
    </div>
  );
}

function Off() {
  const text = strings.value.camera;
  return (
    <div class="camera-empty">
      <Icon name="camera" />
      <p>{cameraState.value === "asking" ? text.asking : text.off}</p>
      <SamplesInstead />
    </div>
  );
}

/** What is wrong, and the ways on. */
function Faulty() {
  const text = strings.value.camera;
  const which = fault.value ?? "other";
  return (
    <div class="camera-empty" data-testid="camera-fault" data-fault={which} role="alert">
      <Icon name="camera" />
      <p>
        <strong>{text.faults[which].what}</strong> {text.faults[which].how}
      </p>
      <SamplesInstead />
    </div>
  );
}

/** There is nothing to try again: photos are the way on. */
function isWithoutCamera(): boolean {
  return fault.value === "insecure" || fault.value === "none";
}

function SamplesInstead() {
  return (
    <a class={isWithoutCamera() ? "button primary" : "button"} href={address("photos")} data-testid="camera-photos">
      {strings.value.camera.photosInstead}
    </a>
  );
}

function Transport() {
  const text = strings.value.camera;
  const begin = useRef<HTMLButtonElement>(null);
  const take = useRef<HTMLButtonElement>(null);
  const on = isOn.value;
  useEffect(() => {
    // The button that was pressed is disabled now: the focus it lost goes to the next step.
    if (isFocusLost()) (on ? take : begin).current?.focus({ preventScroll: true });
  }, [on, cameraState.value]);
  return (
    <div class="camera-transport">
      <button
        ref={begin}
        type="button"
        class={on || isWithoutCamera() ? "button" : "button primary"}
        data-testid="camera-start"
        disabled={on || cameraState.value === "asking"}
        onClick={() => void start()}
      >
        <Icon name="play" />
        {fault.value ? text.again : text.start}
      </button>
      <button
        type="button"
        class="button"
        data-testid="camera-pause"
        aria-pressed={cameraState.value === "paused"}
        disabled={!on}
        onClick={() => pause(cameraState.value !== "paused")}
      >
        <Icon name="pause" />
        {text.pause}
      </button>
      <button type="button" class="button" data-testid="camera-stop" disabled={!on} onClick={stop}>
        <Icon name="stop" />
        {text.stop}
      </button>
      <button
        ref={take}
        type="button"
        class={on ? "button primary" : "button"}
        data-testid="camera-capture"
        disabled={!on}
        onClick={() => void keepFrame()}
      >
        <Icon name="camera" />
        {text.capture}
      </button>
      <Kept />
    </div>
  );
}

async function keepFrame(): Promise<void> {
  const file = await capture();
  if (file) addPhotos([file]);
}

/** Where the captured frames are. */
function Kept() {
  const text = strings.value.camera;
  const frames = photos.value.filter(({ name }) => name.startsWith(CAPTURED)).length;
  return (
    <p class="camera-kept" role="status">
      {frames > 0 && (
        <a href={address("photos")} data-testid="camera-kept" data-count={frames}>
          {text.kept(frames)}
        </a>
      )}
    </p>
  );
}

function Labels() {
  const text = strings.value.camera;
  const best = answer.value?.predictions[0];
  const none = refused.value;
  return (
    <div class="camera-answer">
      <p
        class="camera-top"
        data-testid="camera-top"
        data-index={none ? "" : (best?.index ?? "")}
        data-label={none ? NONE : (best?.label ?? "")}
        data-p={none ? "" : plain(best?.p)}
        data-seq={sequence.value}
      >
        {none ? noneText(labels.value) : answerText()}
      </p>
      <p class="muted">{best ? sureText(best, none) : emptyText()}</p>
      <ModelLoading />
      {answer.value && (
        <TopLabels predictions={answer.value.predictions} testId="camera-label" caption={text.labels} unfit={none} />
      )}
      {answer.value && <IndependentNote scores={modelInfo.value?.scores} />}
      <p class="camera-pace muted small">
        <span data-testid="camera-fps" data-fps={plain(pace.value, 2)}>
          {pace.value === null ? "" : text.pace(decimal(pace.value, 1))}
        </span>
        {answer.value && <span>{text.each(whole(answer.value.ms))}</span>}
      </p>
      <Spoken />
    </div>
  );
}

/** What is in the picture: one class, or all labels that are right where each is judged for itself. */
function answerText(): string {
  const { predictions = [] } = answer.value ?? {};
  const [best] = predictions;
  return best && areIndependent(modelInfo.value?.scores) ? independentText(predictions) : className(best?.label ?? "");
}

function sureText({ label, p }: Prediction, none: boolean): string {
  return none ? strings.value.none.nearest(className(label)) : strings.value.draw.sure(sureness(p));
}

function emptyText(): string {
  const text = strings.value.camera;
  if (modelState.value === "loading") return text.loading(currentModel.value.name);
  if (!isOn.value) return text.nothingYet;
  return answer.value && !takesPhotos.value ? text.holdDigit : text.nothingYet;
}

/** For those who listen: a label that has stayed for a while, not every one that passes. */
function Spoken() {
  const said = useSignal("");
  const label = answer.value?.predictions[0]?.label ?? "";
  const best = refused.value ? noneText(labels.value) : className(label);
  useEffect(() => {
    const timer = setTimeout(() => {
      said.value = best;
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [best, said]);
  return (
    <p class="unseen" role="status">
      {said.value}
    </p>
  );
}

function Settings() {
  const text = strings.value.camera;
  return (
    <div class="camera-settings">
      <ModelSelect testId="camera-model" label={text.model} />
      <NoneSwitch />
      {modelState.value === "ready" && !takesPhotos.value && (
        <div class="camera-unsuited">
          <p class="small">{text.unsuited(currentModel.value.name)}</p>
          <button type="button" class="button" data-testid="camera-use-lite0" onClick={() => void use("lite0")}>
            {strings.value.photos.useLite0}
          </button>
        </div>
      )}
      {cameras.value.length > 0 && (
        <label class="field">
          <span>{text.camera}</span>
          <select
            data-testid="camera-device"
            value={cameraId.value}
            onChange={(event) => void chooseCamera(event.currentTarget.value)}
          >
            {cameras.value.map(({ deviceId, label }, place) => (
              <option key={deviceId} value={deviceId}>
                {label || text.cameraNumber(place + 1)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="camera-mirror">
        <input
          type="checkbox"
          data-testid="camera-mirror"
          checked={mirrored.value}
          onChange={(event) => {
            mirrored.value = event.currentTarget.checked;
          }}
        />
        <span>
          {text.mirror} <span class="muted small">{text.mirrorHint}</span>
        </span>
      </label>
    </div>
  );
}
