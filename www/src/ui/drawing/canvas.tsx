import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Drawing, drawStroke, type Point, type Stroke } from "./drawing";
import { KeyboardPen } from "./keyboard-pen";

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
  #pointer: { id: number; stroke: Stroke } | null = null;
  /** How much of the drawing is on the canvas already. */
  #strokes = 0;
  #points = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly drawing: Drawing,
  ) {
    this.#context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    const { signal } = this.#released;
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#up(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.#up(event), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw(), { signal });
    this.#unsubscribe = drawing.version.subscribe(() => this.#catchUp());
  }

  release(): void {
    this.#released.abort();
    this.#unsubscribe();
  }

  #down(event: PointerEvent): void {
    if (this.#pointer || event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#pointer = { id: event.pointerId, stroke: this.drawing.begin(this.#place(event)) };
  }

  #move(event: PointerEvent): void {
    if (this.#pointer?.id !== event.pointerId) return;
    const events = event.getCoalescedEvents();
    const points = (events.length > 0 ? events : [event]).map((each) => this.#place(each));
    this.drawing.extend(this.#pointer.stroke, points);
  }

  #up(event: PointerEvent): void {
    if (this.#pointer?.id === event.pointerId) this.#pointer = null;
  }

  #place(event: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  /** Adds what is new; after an undo, draws everything again. */
  #catchUp(): void {
    const { strokes } = this.drawing;
    const last = strokes.at(-1);
    const grown = strokes.length === this.#strokes && (last?.points.length ?? 0) >= this.#points;
    if (!last || (strokes.length !== this.#strokes + 1 && !grown)) {
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
    this.#strokes = this.drawing.strokes.length;
    this.#points = this.drawing.strokes.at(-1)?.points.length ?? 0;
  }
}
