import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Drawing, Point, Stroke } from "../../store/drawing";
import { KeyboardPen } from "./keyboard-pen";
import { Pointers } from "./pointers";
import { drawStroke } from "./stroke";

/** Pixels along a side: enough for a sharp line, few enough to be copied out for every prediction. */
const SIDE = 392;

interface Props {
  drawing: Drawing;
  /** Is told which canvas shows the drawing, and when none does. */
  recogniser: { watch(canvas: HTMLCanvasElement | null): void };
  testId: string;
  label: string;
  help: string;
  hint: string;
}

/** A square to draw on with mouse, finger, pen or keys. */
export function DrawingCanvas({ drawing, recogniser, testId, label, help, hint }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const pen = useSignal<Point | null>(null);
  const penDown = useSignal(false);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const surface = new Surface(canvas, drawing);
    const keyboard = new KeyboardPen(canvas, drawing, pen, penDown);
    recogniser.watch(canvas);
    return () => {
      recogniser.watch(null);
      keyboard.release();
      surface.release();
    };
  }, [drawing, recogniser, pen, penDown]);
  const cursor = useRef<HTMLSpanElement>(null);
  useSignalEffect(() => {
    const place = pen.value;
    if (!cursor.current || !place) return;
    cursor.current.style.left = `${place.x * 100}%`;
    cursor.current.style.top = `${place.y * 100}%`;
  });
  return (
    <div class="drawing">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by keys too */}
      <canvas
        ref={ref}
        class="drawing-canvas"
        data-testid={testId}
        width={SIDE}
        height={SIDE}
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-description={help}
      />
      {drawing.isBlank.value && (
        <p class="drawing-hint" aria-hidden="true">
          {hint}
        </p>
      )}
      <span ref={cursor} class="drawing-pen" hidden={!pen.value} data-down={penDown.value} />
    </div>
  );
}

/** Keeps a canvas like its drawing, and the drawing like what the pointer does on the canvas. */
class Surface {
  readonly #context: CanvasRenderingContext2D;
  readonly #released = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #pointers: Pointers;
  /** How much of the drawing is on the canvas already. */
  #strokes: readonly Stroke[] = [];
  #points = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly drawing: Drawing,
  ) {
    this.#context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    this.#pointers = new Pointers(drawing);
    const { signal } = this.#released;
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#pointers.up(event), { signal });
    canvas.addEventListener("lostpointercapture", (event) => this.#pointers.up(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.#pointers.cancel(event), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw(), { signal });
    this.#unsubscribe = drawing.version.subscribe(() => this.#catchUp());
  }

  release(): void {
    this.#released.abort();
    this.#unsubscribe();
  }

  #down(event: PointerEvent): void {
    if (this.#pointers.down(event, this.#place(event))) this.canvas.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const events = event.getCoalescedEvents();
    const points = (events.length > 0 ? events : [event]).map((each) => this.#place(each));
    this.#pointers.move(event, points);
  }

  #place(event: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  /** Adds what is new; after any other step, draws everything again. */
  #catchUp(): void {
    const { strokes } = this.drawing;
    const last = strokes.at(-1);
    const before = this.#strokes;
    const grown = strokes === before && (last?.points.length ?? 0) >= this.#points;
    const added = strokes.length === before.length + 1 && strokes.at(-2) === before.at(-1);
    if (!last || !(grown || added)) {
      this.#redraw();
      return;
    }
    this.#context.strokeStyle = getComputedStyle(this.canvas).color;
    drawStroke(this.#context, last, grown ? this.#points - 1 : 0);
    this.#remember();
  }

  #redraw(): void {
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#context.strokeStyle = getComputedStyle(this.canvas).color;
    for (const stroke of this.drawing.strokes) drawStroke(this.#context, stroke);
    this.#remember();
  }

  #remember(): void {
    this.#strokes = this.drawing.strokes;
    this.#points = this.drawing.strokes.at(-1)?.points.length ?? 0;
  }
}
