import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../i18n";
import { go, route } from "../router";
import { toast } from "../store/toasts";
import { filesOf, isPicture } from "./dropped-files";
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
        void openDropped(event.dataTransfer);
      },
      { signal },
    );
    return () => released.abort();
  }, [over]);
  return over.value ? <div class="drop-overlay">{strings.value.session.drop}</div> : null;
}

/** Each file goes where it belongs: networks are opened, and pictures go to Photos, where whatever comes gets a card. */
async function openDropped(data: DataTransfer): Promise<void> {
  const files = await filesOf(data);
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
