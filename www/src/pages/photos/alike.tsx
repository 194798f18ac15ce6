import { useEffect, useRef } from "preact/hooks";
import { className, strings } from "../../i18n";
import { decimal, plain, whole } from "../../i18n/format";
import {
  type AlikePhotos,
  alikePhotos,
  cancelAlike,
  chooseNone,
  chosenPhotos,
  closeAlike,
  findAlikePhotos,
  type Seeking,
  seekingAlike,
} from "../../store/photo-alike";
import { answerOf, isRefused, type Photo } from "../../store/photos";
import { FetchingLine } from "../../ui/fetching-line";
import { isFocusLost } from "../../ui/focus";
import { Icon } from "../../ui/icons";
import { noneText } from "../../ui/none";
import { large } from "./large";

/** In place of the cards: the photos by their likeness to some, or how far that is. */
export function Alike() {
  const seeking = seekingAlike.value;
  if (seeking) return <Looking seeking={seeking} />;
  const found = alikePhotos.value;
  return found && <Found found={found} />;
}

function Looking({ seeking: { to, done, total } }: { seeking: Seeking }) {
  const { alike } = strings.value.none;
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is hidden with its card.
    if (isFocusLost()) cancel.current?.focus({ preventScroll: true });
  }, []);
  const text = done > 0 ? alike.looking(whole(done), whole(total)) : alike.loading;
  return (
    <section class="alike" aria-label={headingOf(to)}>
      <h2>{headingOf(to)}</h2>
      <div class="photo-progress" data-testid="like-progress" data-done={done} data-total={total}>
        <div class="photo-progress-text">
          <p>{text}</p>
          <button ref={cancel} type="button" class="button" data-testid="like-cancel" onClick={cancelAlike}>
            {alike.cancel}
          </button>
        </div>
        <progress value={done} max={total} aria-label={text} />
        <FetchingLine what="model lite0" />
      </div>
    </section>
  );
}

function Found({ found }: { found: AlikePhotos }) {
  const { alike } = strings.value.none;
  const { to, results, model, unread } = found;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "nearest" });
  }, [found]);
  return (
    <section class="alike" aria-labelledby="alike-heading" data-testid="like-results">
      <div class="alike-head">
        <h2 id="alike-heading" ref={heading} tabIndex={-1}>
          {headingOf(to)}
        </h2>
        <button type="button" class="button" data-testid="like-back" onClick={closeAlike}>
          <Icon name="previous" />
          {alike.back}
        </button>
      </div>
      <ul class="alike-to">
        {to.map((photo) => (
          <li key={photo.id}>
            <Small photo={photo} />
          </li>
        ))}
      </ul>
      <p class="muted small">
        {results.length > 0 ? alike.by(model.name) : alike.alone} {unread > 0 && alike.unread(unread, whole(unread))}
      </p>
      <ol class="photo-cards">
        {results.map(({ photo, similarity }) => (
          <Result key={photo.id} photo={photo} similarity={similarity} />
        ))}
      </ol>
    </section>
  );
}

function headingOf(to: readonly Photo[]): string {
  const { alike } = strings.value.none;
  const [first] = to;
  return to.length === 1 && first ? alike.heading(first.name) : alike.headingMany(whole(to.length));
}

function Small({ photo }: { photo: Photo }) {
  return (
    <button
      type="button"
      class="photo-open"
      aria-label={strings.value.photos.open(photo.name)}
      onClick={() => {
        large.value = photo;
      }}
    >
      {photo.thumbnail.value ? <img alt="" src={photo.thumbnail.value} /> : <Icon name="picture" />}
    </button>
  );
}

function Result({ photo, similarity }: { photo: Photo; similarity: number }) {
  return (
    <li class="photo-card" data-testid="like-result" data-name={photo.name} data-similarity={plain(similarity)}>
      <Small photo={photo} />
      <div class="photo-says">
        <h3 class="photo-name" title={photo.name}>
          {photo.name}
        </h3>
        <p class="alike-answer">
          {answerText(photo)}
          <span class="muted small">{strings.value.none.alike.similarity(decimal(similarity, 2))}</span>
        </p>
        <LikeThis photo={photo} />
      </div>
    </li>
  );
}

function answerText(photo: Photo): string {
  const answer = answerOf(photo);
  if (answer && isRefused(answer)) return noneText(answer.classes);
  return className(answer?.predictions[0]?.label ?? "");
}

export function LikeThis({ photo }: { photo: Photo }) {
  const { alike } = strings.value.none;
  return (
    <button
      type="button"
      class="button quiet photo-like"
      data-testid="like-this"
      aria-label={alike.buttonOf(photo.name)}
      onClick={() => void findAlikePhotos([photo])}
    >
      {alike.button}
    </button>
  );
}

/** What can be done with the photos that are chosen; in sight as long as any is. */
export function Chosen() {
  const { alike } = strings.value.none;
  const chosen = chosenPhotos.value;
  if (chosen.length === 0) return null;
  return (
    <div class="photo-chosen" data-testid="photo-chosen" data-count={chosen.length}>
      <p role="status">{alike.selected(chosen.length, whole(chosen.length))}</p>
      <button
        type="button"
        class="button"
        data-testid="like-this"
        onClick={() => void findAlikePhotos(chosenPhotos.peek())}
      >
        {chosen.length === 1 ? alike.button : alike.buttonSelected}
      </button>
      <button type="button" class="button quiet" data-testid="photo-choose-none" onClick={chooseNone}>
        {alike.unselect}
      </button>
    </div>
  );
}
