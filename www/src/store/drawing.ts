import { computed, signal } from "@preact/signals";

/** A place on the drawing area: 0–1 from the left and from the top. */
export interface Point {
  x: number;
  y: number;
}

export interface Stroke {
  points: Point[];
  /** In parts of the area's side. */
  width: number;
}

/** More steps back than anyone takes. */
const MOST_STEPS = 200;

/** Strokes, apart from any canvas: they outlive the page that shows them. Every step can be taken back, and made again. */
export class Drawing {
  #strokes: readonly Stroke[] = [];
  #before: (readonly Stroke[])[] = [];
  #after: (readonly Stroke[])[] = [];
  /** Raised with every change. */
  readonly version = signal(0);
  readonly width = signal(0.07);
  readonly isBlank = computed(() => this.version.value >= 0 && this.#strokes.length === 0);
  readonly canUndo = computed(() => this.version.value >= 0 && this.#before.length > 0);
  readonly canRedo = computed(() => this.version.value >= 0 && this.#after.length > 0);

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  begin(point: Point): Stroke {
    const stroke = { points: [point], width: this.width.value };
    this.#step([...this.#strokes, stroke]);
    return stroke;
  }

  extend(stroke: Stroke, points: Point[]): void {
    stroke.points.push(...points);
    this.version.value += 1;
  }

  clear(): void {
    if (this.#strokes.length > 0) this.#step([]);
  }

  undo(): void {
    const last = this.#before.pop();
    if (!last) return;
    this.#after.push(this.#strokes);
    this.#show(last);
  }

  redo(): void {
    const next = this.#after.pop();
    if (!next) return;
    this.#before.push(this.#strokes);
    this.#show(next);
  }

  /** What was drawn at another time; no step that could be taken back. */
  restore(strokes: readonly Stroke[]): void {
    this.#before = [];
    this.#after = [];
    this.#show(strokes);
  }

  #step(next: readonly Stroke[]): void {
    this.#before = [...this.#before, this.#strokes].slice(-MOST_STEPS);
    this.#after = [];
    this.#show(next);
  }

  #show(strokes: readonly Stroke[]): void {
    this.#strokes = strokes;
    this.version.value += 1;
  }
}
