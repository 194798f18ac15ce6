import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { size, whole } from "../../i18n/format";
import { address } from "../../router";
import { lookInto } from "../../store/look";
import { type AlikePhotos, alikePhotos } from "../../store/photo-alike";
import type { Photo } from "../../store/photos";
import { Icon } from "../../ui/icons";
import { PhotoAnswer } from "./answer";
import { shownPhotos } from "./filter";

/** The photo that is shown large. */
export const large = signal<Photo | null>(null);

/** One photo as large as there is room, with its labels; its neighbours are an arrow key away. */
export function LargeDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (large.value && !ref.current?.open) ref.current?.showModal();
  });
  // The page may be left by the browser's Back: the photo must not be large again when it is shown the next time.
  useEffect(
    () => () => {
      large.value = null;
    },
    [],
  );
  const photo = large.value;
  const close = () => ref.current?.close();
  return (
    // A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have.
    <dialog
      ref={ref}
      class="term-dialog photo-dialog"
      data-testid="photo-dialog"
      aria-label={photo?.name}
      onClose={() => {
        large.value = null;
      }}
      onKeyDown={({ key }) => {
        if (key === "ArrowLeft") turn(-1);
        if (key === "ArrowRight") turn(1);
      }}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      {photo && <Large photo={photo} onClose={close} />}
    </dialog>
  );
}

function neighbour(by: number): Photo | undefined {
  const photo = large.value;
  const order = alikePhotos.value ? inOrder(alikePhotos.value) : shownPhotos.value;
  return photo ? order[order.indexOf(photo) + by] : undefined;
}

function inOrder({ to, results }: AlikePhotos): Photo[] {
  return [...to, ...results.map(({ photo }) => photo)];
}

function turn(by: number): void {
  large.value = neighbour(by) ?? large.value;
}

function Large({ photo, onClose }: { photo: Photo; onClose: () => void }) {
  const { photos } = strings.value;
  const { width, height } = photo.size.value ?? {};
  const pixels = width && height ? `${whole(width)} × ${whole(height)} · ` : "";
  return (
    <div class="term-card">
      <div class="panel-head">
        <div class="photo-title">
          <h2>{photo.name}</h2>
          <p class="muted small">{pixels + size(photo.file.size)}</p>
        </div>
        <div class="photo-turns">
          <button
            type="button"
            class="icon-button"
            aria-label={photos.previous}
            disabled={!neighbour(-1)}
            onClick={() => turn(-1)}
          >
            <Icon name="previous" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={photos.next}
            disabled={!neighbour(1)}
            onClick={() => turn(1)}
          >
            <Icon name="next" />
          </button>
          <button type="button" class="icon-button" aria-label={strings.value.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <Whole photo={photo} />
      <PhotoAnswer photo={photo} testId="photo-large-label" />
      <a
        class="button"
        href={address("layers")}
        data-testid="photo-look-inside"
        onClick={() => {
          onClose();
          lookInto("session", { name: photo.name, file: photo.file });
        }}
      >
        {strings.value.layers.link}
      </a>
    </div>
  );
}

/** The file itself, decoded again by the browser: only small pictures are kept. */
function Whole({ photo }: { photo: Photo }) {
  const address = useSignal("");
  useEffect(() => {
    const url = URL.createObjectURL(photo.file);
    address.value = url;
    return () => URL.revokeObjectURL(url);
  }, [photo, address]);
  return (
    <img
      class="photo-whole"
      data-testid="photo-whole"
      src={address.value || photo.thumbnail.value}
      alt={photo.name}
      decoding="async"
    />
  );
}
