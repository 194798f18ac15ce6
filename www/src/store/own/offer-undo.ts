import { dismiss, toast } from "../toasts";
import { newestStep, undo } from "./changes";

/** Tells of the step that was just made, and offers to take it back until there is another one. */
export function offerUndo(text: string): void {
  const made = newestStep.peek();
  if (!made) return;
  const id = toast("info", text, { undo: () => void undo() });
  const stop = newestStep.subscribe((now) => {
    if (now === made) return;
    dismiss(id);
    stop();
  });
}
