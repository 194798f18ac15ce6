import { useRef } from "preact/hooks";
import { explain, strings } from "../../i18n";
import { percent } from "../../i18n/format";
import type { TestResult } from "../../store/test";
import { toast } from "../../store/toasts";
import { saveFile } from "../../ui/download";
import { Icon } from "../../ui/icons";
import { CARD, drawCard } from "./card";
import { datasetTitle } from "./dataset-title";
import { fileName } from "./export";
import { titleOf } from "./looks";

/** Shows the result card, and hands it out as a PNG. */
export function CardButton({ result }: { result: TestResult }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { card, cardText } = strings.value.test;
  const dataset = datasetTitle(result.images);
  const open = () => {
    if (canvas.current) drawCard(canvas.current, result, dataset);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" class="button" data-testid="test-card" onClick={open}>
        {card}
      </button>
      {/* A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <dialog
        ref={dialog}
        class="term-dialog card-dialog"
        data-testid="test-card-dialog"
        aria-label={cardText.heading}
        onClick={(event) => {
          if (event.target === dialog.current) dialog.current?.close();
        }}
      >
        <div class="term-card">
          <div class="panel-head">
            <h2>{cardText.heading}</h2>
            <button
              type="button"
              class="icon-button"
              aria-label={strings.value.close}
              onClick={() => dialog.current?.close()}
            >
              <Icon name="close" />
            </button>
          </div>
          <canvas
            ref={canvas}
            class="result-card"
            data-testid="test-card-canvas"
            width={CARD.width}
            height={CARD.height}
            role="img"
            aria-label={cardText.alt(titleOf(result), dataset, percent(result.report.accuracy))}
          />
          <p class="muted small">{cardText.hint}</p>
          <button
            type="button"
            class="button"
            data-testid="test-card-save"
            onClick={() => save(canvas.current, fileName(result, "png"))}
          >
            <Icon name="download" />
            {cardText.save}
          </button>
        </div>
      </dialog>
    </>
  );
}

/** At once: `toBlob` waits until the browser is idle, which may take as long as it likes. */
function save(canvas: HTMLCanvasElement | null, name: string): void {
  try {
    const [, base64] = canvas?.toDataURL("image/png").split(",") ?? [];
    if (base64)
      saveFile(
        Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)),
        name,
      );
  } catch (error) {
    toast("error", explain(error));
  }
}
