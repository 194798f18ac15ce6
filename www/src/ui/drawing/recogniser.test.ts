import { beforeEach, expect, test, vi } from "vitest";
import type { DrawingPrediction } from "../../engine/types";
import { Drawing } from "../../store/drawing";
import { asks, type Named, Recogniser } from "./recogniser";

const digits: Named = { labels: ["0", "1", "2", "3", "4"] };
const photos: Named = { labels: ["tench", "goldfish", "shark", "tiger shark", "hammerhead"] };

let drawing: Drawing;
let engine: { predictDrawing(): Promise<DrawingPrediction> };
let recogniser: Recogniser;
/** The questions that the engine has not answered yet, oldest first. */
let open: ((probabilities: number[]) => Promise<void>)[];
const onError = vi.fn();

/** What promises set off has happened. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** The oldest question is answered: class 4. */
async function answerFour(p = 0.9): Promise<void> {
  await settled();
  await open.shift()?.([0, 0, 0, 0, p]);
}

function shown(): string | undefined {
  return recogniser.answer.value?.predictions[0]?.label;
}

beforeEach(async () => {
  open = [];
  onError.mockReset();
  drawing = new Drawing();
  engine = {
    predictDrawing: () =>
      new Promise((resolve) => {
        open.push(async (probabilities) => {
          const predictions = probabilities.map((p, index) => ({ index, label: `class ${index}`, p }));
          predictions.sort((a, b) => b.p - a.p);
          resolve({ predictions, seen: new Uint8Array(), seenWidth: 0, seenHeight: 0 } as DrawingPrediction);
          await settled();
        });
      }),
  };
  recogniser = new Recogniser(asks(engine, "current"), () => drawing, onError);
  const context = { getImageData: () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 }) };
  recogniser.watch({ width: 1, height: 1, getContext: () => context } as unknown as HTMLCanvasElement);
  recogniser.answersFrom(digits);
  drawing.begin({ x: 0.5, y: 0.5 });
});

test("an answer is gone as soon as its model is", async () => {
  await answerFour();
  expect(shown()).toBe("4");
  recogniser.answersFrom(null);
  expect(recogniser.answer.value).toBeNull();
  expect(recogniser.state.value).toBe("loading");
});

test("an answer that was under way when another model came is not taken for that model's", async () => {
  await settled();
  recogniser.answersFrom(null);
  recogniser.answersFrom(photos);
  await answerFour();
  expect(recogniser.answer.value).toBeNull();
  await answerFour();
  expect(shown()).toBe("hammerhead");
  expect(recogniser.answer.value?.labels).toBe(photos.labels);
});

test("a model that has gone and come back answers anew", async () => {
  await answerFour();
  recogniser.answersFrom(null);
  recogniser.answersFrom(digits);
  expect(recogniser.state.value).toBe("thinking");
  await answerFour();
  expect(shown()).toBe("4");
});

test("an answer that is not a number is an error, and a finite one after it is shown", async () => {
  await settled();
  await open.shift()?.([Number.NaN, 0, 0, 0, 0]);
  expect(recogniser.answer.value).toBeNull();
  expect(recogniser.failure.value?.code).toBe("answer-not-finite");
  expect(onError).toHaveBeenCalledTimes(1);
  drawing.begin({ x: 0.1, y: 0.1 });
  await answerFour();
  expect(recogniser.failure.value).toBeNull();
  expect(shown()).toBe("4");
});

test("what is drawn while a question is under way is asked next, once", async () => {
  await settled();
  for (const x of [0.1, 0.2, 0.3]) drawing.begin({ x, y: 0 });
  expect(recogniser.state.value).toBe("thinking");
  await answerFour();
  expect(recogniser.state.value).toBe("thinking");
  await answerFour();
  expect(recogniser.state.value).toBe("ready");
  expect(open).toEqual([]);
  expect(recogniser.sequence.value).toBe(2);
});

test("a drawing that is cleared while it is asked about has no answer", async () => {
  await settled();
  drawing.clear();
  await answerFour();
  expect(recogniser.answer.value).toBeNull();
  expect(recogniser.state.value).toBe("blank");
});
