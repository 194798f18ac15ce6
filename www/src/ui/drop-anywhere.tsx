import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../i18n";
import { go, route } from "../router";
import { toast } from "../store/toasts";
import { filesOf, isPicture } from "./dropped-files";
import { incoming, isCollection } from "./incoming";
import { isOnnx, openFiles } from "./open-files";

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
  if (!over.value) return null;
  // On Data one drops onto what is there, so it is not covered.
  const { data, session } = strings.value;
  const onData = route.value === "data";
  return (
    <div class="drop-overlay" data-open={onData}>
      <span>{onData ? data.drop : session.drop}</span>
    </div>
  );
}

/** The class onto whose card something is dropped. */
function classAt(target: EventTarget | null): string | undefined {
  const card = target instanceof Element ? target.closest<HTMLElement>("[data-drop-class]") : null;
  return card?.dataset.dropClass;
}

/**
 * Each file goes where it belongs: networks are opened, pictures go to Photos, where whatever comes gets a card, and to
 * Data goes what holds many images, and all that is dropped there.
 */
async function openDropped(data: DataTransfer, label: string | undefined): Promise<void> {
  const onData = route.peek() === "data";
  const files = await filesOf(data, onData ? () => true : isPicture);
  if (!files.some(isOnnx) && (onData || files.some(isCollection))) return toDataset(files, label);
  if (files.length === 0) {
    toast("info", strings.value.photos.noPictures);
    return;
  }
  const toPhotos = route.peek() === "photos" || files.some(isPicture);
  if (files.some(isOnnx) || !toPhotos) return openFiles(files);
  const { addPhotos } = await import("../store/photos");
  go("photos");
  addPhotos(files);
}

async function toDataset(files: File[], label: string | undefined): Promise<void> {
  const { takeIn } = await import("../store/own/take-in");
  go("data");
  await takeIn(incoming(files), label);
}
