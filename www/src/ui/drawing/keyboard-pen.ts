import type { Signal } from "@preact/signals";
import type { Drawing, Point, Stroke } from "../../store/drawing";
import { clear } from "../../store/drawings";

/** How far an arrow key moves the pen, in parts of the side; with Shift, a fine step. */
const STEP = 0.04;
const FINE_STEP = 0.01;

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Draws by keys: the arrows move the pen, Space lowers and lifts it, Backspace undoes, Delete clears; Ctrl+Z and Ctrl+Y too. */
export class KeyboardPen {
  readonly #released = new AbortController();
  #stroke: Stroke | null = null;
  #at: Point = { x: 0.5, y: 0.25 };

  constructor(
    canvas: HTMLCanvasElement,
    private readonly drawing: Drawing,
    /** Where the pen is shown; null while another device draws. */
    private readonly shown: Signal<Point | null>,
    private readonly down: Signal<boolean>,
  ) {
    const { signal } = this.#released;
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    canvas.addEventListener("blur", () => this.#hide(), { signal });
    canvas.addEventListener("pointerdown", () => this.#hide(), { signal });
  }

  release(): void {
    this.#released.abort();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#act(event)) return;
    event.preventDefault();
    this.down.value = this.#stroke !== null;
  }

  #act(event: KeyboardEvent): boolean {
    const arrow = ARROWS[event.key];
    if (arrow) return this.#move(arrow, event.shiftKey ? FINE_STEP : STEP);
    if (event.key === " " || event.key === "Enter") return this.#toggle();
    const step = this.#step(event);
    if (!step) return false;
    this.#stroke = null;
    step();
    return true;
  }

  /** A step back or forth that a key stands for. */
  #step({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): (() => void) | null {
    const { drawing } = this;
    if (key === "Backspace") return () => drawing.undo();
    if (key === "Delete") return () => clear(drawing);
    const letter = ctrlKey || metaKey ? key.toLowerCase() : "";
    if (letter === "y" || (letter === "z" && shiftKey)) return () => drawing.redo();
    return letter === "z" ? () => drawing.undo() : null;
  }

  #move(direction: Point, step: number): boolean {
    const clamp = (value: number) => Math.min(Math.max(value, 0), 1);
    this.#at = { x: clamp(this.#at.x + direction.x * step), y: clamp(this.#at.y + direction.y * step) };
    this.shown.value = this.#at;
    if (this.#stroke) this.drawing.extend(this.#stroke, [this.#at]);
    return true;
  }

  #toggle(): boolean {
    this.shown.value = this.#at;
    this.#stroke = this.#stroke ? null : this.drawing.begin(this.#at);
    return true;
  }

  #hide(): void {
    this.#stroke = null;
    this.shown.value = null;
    this.down.value = false;
  }
}
