import { className, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { clear } from "../../store/drawings";
import { isSample, lookedDrawing, lookedImage } from "../../store/look";
import { type Photo, photos } from "../../store/photos";
import { samplePhotoAddress, samplePhotos } from "../../store/sample-photos";
import { modelInfo, modelState } from "../../store/session";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { sureText } from "../../ui/drawing/sure";
import { Icon } from "../../ui/icons";
import { NextStepButton } from "../../ui/next-step";
import {
  canSample,
  looked,
  net,
  picture,
  recogniser,
  run,
  sequence,
  showPhoto,
  showSample,
  showSamplePhoto,
} from "./look";
import type { Net, Run } from "./net";
import { Seen } from "./seen";

/** Photos of the person's own that are offered, the newest. */
const MOST_PHOTOS = 3;
/** Signs of a label that can be shown as large as a digit. */
const SHORT_LABEL = 3;

/** The image that is looked at, where it comes from, and what the network says of it. */
export function LookedAt() {
  const { layers } = strings.value;
  const opened = net.value;
  return (
    <section class="look-image" aria-label={layers.image}>
      {opened?.info.takesDrawings === false ? <Photos /> : <Pad />}
      {opened && <Answer of={opened} />}
      {opened && !isSampleNext() && <NextStepButton page="layers" />}
    </section>
  );
}

function Pad() {
  const { draw } = strings.value;
  return (
    <div class="look-pad">
      <DrawingCanvas
        drawing={lookedDrawing.value}
        recogniser={recogniser}
        testId="layers-canvas"
        label={draw.canvas}
        help={draw.canvasHelp}
        hint={modelInfo.value?.dataset === "fashion-mnist" ? draw.hintClothes : draw.hint}
      />
      <div class="look-tools">
        <button
          type="button"
          class="icon-button"
          data-testid="layers-clear"
          aria-label={draw.clear}
          title={draw.clear}
          disabled={lookedDrawing.value.isBlank.value}
          onClick={() => clear(lookedDrawing.value)}
        >
          <Icon name="clear" />
        </button>
        <SampleButton />
      </div>
    </div>
  );
}

/** Whether there is nothing to look at yet, and a test image would be something. */
function isSampleNext(): boolean {
  const opened = net.value;
  return !run.value && (!opened || (opened.info.takesDrawings && canSample.value));
}

/** The page's next step while there is nothing to look at. */
function SampleButton() {
  const { layers } = strings.value;
  return (
    <button
      type="button"
      class={isSampleNext() ? "button primary" : "button"}
      data-testid="layers-sample"
      disabled={!canSample.value}
      onClick={showSample}
    >
      {picture.value && isSample(picture.value) ? layers.anotherSample : layers.sample}
    </button>
  );
}

/** What a network for photos is shown: the person's own, or those that come with the page. */
function Photos() {
  const { layers, photos: words } = strings.value;
  const own = photos.value.slice(-MOST_PHOTOS);
  const shown = picture.value && !isSample(picture.value) ? picture.value : null;
  return (
    <div class="look-photos">
      <h2>{layers.photos}</h2>
      <ul>
        {own.map((photo) => (
          <li key={photo.id}>
            <OwnPhoto photo={photo} pressed={shown?.file === photo.file} />
          </li>
        ))}
        {samplePhotos.map((name) => (
          <li key={name}>
            <button
              type="button"
              class="look-photo"
              data-testid="layers-photo"
              data-name={name}
              aria-pressed={shown?.name === `${name}.jpg`}
              onClick={() => void showSamplePhoto(name)}
            >
              <img src={samplePhotoAddress(name)} alt={words.sampleNames[name]} width="64" height="64" />
            </button>
          </li>
        ))}
      </ul>
      <a href="#/photos">{layers.ownPhotos}</a>
    </div>
  );
}

function OwnPhoto({ photo, pressed }: { photo: Photo; pressed: boolean }) {
  const { name, file, thumbnail } = photo;
  return (
    <button
      type="button"
      class="look-photo"
      data-testid="layers-photo"
      data-name={name}
      aria-pressed={pressed}
      onClick={() => showPhoto({ name, file })}
    >
      {thumbnail.value ? <img src={thumbnail.value} alt={name} width="64" height="64" /> : name}
    </button>
  );
}

/** What the network is given, and what it says. */
function Answer({ of }: { of: Net }) {
  const { layers } = strings.value;
  const best = run.value && bestOf(of, run.value);
  const label = className(best?.label ?? "");
  const shown = picture.value;
  const sample = shown && isSample(shown) ? shown : null;
  return (
    <div class="card look-answer">
      <Seen />
      <div class="draw-best">
        <p
          class={label.length > SHORT_LABEL ? "draw-top word" : "draw-top"}
          data-testid="layers-top"
          data-state={state()}
          data-seq={sequence}
        >
          {label}
        </p>
        <p class="draw-sure">{best ? sureText(best.p) : of.info.takesDrawings ? layers.blank : ""}</p>
        {sample && (
          <p class="muted small" data-testid="layers-sample-shown" data-index={sample.index} data-label={sample.label}>
            {layers.sampleShown[sample.split](whole(sample.index + 1), className(sample.name))}
          </p>
        )}
        {shown && of.info.takesDrawings && !lookedDrawing.value.isBlank.value && (
          <button
            type="button"
            class="button quiet"
            data-testid="layers-back"
            onClick={() => {
              lookedImage.value = null;
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
  if (picture.value) return run.value ? "ready" : looked.value ? "blank" : "thinking";
  return recogniser.state.value;
}

/** The likeliest class; of a file without a softmax at its end, what one would make of its scores. */
function bestOf(of: Net, shown: Run): { label: string; p: number } | null {
  const scores = shown.values(of.info.answer);
  if (scores.length === 0) return null;
  const best = scores.reduce((first, score, i) => (score > (scores[first] ?? 0) ? i : first), 0);
  const top = scores[best] ?? 0;
  const sum = scores.reduce((all, score) => all + Math.exp(score - top), 0);
  return { label: of.info.labels[best] ?? String(best), p: of.isSoftmax(of.info.answer) ? top : 1 / sum };
}
