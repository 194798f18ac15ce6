import { strings } from "../../i18n";
import { chosenPhotos, toggleChosen } from "../../store/photo-alike";
import { type Photo, stateOf } from "../../store/photos";
import { Icon } from "../../ui/icons";
import { LikeThis } from "./alike";
import { PhotoAnswer } from "./answer";
import { isShown } from "./filter";
import { large } from "./large";

/** A photo, small, with its labels; opens it large. Each card draws itself anew when its own answer comes. */
export function PhotoCard({ photo }: { photo: Photo }) {
  const { photos } = strings.value;
  const thumbnail = photo.thumbnail.value;
  return (
    // Hidden, not taken away: to show hundreds again at once would hold the page up.
    <li
      class="photo-card"
      data-testid="photo-card"
      data-name={photo.name}
      data-photo={photo.id}
      data-state={stateOf(photo)}
      hidden={!isShown(photo)}
    >
      {thumbnail ? (
        <button
          type="button"
          class="photo-open"
          data-testid="photo-open"
          aria-label={photos.open(photo.name)}
          onClick={() => {
            large.value = photo;
          }}
        >
          {/* First how, then what: an address that comes first is fetched at once. */}
          <img loading="lazy" decoding="async" alt="" src={thumbnail} />
        </button>
      ) : (
        <div class="photo-open">
          <Icon name="picture" />
        </div>
      )}
      <div class="photo-says">
        <h2 class="photo-name" title={photo.name}>
          {photo.name}
        </h2>
        <PhotoAnswer photo={photo} testId="photo-label" />
        {stateOf(photo) === "done" && <LikeThis photo={photo} />}
      </div>
      {stateOf(photo) === "done" && <Choose photo={photo} />}
    </li>
  );
}

/** By itself, so that a choice does not draw the card anew. */
function Choose({ photo }: { photo: Photo }) {
  return (
    <input
      type="checkbox"
      class="photo-select"
      data-testid="photo-select"
      aria-label={strings.value.none.alike.select(photo.name)}
      checked={chosenPhotos.value.includes(photo)}
      onChange={() => toggleChosen(photo)}
    />
  );
}
