import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { strings } from "../i18n";
import { ActivationPlot } from "./activation-plot";
import { Formula, type TermId } from "./formulas";
import { Icon } from "./icons";

const shown = signal<TermId | null>(null);

/** A term worked with the figures that a page shows; null where it has none. */
export type Worked = (term: TermId) => ComponentChildren;

export function openTerm(term: TermId): void {
  shown.value = term;
}

/** A word that explains itself when chosen. */
export function Term({ id, children }: { id: TermId; children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="term"
      aria-haspopup="dialog"
      title={strings.value.termOpen(strings.value.terms[id].name)}
      onClick={() => openTerm(id)}
    >
      {children}
    </button>
  );
}

/** The formula and the sentence of the term that was chosen. One on a page is enough. */
export function TermDialog({ worked }: { worked?: Worked }) {
  const ref = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (shown.value && !ref.current?.open) ref.current?.showModal();
  });
  const term = shown.value;
  const text = term && strings.value.terms[term];
  const close = () => ref.current?.close();
  return (
    // A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={ref}
      class="term-dialog"
      data-testid="term-dialog"
      aria-label={text?.name}
      onClose={() => {
        shown.value = null;
      }}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      {term && text && (
        <div class="term-card">
          <div class="panel-head">
            <h2>{text.name}</h2>
            <button type="button" class="icon-button" aria-label={strings.value.close} onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          <Formula of={term} />
          <p>{text.says}</p>
          <ActivationPlot of={term} />
          {worked?.(term)}
          {text.note && <p class="muted">{text.note}</p>}
          {"choose" in text && text.choose && (
            <p class="term-choose">
              <strong>{strings.value.termChoose}</strong> {text.choose}
            </p>
          )}
        </div>
      )}
    </dialog>
  );
}
