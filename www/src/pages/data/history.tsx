import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { canRedo, canUndo, lastStep, redo, saved, undo } from "../../store/own/changes";
import { mayWrite } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { isTyping } from "./keys";

export function History() {
  const { data } = strings.value;
  const undoName = canUndo.value ? data.undoStep(lastStep.value) : data.undo;
  return (
    <div class="data-history">
      <span class="muted small" role="status" data-testid="dataset-saved" data-saved={saved.value}>
        {saved.value ? "" : data.saving}
      </span>
      <button
        type="button"
        class="button"
        data-testid="dataset-undo"
        aria-label={undoName}
        title={undoName}
        disabled={!canUndo.value || !mayWrite.value}
        onClick={() => void undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="button"
        data-testid="dataset-redo"
        aria-label={data.redo}
        title={data.redo}
        disabled={!canRedo.value || !mayWrite.value}
        onClick={() => void redo()}
      >
        <Icon name="redo" />
      </button>
    </div>
  );
}

/** Ctrl+Z takes back, Ctrl+Shift+Z and Ctrl+Y make again; in a field they are the field's own. */
export function useHistoryKeys(): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const letter = event.key.toLowerCase();
      if (letter !== "z" && letter !== "y") return;
      event.preventDefault();
      if (!mayWrite.peek()) return;
      void (letter === "y" || event.shiftKey ? redo() : undo());
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
}
