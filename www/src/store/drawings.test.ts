import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drawing } from "./drawing";
import { clear, keep } from "./drawings";
import { dismiss, toasts, undo } from "./toasts";

const KEY = "test.drawing";

/** As a page that is loaded anew has it. */
function reloaded(): Drawing {
  dispatchEvent(new Event("pagehide"));
  const drawing = new Drawing();
  keep(drawing, KEY);
  return drawing;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  sessionStorage.clear();
  for (const { id } of toasts.value) dismiss(id);
});

test("the drawing survives a reload, to its last point", () => {
  const drawing = reloaded();
  const stroke = drawing.begin({ x: 0.25, y: 0.5 });
  drawing.extend(stroke, [{ x: 1 / 3, y: 0.75 }]);
  drawing.width.value = 0.12;
  drawing.begin({ x: 0.9, y: 0.9 });
  expect(reloaded().strokes).toEqual([
    {
      width: 0.07,
      points: [
        { x: 0.25, y: 0.5 },
        { x: 0.3333, y: 0.75 },
      ],
    },
    { width: 0.12, points: [{ x: 0.9, y: 0.9 }] },
  ]);
});

test("a drawing that was cleared stays away", () => {
  const drawing = reloaded();
  drawing.begin({ x: 0.25, y: 0.5 });
  vi.runAllTimers();
  drawing.clear();
  expect(reloaded().isBlank.value).toBe(true);
});

test("of what another program has written there, nothing is drawn", () => {
  for (const text of ["no JSON", '{"strokes":1}', '[[0.1,"x",2]]', "[[0.1]]", "null"]) {
    sessionStorage.setItem(KEY, text);
    expect(reloaded().strokes).toEqual([]);
  }
});

test("a drawing beyond all measure is not kept, and nor is the one before in its place", () => {
  const drawing = reloaded();
  drawing.begin({ x: 0, y: 0 });
  vi.runAllTimers();
  const stroke = drawing.begin({ x: 0, y: 0 });
  for (let i = 0; i < 100; i++) drawing.extend(stroke, Array(1000).fill({ x: 0.1234, y: 0.5678 }));
  expect(reloaded().isBlank.value).toBe(true);
});

test("what was cleared can be brought back until something new is drawn", () => {
  const drawing = new Drawing();
  drawing.begin({ x: 0.5, y: 0.5 });
  clear(drawing);
  expect(drawing.isBlank.value).toBe(true);
  undo(toasts.value[0]?.id ?? 0);
  expect(drawing.strokes).toHaveLength(1);
  clear(drawing);
  expect(toasts.value).toHaveLength(1);
  drawing.begin({ x: 0.1, y: 0.1 });
  expect(toasts.value).toEqual([]);
});

test("clearing what is blank says nothing", () => {
  clear(new Drawing());
  expect(toasts.value).toEqual([]);
});
