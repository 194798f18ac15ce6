import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { InferEngine } from "../../engine/infer";
import type { Slot } from "../../engine/protocol";
import type { DrawingPrediction } from "../../engine/types";
import type { Drawing } from "./drawing";

/** How often the same drawing is asked again after its worker died. */
const MOST_TRIES = 3;

export type RecogniserState = "loading" | "blank" | "thinking" | "ready";

/** Asks the net in a slot what a drawing is; null where it finds no ink. */
export function asks(engine: InferEngine, slot: Slot): (image: ImageData) => Promise<DrawingPrediction | null> {
  return async (image) => {
    const answer = await engine.predictDrawing(slot, image);
    return answer.predictions.length > 0 ? answer : null;
  };
}

/**
 * Answers what is drawn. One question is in flight at a time; what was drawn meanwhile is asked next, and only the
 * newest of it: questions never queue.
 */
export class Recogniser<Answer = DrawingPrediction> {
  /** Whether a net is open in the slot. */
  readonly open = signal(false);
  /** The last answer; null when there is none for anything like the present drawing. */
  readonly answer = signal<Answer | null>(null);
  readonly sequence = signal(0);
  readonly state = computed<RecogniserState>(() => {
    if (!this.open.value) return "loading";
    if (this.drawing.isBlank.value || this.#foundBlank.value) return "blank";
    return this.#answered.value === this.#asked.value ? "ready" : "thinking";
  });
  #canvas: HTMLCanvasElement | null = null;
  #asked = signal(0);
  #answered = signal(0);
  // A dot too small to be ink: the engine calls it blank.
  #foundBlank = signal(false);
  #inFlight = false;
  #tries = 0;

  constructor(
    private readonly question: (image: ImageData) => Promise<Answer | null>,
    private readonly drawing: Drawing,
    private readonly onError: (error: EngineError) => void,
  ) {
    effect(() => {
      this.drawing.version.value;
      this.again();
    });
    effect(() => {
      if (this.open.value) this.again();
    });
  }

  /** The canvas that shows the drawing; null when its page is left. */
  watch(canvas: HTMLCanvasElement | null): void {
    this.#canvas = canvas;
    if (canvas) this.again();
  }

  /** Asks about what is drawn now: after a stroke, or when another net has been opened. */
  again(): void {
    batch(() => {
      this.#asked.value = this.#asked.peek() + 1;
      this.#foundBlank.value = false;
      if (this.drawing.isBlank.peek()) this.answer.value = null;
    });
    this.#tries = 0;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#inFlight) return;
    this.#inFlight = true;
    try {
      // A pause to the end of this task: pointer events that come together are asked about once, when all are drawn.
      await Promise.resolve();
      while (this.#canvas && this.open.peek() && !this.drawing.isBlank.peek() && this.#behind()) await this.#askOnce();
    } finally {
      this.#inFlight = false;
    }
  }

  #behind(): boolean {
    return this.#answered.peek() !== this.#asked.peek();
  }

  async #askOnce(): Promise<void> {
    const asked = this.#asked.peek();
    const image = this.#read();
    if (!image) return;
    try {
      const answer = await this.question(image);
      this.#tries = 0;
      this.#take(asked, answer);
    } catch (error) {
      const known = EngineError.from(error);
      this.#tries += 1;
      if (known.code === "worker-died" && this.#tries < MOST_TRIES) return;
      batch(() => {
        this.#answered.value = asked;
        this.answer.value = null;
      });
      this.onError(known);
    }
  }

  #read(): ImageData | undefined {
    const canvas = this.#canvas;
    const context = canvas?.getContext("2d", { willReadFrequently: true });
    return canvas ? context?.getImageData(0, 0, canvas.width, canvas.height) : undefined;
  }

  #take(asked: number, answer: Answer | null): void {
    batch(() => {
      this.#answered.value = asked;
      // Cleared while the question was under way: the answer is about nothing that is there.
      if (this.drawing.isBlank.peek()) return;
      this.#foundBlank.value = answer === null && asked === this.#asked.peek();
      this.answer.value = answer;
      if (answer !== null) this.sequence.value += 1;
    });
  }
}
