import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { OwnClass } from "../../engine/library/records";
import { strings } from "../../i18n";
import { Drawing } from "../../store/drawing";
import { addPicture } from "../../store/own/importing";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { drawStroke } from "../../ui/drawing/stroke";
import { Icon } from "../../ui/icons";
import { tallied } from "./tally";

/** Along both sides of the picture that is kept, in pixels. */
const SIDE = 280;

const drawing = new Drawing();
/** Nobody looks on. */
const nobody = { watch: () => {} };
/** The class that is drawn for; null while nothing is drawn. */
const drawnFor = signal<OwnClass | null>(null);

export function drawFor(each: OwnClass): void {
  drawing.restore([]);
  drawnFor.value = each;
}

/** A small square to draw on, for one class, one picture after another. */
export function DrawDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (drawnFor.value && !ref.current?.open) ref.current?.showModal();
  });
  useEffect(
    () => () => {
      drawnFor.value = null;
    },
    [],
  );
  const each = drawnFor.value;
  const close = () => ref.current?.close();
  return (
    // A click beside the card would lose what is drawn: only Escape and the button close it.
    <dialog
      ref={ref}
      class="term-dialog class-drawing"
      data-testid="class-draw-dialog"
      aria-label={each ? strings.value.data.draw.heading(each.name) : undefined}
      onClose={() => {
        drawnFor.value = null;
      }}
    >
      {each && <Pad each={each} onClose={close} />}
    </dialog>
  );
}

function Pad({ each, onClose }: { each: OwnClass; onClose: () => void }) {
  const { data, draw } = strings.value;
  const busy = useSignal(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector("canvas")?.focus({ preventScroll: true }), []);
  const add = async () => {
    if (drawing.isBlank.peek() || busy.peek()) return;
    busy.value = true;
    const picture = await pictureOf(drawing);
    // The next one can be begun while this one is kept.
    drawing.restore([]);
    busy.value = false;
    ref.current?.querySelector("canvas")?.focus({ preventScroll: true });
    if (picture) await addPicture(picture, each.id, "drawing");
  };
  return (
    <div class="term-card" ref={ref}>
      <div class="panel-head">
        <h2>{data.draw.heading(each.name)}</h2>
        <button type="button" class="icon-button" aria-label={strings.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <DrawingCanvas
        drawing={drawing}
        recogniser={nobody}
        testId="class-draw-canvas"
        label={draw.canvas}
        help={draw.canvasHelp}
        hint={data.draw.hint(each.name)}
      />
      <p class="muted small" role="status">
        {data.images(tallied(each.id).total)}
      </p>
      <div class="class-drawing-does">
        <button
          type="button"
          class="button"
          aria-label={draw.undo}
          title={draw.undo}
          disabled={!drawing.canUndo.value}
          onClick={() => drawing.undo()}
        >
          <Icon name="undo" />
        </button>
        <button type="button" class="button" disabled={drawing.isBlank.value} onClick={() => drawing.clear()}>
          <Icon name="clear" />
          {draw.clear}
        </button>
        <button
          type="button"
          class="button primary"
          data-testid="class-draw-add"
          disabled={drawing.isBlank.value || busy.value}
          onClick={() => void add()}
        >
          {data.draw.add}
          <Icon name="next" />
        </button>
      </div>
    </div>
  );
}

/** Dark ink on white paper, as a PNG. */
function pictureOf({ strokes }: Drawing): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.strokeStyle = "#000";
  for (const stroke of strokes) drawStroke(context, stroke);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
