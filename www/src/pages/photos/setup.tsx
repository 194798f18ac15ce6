import type { TargetedEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { macrotask } from "../../engine/macrotask";
import { strings } from "../../i18n";
import { addPhotos, photos, takesPhotos } from "../../store/photos";
import { currentModel, modelState, use } from "../../store/session";
import { filesOf, isPicture } from "../../ui/dropped-files";
import { Icon } from "../../ui/icons";
import { ModelLoading } from "../../ui/model-loading";
import { ModelSelect } from "../../ui/model-select";
import { NoneSwitch } from "../../ui/none";
import { nextStep } from "./next-step";

/** Where photos come from, and which network is asked. */
export function Setup() {
  const text = strings.value.photos;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (folder.current) folder.current.webkitdirectory = true;
  }, []);
  usePaste();
  return (
    <section class="card photo-setup" aria-label={text.heading}>
      <div class="photo-choose">
        <button
          type="button"
          class={nextStep.value === "choose" ? "button primary" : "button"}
          data-testid="photo-choose"
          onClick={() => files.current?.click()}
        >
          <Icon name="add" />
          {text.choose}
        </button>
        <button type="button" class="button" onClick={() => folder.current?.click()}>
          <Icon name="open" />
          {text.chooseFolder}
        </button>
        <input
          ref={files}
          class="unseen"
          type="file"
          multiple
          accept="image/*"
          data-testid="photo-input"
          aria-label={text.choose}
          tabIndex={-1}
          onChange={(event) => void add(taken(event))}
        />
        <input
          ref={folder}
          class="unseen"
          type="file"
          data-testid="photo-folder-input"
          aria-label={text.chooseFolder}
          tabIndex={-1}
          onChange={(event) => void add(taken(event).filter(isPicture))}
        />
        <p class="muted small">{text.orDrop}</p>
      </div>
      <div class="photo-network">
        <ModelSelect testId="photo-model" label={text.model} />
        <NoneSwitch />
      </div>
      {photos.value.length === 0 && <ModelLoading />}
      <Unsuited />
    </section>
  );
}

/** The chosen files; the input forgets them, so that the same can be chosen again. */
function taken(event: TargetedEvent<HTMLInputElement>): File[] {
  const files = [...(event.currentTarget.files ?? [])];
  event.currentTarget.value = "";
  return files;
}

/** In a task of their own: the browser has just made files of what may be hundreds, in the one that tells of them. */
async function add(files: readonly File[]): Promise<void> {
  await macrotask();
  addPhotos(files);
}

/** A network for grey signs works here too, on what it was made for. */
function Unsuited() {
  const text = strings.value.photos;
  if (modelState.value !== "ready" || takesPhotos.value) return null;
  return (
    <div class="photo-unsuited" data-testid="photo-unsuited">
      <p>{text.unsuited(currentModel.value.name)}</p>
      <button
        type="button"
        class={nextStep.value === "suit" ? "button primary" : "button"}
        data-testid="photo-use-lite0"
        onClick={() => void use("lite0")}
      >
        {text.useLite0}
      </button>
    </div>
  );
}

/** A picture from the clipboard, wherever the focus is on this page. */
function usePaste(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      if (!data || ![...data.items].some(({ kind }) => kind === "file")) return;
      event.preventDefault();
      void filesOf(data).then(addPhotos);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
}
