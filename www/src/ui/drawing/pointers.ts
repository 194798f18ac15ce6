import type { Drawing, Point, Stroke } from "../../store/drawing";

/** What is asked of a `PointerEvent`. */
export type Pressed = Pick<PointerEvent, "pointerId" | "pointerType" | "isPrimary" | "button">;

/**
 * Which of the pointers on a drawing area draws. One does at a time: a second finger neither ends nor bends a line. A
 * pen takes over from a finger, which is the palm that rests there, and the palm's mark is taken back.
 */
export class Pointers {
  #drawing: { id: number; type: string; stroke: Stroke } | null = null;

  constructor(private readonly drawing: Drawing) {}

  /** Returns whether this pointer draws from now on. */
  down(event: Pressed, at: Point): boolean {
    if (event.button !== 0 || !this.#givesWay(event)) return false;
    this.#drawing = { id: event.pointerId, type: event.pointerType, stroke: this.drawing.begin(at) };
    return true;
  }

  move({ pointerId }: Pick<Pressed, "pointerId">, points: Point[]): void {
    if (this.#drawing?.id === pointerId) this.drawing.extend(this.#drawing.stroke, points);
  }

  up({ pointerId }: Pick<Pressed, "pointerId">): void {
    if (this.#drawing?.id === pointerId) this.#drawing = null;
  }

  /** The system took the pointer. A finger's mark was then none that was meant; it can be made again by redo. */
  cancel({ pointerId }: Pick<Pressed, "pointerId">): void {
    if (this.#drawing?.id !== pointerId) return;
    if (this.#drawing.type === "touch") this.#takeBack(this.#drawing.stroke);
    this.#drawing = null;
  }

  #givesWay({ pointerId, pointerType, isPrimary }: Pressed): boolean {
    const before = this.#drawing;
    if (!before) return true;
    if (pointerType === "pen" && before.type === "touch") {
      this.#takeBack(before.stroke);
      return true;
    }
    // The first of its kind again: that the one before was lifted went unheard.
    return pointerId === before.id || (isPrimary && pointerType === before.type);
  }

  #takeBack(stroke: Stroke): void {
    if (this.drawing.strokes.at(-1) === stroke) this.drawing.undo();
  }
}
