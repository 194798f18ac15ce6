import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../i18n";
import { dismiss, hold, letPass, type Toast, toasts, undo } from "../store/toasts";
import { Icon } from "./icons";

export function Toaster() {
  const ref = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const { length } = toasts.value;
    if (!ref.current?.showPopover) return;
    // Shown anew it lies above a panel that has been opened since: what is undone there must not be covered by it.
    const { activeElement } = document;
    if (ref.current.matches(":popover-open")) ref.current.hidePopover();
    if (length > 0) ref.current.showPopover();
    // What was hidden has lost the focus.
    if (activeElement instanceof HTMLElement && ref.current.contains(activeElement)) activeElement.focus();
  });
  return (
    <div ref={ref} class="toaster" popover="manual" aria-live="polite">
      {toasts.value.map((shown) => (
        <Shown key={shown.id} {...shown} />
      ))}
    </div>
  );
}

function Shown({ id, kind, text, undo: canUndo }: Toast) {
  const stay = () => hold(id);
  const pass = () => letPass(id);
  return (
    <div
      class="toast"
      data-testid="toast"
      data-kind={kind}
      role={kind === "error" ? "alert" : "status"}
      onPointerEnter={stay}
      onPointerLeave={pass}
      onFocusIn={stay}
      onFocusOut={pass}
    >
      <Text text={text} />
      {canUndo && (
        <button type="button" class="button" data-testid="toast-undo" onClick={() => undo(id)}>
          <Icon name="undo" />
          {strings.value.undo}
        </button>
      )}
      <button type="button" class="icon-button" aria-label={strings.value.close} onClick={() => dismiss(id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** What stands between backticks at the end is a command: to select, and to copy. */
function Text({ text }: { text: string }) {
  const [, says = text, command] = /^([^`]*)`([^`]+)`$/.exec(text) ?? [];
  const copied = useSignal(false);
  if (!command) return <p>{text}</p>;
  const { copy, copied: done } = strings.value;
  const take = () => {
    const { clipboard } = navigator;
    // Where the clipboard is forbidden the command can still be selected.
    clipboard?.writeText(command).then(
      () => {
        copied.value = true;
      },
      () => {},
    );
  };
  return (
    <div class="toast-text">
      <p>{says}</p>
      <code data-testid="toast-command">{command}</code>
      <button type="button" class="button" data-testid="toast-copy" onClick={take}>
        {copied.value ? done : copy}
      </button>
    </div>
  );
}
