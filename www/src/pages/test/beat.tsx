import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { percent, sureness } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { isFocusLost } from "../../ui/focus";
import { Picture } from "../../ui/picture";
import { lookAt, mostWrong, nameOf, pixelsOf } from "./looks";
import { Thumb } from "./thumb";

/** Images of a game. */
const ROUNDS = 10;

/** The images that the model got most wrong: the person labels them first. */
export function Beat({ result }: { result: TestResult }) {
  const { beat } = strings.value.test;
  const images = useMemo(() => mostWrong(result.judged, ROUNDS), [result]);
  const playing = useSignal(false);
  /** The person's labels so far. */
  const given = useSignal<number[]>([]);
  useEffect(() => {
    playing.value = false;
    given.value = [];
  }, [result, playing, given]);
  const begin = () => {
    given.value = [];
    playing.value = true;
  };
  const over = given.value.length === images.length;
  const image = images[given.value.length];
  return (
    <section class="card beat" aria-labelledby="beat-heading" data-testid="beat">
      <h2 id="beat-heading">{beat.heading}</h2>
      {images.length === 0 ? (
        <p class="muted">{beat.perfect}</p>
      ) : (
        <>
          <p class="muted">{beat.hint(images.length)}</p>
          {playing.value && !over && image !== undefined && (
            <Question
              result={result}
              image={image}
              number={given.value.length + 1}
              count={images.length}
              onAnswer={(label) => {
                given.value = [...given.value, label];
              }}
            />
          )}
          {playing.value && over && <Score result={result} images={images} given={given.value} />}
          {(!playing.value || over) && (
            <button type="button" class="button" data-testid="beat-start" onClick={begin}>
              {over ? beat.again : beat.start}
            </button>
          )}
        </>
      )}
    </section>
  );
}

interface QuestionProps {
  result: TestResult;
  image: number;
  number: number;
  count: number;
  onAnswer: (label: number) => void;
}

function Question({ result, image, number, count, onAnswer }: QuestionProps) {
  const { beat } = strings.value.test;
  const { images } = result;
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that began the game is gone: the focus it had goes to the first question.
    if (isFocusLost()) question.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="beat-question">
      <Picture
        pixels={pixelsOf(images, image)}
        height={images.height}
        width={images.width}
        label={beat.image}
        className="large"
      />
      <div class="beat-choices">
        <p ref={question} tabIndex={-1} role="status">
          {beat.question(number, count)}
        </p>
        <ul>
          {images.classes.map((name, label) => (
            <li key={label}>
              <button
                type="button"
                class="button"
                data-testid="beat-choice"
                data-class={name}
                onClick={() => onAnswer(label)}
              >
                {nameOf(result, label)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Score({ result, images, given }: { result: TestResult; images: number[]; given: number[] }) {
  const { beat } = strings.value.test;
  const { judged } = result;
  const right = images.filter((image, at) => judged.truth[image] === given[at]).length;
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed last is gone: the focus it had goes to what came of it.
    heading.current?.focus();
  }, []);
  return (
    <div class="beat-score" data-testid="beat-score" data-right={right} data-count={images.length}>
      <p ref={heading} tabIndex={-1} class="beat-result">
        {beat.score(right, images.length)}
      </p>
      <p>{right > 0 ? beat.won(percent(result.report.accuracy)) : beat.drew}</p>
      <ul class="beat-images">
        {images.map((image, at) => (
          <li key={image} data-right={judged.truth[image] === given[at]}>
            <Thumb
              result={result}
              image={image}
              caption={nameOf(result, judged.truth[image])}
              onOpen={() => lookAt([result], images, at)}
            />
            <ul class="small">
              <li>{beat.you(nameOf(result, given[at]))}</li>
              <li class="muted">
                {beat.net(nameOf(result, judged.predicted[image]), sureness(judged.confidence[image] ?? 0))}
              </li>
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}
