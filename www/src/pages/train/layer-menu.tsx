import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { Icon } from "../../ui/icons";
import { addingAt, addLayer } from "./editing";
import { GROUPS } from "./layer-kinds";

/** Every layer there is, each with its sentence. One menu for all places. */
export function LayerMenu() {
  const ref = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (addingAt.value !== null && !ref.current?.open) ref.current?.showModal();
  });
  const { editor, terms, close } = strings.value;
  const shut = () => ref.current?.close();
  return (
    // A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={ref}
      class="term-dialog layer-menu"
      data-testid="layer-menu"
      aria-label={editor.menu}
      onClose={() => {
        addingAt.value = null;
      }}
      onClick={(event) => {
        if (event.target === ref.current) shut();
      }}
    >
      <div class="term-card">
        <div class="panel-head">
          <h2>{editor.menu}</h2>
          <button type="button" class="icon-button" aria-label={close} onClick={shut}>
            <Icon name="close" />
          </button>
        </div>
        {GROUPS.map(([group, kinds]) => (
          <section key={group} class="layer-group" aria-label={editor.groups[group]}>
            <h3>{editor.groups[group]}</h3>
            <ul class="layer-choices">
              {kinds.map((kind) => (
                <li key={kind}>
                  <button
                    type="button"
                    class="layer-choice"
                    data-testid="layer-choice"
                    data-kind={kind}
                    onClick={() => {
                      const place = addingAt.value;
                      shut();
                      if (place !== null) addLayer(kind, place);
                    }}
                  >
                    <strong>{terms[kind].name}</strong>
                    <span class="muted small">{terms[kind].says}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </dialog>
  );
}
