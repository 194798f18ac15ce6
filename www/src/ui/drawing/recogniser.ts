import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { InferEngine } from "../../engine/infer";
import type { Slot } from "../../engine/protocol";
import type { DrawingPrediction } from "../../engine/types";
import type { Drawing } from "../../store/drawing";

/** How often the same drawing is asked again after its worker died. */
const MOST_TRIES = 3;

export type RecogniserState = "loading" | "blank" | "thinking" | "ready";

/** By which names a net knows its classes. */
export interface Named {
  labels: readonly string[];
}

/** What a net said of a drawing, in its own names. */
export type DrawingAnswer = DrawingPrediction & Named;

/** Asks the net in a slot what a drawing is; null where it finds no ink. */
export function asks(engine: Pick<InferEngine, "predictDrawing">, slot: Slot) {
  return async (image: ImageData, { labels }: Named): Promise<DrawingAnswer | null> => {
    const answer = await engine.predictDrawing(slot, image);
    if (answer.predictions.length === 0) return null;
    if (!answer.predictions.every(({ p }) => Number.isFinite(p))) {
      throw new EngineError("answer-not-finite", "The network's answer is not a number.");
    }
    const predictions = answer.predictions.map((each) => ({ ...each, label: labels[each.index] ?? each.label }));
    return { ...answer, predictions, labels };
  };
}

/**
 * Answers what is drawn. One question is in flight at a time; what was drawn meanwhile is asked next, and only the
 * newest of it: questions never queue. An answer never outlives the net that gave it.
 */
export class Recogniser<Answer = DrawingAnswer, By = Named> {
  /** The last answer; null when there is none for anything like the present drawing, or none by the present net. */
  readonly answer = signal<Answer | null>(null);
  /** Why the present net has no answer. */
  readonly failure = signal<EngineError | null>(null);
  readonly sequence = signal(0);
  readonly state = computed<RecogniserState>(() => {
    if (this.#by.value === null) return "loading";
    if (this.drawing().isBlank.value || this.#foundBlank.value) return "blank";
    return this.#answered.value === this.#asked.value ? "ready" : "thinking";
  });
  #by = signal<By | null>(null);
  #canvas: HTMLCanvasElement | null = null;
  #asked = signal(0);
  #answered = signal(0);
  // A dot too small to be ink: the engine calls it blank.
  #foundBlank = signal(false);
  #inFlight = false;
  #tries = 0;

  constructor(
    private readonly question: (image: ImageData, by: By) => Promise<Answer | null>,
    private readonly drawing: () => Drawing,
    private readonly onError: (error: EngineError) => void,
  ) {
    effect(() => {
      drawing().version.value;
      this.again();
    });
  }

  /** The net that answers from now on; null while none does. What another has said is gone at once. */
  answersFrom(by: By | null): void {
    if (by === this.#by.peek()) return;
    batch(() => {
      this.#by.value = by;
      this.#forget();
    });
    this.again();
  }

  /** The canvas that shows the drawing; null when its page is left. */
  watch(canvas: HTMLCanvasElement | null): void {
    this.#canvas = canvas;
    if (canvas) this.again();
  }

  /** Asks about what is drawn now: after a stroke, or when the net has learned. */
  again(): void {
    batch(() => {
      this.#asked.value = this.#asked.peek() + 1;
      this.#foundBlank.value = false;
      if (this.#isBlank()) this.#forget();
    });
    this.#tries = 0;
    void this.#ask();
  }

  #forget(): void {
    this.answer.value = null;
    this.failure.value = null;
  }

  #isBlank(): boolean {
    return untracked(() => this.drawing().isBlank.value);
  }

  async #ask(): Promise<void> {
    if (this.#inFlight) return;
    this.#inFlight = true;
    try {
      // A pause to the end of this task: pointer events that come together are asked about once, when all are drawn.
      await Promise.resolve();
      for (;;) {
        const by = this.#by.peek();
        const image = by !== null && !this.#isBlank() && this.#behind() ? this.#read() : undefined;
        if (by === null || !image) break;
        await this.#askOnce(image, by);
      }
    } finally {
      this.#inFlight = false;
    }
  }

  #behind(): boolean {
    return this.#answered.peek() !== this.#asked.peek();
  }

  async #askOnce(image: ImageData, by: By): Promise<void> {
    const asked = this.#asked.peek();
    try {
      const answer = await this.question(image, by);
      this.#tries = 0;
      if (by === this.#by.peek()) this.#take(asked, answer);
    } catch (error) {
      if (by === this.#by.peek()) this.#fail(asked, EngineError.from(error));
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
      if (this.#isBlank()) return;
      this.#foundBlank.value = answer === null && asked === this.#asked.peek();
      this.answer.value = answer;
      this.failure.value = null;
      if (answer !== null) this.sequence.value += 1;
    });
  }

  #fail(asked: number, error: EngineError): void {
    this.#tries += 1;
    if (error.code === "worker-died" && this.#tries < MOST_TRIES) return;
    batch(() => {
      this.#answered.value = asked;
      this.answer.value = null;
      this.failure.value = this.#isBlank() ? null : error;
    });
    this.onError(error);
  }
}
