import { beforeEach, expect, test } from "vitest";
import { Drawing } from "./drawing";

let drawing: Drawing;
const marks = () => drawing.strokes.map(({ points }) => points[0]?.x);

beforeEach(() => {
  drawing = new Drawing();
  for (const x of [0.1, 0.2]) drawing.begin({ x, y: 0 });
});

test("strokes are taken back one by one and made again", () => {
  drawing.undo();
  drawing.undo();
  expect(drawing.isBlank.value).toBe(true);
  expect(drawing.canUndo.value).toBe(false);
  drawing.redo();
  expect(marks()).toEqual([0.1]);
  drawing.redo();
  expect(marks()).toEqual([0.1, 0.2]);
  expect(drawing.canRedo.value).toBe(false);
});

test("clearing is a step like any other", () => {
  drawing.clear();
  expect(drawing.isBlank.value).toBe(true);
  drawing.undo();
  expect(marks()).toEqual([0.1, 0.2]);
  drawing.redo();
  expect(drawing.isBlank.value).toBe(true);
});

test("a new stroke after an undo is a new course: what was taken back cannot be made again", () => {
  drawing.undo();
  drawing.begin({ x: 0.3, y: 0 });
  expect(drawing.canRedo.value).toBe(false);
  expect(marks()).toEqual([0.1, 0.3]);
});

test("clearing what is blank is no step", () => {
  drawing.clear();
  drawing.clear();
  drawing.undo();
  expect(marks()).toEqual([0.1, 0.2]);
});

test("a stroke that is taken back while it is drawn stays away", () => {
  const stroke = drawing.begin({ x: 0.3, y: 0 });
  drawing.undo();
  drawing.extend(stroke, [{ x: 0.4, y: 0 }]);
  expect(marks()).toEqual([0.1, 0.2]);
});
