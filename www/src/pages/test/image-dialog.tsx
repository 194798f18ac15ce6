import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../../engine/types";
import { explain, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address } from "../../router";
import { lookInto } from "../../store/look";
import { currentModelId, use } from "../../store/session";
import { type TestResult, tester } from "../../store/test";
import { toast } from "../../store/toasts";
import { Bars } from "../../ui/drawing/bars";
import { Icon } from "../../ui/icons";
import { noneText } from "../../ui/none";
import { Picture } from "../../ui/picture";
import { type Look, look, nameOf, pixelsOf, titleOf } from "./looks";
import { Mend } from "./mend";
import { isRefusedIn } from "./refusals";

/** Bars for all classes up to so many; of more, for the most probable ten. */
const ALL_BARS = 12;
const BEST_BARS = 10;

/** One image of the test, large, with what every class got. */
export function ImageDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (look.value && !ref.current?.open) ref.current?.showModal();
  });
  const close = () => ref.current?.close();
  const shown = look.value;
  const turn = (by: number) => {
    if (shown && shown.images[shown.at + by] !== undefined) look.value = { ...shown, at: shown.at + by };
  };
  const image = shown?.images[shown.at];
  return (
    // A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have.
    <dialog
      ref={ref}
      class="term-dialog image-dialog"
      data-testid="test-image-dialog"
      data-index={image ?? ""}
      aria-label={image === undefined ? undefined : strings.value.test.image.heading(whole(image + 1))}
      onClose={() => {
        look.value = null;
      }}
      onKeyDown={({ key }) => {
        if (key === "ArrowLeft") turn(-1);
        if (key === "ArrowRight") turn(1);
      }}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      {shown && image !== undefined && <Large look={shown} image={image} onTurn={turn} onClose={close} />}
    </dialog>
  );
}

interface LargeProps {
  look: Look;
  image: number;
  onTurn: (by: number) => void;
  onClose: () => void;
}

function Large({ look: { results, images, at }, image, onTurn, onClose }: LargeProps) {
  const { image: text } = strings.value.test;
  const [first] = results;
  if (!first) return null;
  const truth = nameOf(first, first.judged.truth[image]);
  return (
    <div class="term-card">
      <div class="panel-head">
        <h2>{text.heading(whole(image + 1))}</h2>
        <div>
          <button
            type="button"
            class="icon-button"
            aria-label={text.previous}
            aria-disabled={at === 0}
            onClick={() => onTurn(-1)}
          >
            <Icon name="previous" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={text.next}
            aria-disabled={at === images.length - 1}
            onClick={() => onTurn(1)}
          >
            <Icon name="next" />
          </button>
          <button type="button" class="icon-button" aria-label={strings.value.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <div class="image-large">
        <Picture
          pixels={pixelsOf(first.images, image)}
          height={first.images.height}
          width={first.images.width}
          label={truth}
        />
        <p class="image-truth">{text.truth(truth)}</p>
        <a
          class="button"
          href={address("layers")}
          data-testid="test-look-inside"
          onClick={() => {
            onClose();
            carry(first, image);
          }}
        >
          {strings.value.layers.link}
        </a>
      </div>
      <Mend images={first.images} image={image} onLeave={onClose} />
      {results.map((result) => (
        <Answer key={`${image} ${result.model.id}`} result={result} image={image} />
      ))}
    </div>
  );
}

/** Takes the image, and the model that was tested, to *Look inside*. */
function carry({ model, images, judged }: TestResult, image: number): void {
  if (currentModelId.peek() !== model.id) void use(model.id);
  const { split, height, width } = images;
  const label = judged.truth[image] ?? 0;
  const pixels = pixelsOf(images, image).slice();
  lookInto("session", { split, index: image, label, name: images.classes[label] ?? "", pixels, height, width });
}

/** What one model makes of the image: it is asked again, since a test keeps only its best class. */
function Answer({ result, image }: { result: TestResult; image: number }) {
  const { image: text } = strings.value.test;
  const predictions = useSignal<Prediction[] | null>(null);
  useEffect(() => {
    let left = false;
    ask(result, image)
      .then((answer) => {
        if (!left) predictions.value = answer;
      })
      .catch((error) => {
        if (!left) toast("error", explain(error));
      });
    return () => {
      left = true;
    };
  }, [predictions, result, image]);
  const { images, judged } = result;
  const none = isRefusedIn(result, image);
  const all = images.classes.length <= ALL_BARS;
  const best = predictions.value?.slice(0, all ? ALL_BARS : BEST_BARS);
  const labels = all ? images.classes : best?.map(({ label }) => label);
  // Of many classes only the best are shown, in their order: their places there are what the bars know them by.
  const shown = all ? best : best?.map((prediction, index) => ({ ...prediction, index }));
  return (
    <section class="image-answer">
      <h3>{text.answer(titleOf(result), none ? noneText(images.classes) : nameOf(result, judged.predicted[image]))}</h3>
      <Bars
        labels={labels ?? []}
        predictions={shown ?? null}
        testId="test-bar"
        caption={text.bars(titleOf(result))}
        none={none}
      />
      {!all && <p class="muted small">{text.rest(BEST_BARS)}</p>}
    </section>
  );
}

async function ask(result: TestResult, image: number): Promise<Prediction[]> {
  const probabilities = await tester.probabilities(result.onnx, pixelsOf(result.images, image).slice());
  return Array.from(probabilities, (p, index) => ({ index, label: result.images.classes[index] ?? "", p })).sort(
    (a, b) => b.p - a.p,
  );
}
