import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { alikePhotos, alikeShown, leaveAlike, seekingAlike } from "../../store/photo-alike";
import { askModel, photos, restorePhotos } from "../../store/photos";
import { currentModelId } from "../../store/session";
import { isFocusLost } from "../../ui/focus";
import { Alike, Chosen } from "./alike";
import { PhotoCard } from "./card";
import { shownPhotos } from "./filter";
import { LargeDialog } from "./large";
import { Progress } from "./progress";
import { Samples } from "./samples";
import { Setup } from "./setup";
import { Tools } from "./tools";
import "../../styles/photos.css";

/** Cards that come into the page in one task: it must not hold up a click. */
const AT_ONCE = 20;

export function PhotosPage() {
  const text = strings.value.photos;
  return (
    <div class="photos">
      <header class="page-head">
        <h1>{text.heading}</h1>
        <p class="muted">{text.intro}</p>
      </header>
      <Setup />
      {photos.value.length > 0 ? <Results /> : <Samples />}
      <LargeDialog />
      <Asking />
    </div>
  );
}

/** By itself, so that another model does not draw the whole page anew. */
function Asking() {
  const id = currentModelId.value;
  useEffect(() => askModel(id), [id]);
  useEffect(() => void restorePhotos(), []);
  useEffect(
    () => () => {
      askModel(null);
      leaveAlike();
    },
    [],
  );
  return null;
}

function Results() {
  const text = strings.value.photos;
  return (
    <section class="photo-results" aria-label={text.results}>
      <Progress />
      <Alike />
      <Usual />
    </section>
  );
}

/** Hidden, not taken away, while the photos are in the order of their likeness: to show hundreds again takes long. */
function Usual() {
  const shown = !alikeShown.value;
  const asked = useRef<number | undefined>(undefined);
  asked.current = (alikePhotos.value ?? seekingAlike.value)?.to[0]?.id ?? asked.current;
  useEffect(() => {
    // The button that led back is gone: the focus it had goes to where the way began.
    const from = document.querySelector<HTMLElement>(`[data-photo="${asked.current}"] .photo-like`);
    if (shown && isFocusLost()) from?.focus();
  }, [shown]);
  return (
    <div class="photo-results" hidden={!shown}>
      <Tools />
      <Cards />
      <NoneShown />
      <Chosen />
    </div>
  );
}

function NoneShown() {
  return shownPhotos.value.length > 0 ? null : <p class="muted">{strings.value.photos.noneShown}</p>;
}

/** By itself, so that progress does not draw every card anew. Hundreds come a few with each drawing of the page. */
function Cards() {
  const room = useSignal(AT_ONCE);
  const total = photos.value.length;
  useEffect(() => {
    if (room.value < total) room.value += AT_ONCE;
  }, [room.value, total, room]);
  return (
    <ul class="photo-cards">
      {photos.value.slice(0, room.value).map((photo) => (
        <PhotoCard key={photo.id} photo={photo} />
      ))}
    </ul>
  );
}
