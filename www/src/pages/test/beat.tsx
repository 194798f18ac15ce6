import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { isFocusLost } from "../../ui/focus";
import { Picture } from "../../ui/picture";
import { keysOf, scoreOf } from "./game";
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
              onBack={() => {
                given.value = given.value.slice(0, -1);
              }}
            />
          )}
          {playing.value && over && <Verdict result={result} images={images} given={given.value} />}
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
  onBack: () => void;
}

function Question({ result, image, number, count, onAnswer, onBack }: QuestionProps) {
  const { beat } = strings.value.test;
  const { images } = result;
  const keys = keysOf(images.classes);
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that began the game is gone: the focus it had goes to the first question.
    if (isFocusLost()) question.current?.focus({ preventScroll: true });
  }, []);
  useKeys((key) => {
    const label = keys.indexOf(key);
    if (label >= 0) onAnswer(label);
    else if (key === "backspace" && number > 1) onBack();
    return label >= 0 || key === "backspace";
  });
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
                aria-keyshortcuts={keys[label] || undefined}
                onClick={() => onAnswer(label)}
              >
                <Choice name={nameOf(result, label)} keyName={keys[label] ?? ""} />
              </button>
            </li>
          ))}
        </ul>
        <p class="muted small keys-hint">{beat.keys}</p>
        <button
          type="button"
          class="button quiet"
          disabled={number === 1}
          aria-keyshortcuts="Backspace"
          onClick={onBack}
        >
          {beat.back}
        </button>
      </div>
    </div>
  );
}

/** The class and its key, which is said once where it is the name. */
function Choice({ name, keyName }: { name: string; keyName: string }) {
  if (name.toLowerCase() === keyName) return <kbd>{name}</kbd>;
  return (
    <>
      {keyName && <kbd class="beside">{keyName}</kbd>}
      {name}
    </>
  );
}

/** Keys that are pressed anywhere on the page but in a field or a dialog; `take` says whether it was for it. */
function useKeys(take: (key: string) => boolean): void {
  const current = useRef(take);
  current.current = take;
  // Before anything is painted: a key that comes as soon as there is a question is for it.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const elsewhere = target instanceof Element && target.closest("input, select, textarea, dialog");
      if (elsewhere || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (current.current(event.key.toLowerCase())) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function Verdict({ result, images, given }: { result: TestResult; images: number[]; given: number[] }) {
  const { beat } = strings.value.test;
  const { judged, report } = result;
  const { you, network, of } = scoreOf(judged, images, given);
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed last is gone: the focus it had goes to what came of it.
    heading.current?.focus();
  }, []);
  const whys = beat.chosen(of, whole(report.n), percent(report.accuracy));
  return (
    <div class="beat-score" data-testid="beat-score" data-right={you} data-network={network} data-count={of}>
      <p ref={heading} tabIndex={-1} class="beat-result">
        {beat.score(you, network, of)}
      </p>
      <p>
        {whys} {you === 0 && beat.unreadable}
      </p>
      <ul class="beat-images">
        {images.map((image, at) => (
          <li key={image} data-right={judged.truth[image] === given[at]}>
            <Thumb results={[result]} image={image} onOpen={() => lookAt([result], images, at)} />
            <p class="small">{beat.you(nameOf(result, given[at]), judged.truth[image] === given[at])}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
