import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../i18n";
import { openFiles } from "./open-files";

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
        if (!carriesFiles(event)) return;
        event.preventDefault();
        void openFiles([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    return () => released.abort();
  }, [over]);
  return over.value ? <div class="drop-overlay">{strings.value.session.drop}</div> : null;
}
