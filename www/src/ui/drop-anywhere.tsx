import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { pathOf } from "../engine/file-path";
import { strings } from "../i18n";
import { go, route } from "../router";
import { areLabelsOf } from "../store/model-labels";
import { currentModel } from "../store/session";
import { toast } from "../store/toasts";
import { ArrivingLine } from "./arriving";
import { filesOf, isPicture } from "./dropped-files";
import { incoming, isCollection } from "./incoming";
import { isAwaited, isList, isModel, isPartOfModel, openFiles } from "./open-files";

/** A file that is dropped on any page is opened, instead of taking the browser away from it. */
export function DropAnywhere() {
  const over = useSignal(false);
  useEffect(() => {
    const released = new AbortController();
    const { signal } = released;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener(
      "dragover",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        over.value = true;
      },
      { signal },
    );
    addEventListener(
      "dragleave",
      (event) => {
        if (event.relatedTarget === null) over.value = false;
      },
      { signal },
    );
    addEventListener(
      "drop",
      (event) => {
        over.value = false;
        if (!event.dataTransfer || !carriesFiles(event)) return;
        event.preventDefault();
        void openDropped(event.dataTransfer, classAt(event.target));
      },
      { signal },
    );
    return () => released.abort();
  }, [over]);
  // On Data one drops onto what is there, so it is not covered.
  const { data, session } = strings.value;
  const onData = route.value === "data";
  return (
    <>
      <ArrivingLine />
      {over.value && (
        <div class="drop-overlay" data-open={onData}>
          <span>{onData ? data.drop : session.drop}</span>
        </div>
      )}
    </>
  );
}

/** The class onto whose card something is dropped. */
function classAt(target: EventTarget | null): string | undefined {
  const card = target instanceof Element ? target.closest<HTMLElement>("[data-drop-class]") : null;
  return card?.dataset.dropClass;
}

/**
 * Each file goes where it belongs: networks are opened with what lies beside them, pictures go to Photos, where whatever
 * comes gets a card, and to Data goes what holds many images, and all that is dropped there.
 */
async function openDropped(data: DataTransfer, label: string | undefined): Promise<void> {
  const onData = route.peek() === "data";
  const all = await filesOf(data, () => true);
  if (all.some((file) => isModel(file) || isAwaited(file))) return openFiles(all.filter((file) => !isPicture(file)));
  if (onData) return toDataset(all, label);
  // Of a folder without a network the pictures are meant.
  const files = all.filter((file) => isPicture(file) || pathOf(file) === file.name);
  if (await areLabelsInUse(files)) return openFiles(files);
  if (files.some(isCollection)) return toDataset(files, label);
  if (files.length === 0) {
    toast("info", strings.value.photos.noPictures);
    return;
  }
  const toPhotos = route.peek() === "photos" && !files.every(isPartOfModel);
  if (!toPhotos && !files.some(isPicture)) return openFiles(files);
  const { addPhotos } = await import("../store/photos");
  go("photos");
  addPhotos(files);
}

/** Whether they are names for the classes of the person's own model that is in use, and not a table of images. */
async function areLabelsInUse(files: readonly File[]): Promise<boolean> {
  const { id, origin } = currentModel.peek();
  return origin !== "shipped" && files.length > 0 && files.every(isList) && (await areLabelsOf(id, files));
}

async function toDataset(files: File[], label: string | undefined): Promise<void> {
  const { takeIn } = await import("../store/own/take-in");
  go("data");
  await takeIn(incoming(files), label);
}
