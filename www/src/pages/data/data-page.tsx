import { useEffect } from "preact/hooks";
import { isOwn } from "../../engine/protocol";
import { strings } from "../../i18n";
import { addFiles } from "../../store/own/importing";
import { ownDatasetsKnown } from "../../store/own/list";
import { followSession, mayWrite } from "../../store/own/open";
import { currentDataset } from "../../store/session";
import { incoming } from "../../ui/incoming";
import { BuiltIn } from "./built-in";
import { Choice } from "./choice";
import { Everything } from "./everything";
import { isTyping } from "./keys";
import { Own } from "./own";
import "../../styles/data.css";

/** Images to learn from: those that come with Hearth, and a person's own. */
export function DataPage() {
  const { data } = strings.value;
  useEffect(() => followSession(), []);
  usePaste();
  const id = currentDataset.value;
  return (
    <div class="data" data-own={isOwn(id)}>
      <header class="data-top">
        <div class="page-head">
          <h1>{data.heading}</h1>
          {!isOwn(id) && <p class="muted">{data.intro}</p>}
        </div>
        <Choice />
      </header>
      {isOwn(id) ? (
        <Own />
      ) : (
        ownDatasetsKnown.value && (
          <>
            <BuiltIn id={id} />
            <Everything />
          </>
        )
      )}
    </div>
  );
}

/** A picture from the clipboard; a class's card takes it for itself. */
function usePaste(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || event.defaultPrevented || isTyping(event.target) || !mayWrite.peek()) return;
      event.preventDefault();
      void addFiles(incoming(files), undefined);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
}
