import { strings } from "../i18n";
import { dismiss, toasts } from "../store/toasts";
import { Icon } from "./icons";

export function Toaster() {
  return (
    <div class="toaster" aria-live="polite">
      {toasts.value.map(({ id, kind, text }) => (
        <div key={id} class="toast" data-testid="toast" data-kind={kind} role={kind === "error" ? "alert" : "status"}>
          <p>{text}</p>
          <button type="button" class="icon-button" aria-label={strings.value.close} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
