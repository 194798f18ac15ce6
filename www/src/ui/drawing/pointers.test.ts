import { beforeEach, describe, expect, test } from "vitest";
import { Drawing } from "../../store/drawing";
import { Pointers, type Pressed } from "./pointers";

const touch = (pointerId: number, isPrimary = true): Pressed => ({
  pointerId,
  pointerType: "touch",
  isPrimary,
  button: 0,
});
const pen: Pressed = { pointerId: 7, pointerType: "pen", isPrimary: true, button: 0 };
const mouse: Pressed = { pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0 };
const at = (x: number) => ({ x, y: 0.5 });

let drawing: Drawing;
let pointers: Pointers;
/** The places of every stroke, from the left. */
const places = () => drawing.strokes.map(({ points }) => points.map(({ x }) => x));

beforeEach(() => {
  drawing = new Drawing();
  pointers = new Pointers(drawing);
});

describe("a palm that rests and a pen", () => {
  test("the pen takes over, and the palm leaves no mark", () => {
    expect(pointers.down(touch(2), at(0.9))).toBe(true);
    pointers.move(touch(2), [at(0.91)]);
    expect(pointers.down(pen, at(0.1))).toBe(true);
    pointers.move(pen, [at(0.2)]);
    pointers.move(touch(2), [at(0.95)]);
    pointers.up(touch(2));
    pointers.move(pen, [at(0.3)]);
    pointers.up(pen);
    expect(places()).toEqual([[0.1, 0.2, 0.3]]);
  });

  test("the palm that is laid down after the pen draws nothing, and lifting it does not lift the pen", () => {
    pointers.down(pen, at(0.1));
    expect(pointers.down(touch(2), at(0.9))).toBe(false);
    pointers.move(touch(2), [at(0.95)]);
    pointers.up(touch(2));
    pointers.move(pen, [at(0.2)]);
    expect(places()).toEqual([[0.1, 0.2]]);
  });

  test("it rests on while the pen is lifted between two strokes", () => {
    pointers.down(touch(2), at(0.9));
    for (const x of [0.1, 0.2]) {
      pointers.down(pen, at(x));
      pointers.up(pen);
      pointers.move(touch(2), [at(0.92)]);
    }
    expect(places()).toEqual([[0.1], [0.2]]);
  });
});

describe("two fingers", () => {
  test("the second neither ends nor bends the first's line", () => {
    pointers.down(touch(2), at(0.1));
    expect(pointers.down(touch(3, false), at(0.8))).toBe(false);
    pointers.move(touch(3), [at(0.9)]);
    pointers.up(touch(3));
    pointers.move(touch(2), [at(0.2)]);
    expect(places()).toEqual([[0.1, 0.2]]);
  });

  test("when the first is lifted the second does not go on with its line", () => {
    pointers.down(touch(2), at(0.1));
    pointers.down(touch(3, false), at(0.8));
    pointers.up(touch(2));
    pointers.move(touch(3), [at(0.9)]);
    expect(places()).toEqual([[0.1]]);
  });
});

describe("a pointer that the system takes", () => {
  test("of a finger nothing is left, and redo brings it back", () => {
    pointers.down(mouse, at(0.5));
    pointers.up(mouse);
    pointers.down(touch(2), at(0.1));
    pointers.move(touch(2), [at(0.2)]);
    pointers.cancel(touch(2));
    expect(places()).toEqual([[0.5]]);
    drawing.redo();
    expect(places()).toEqual([[0.5], [0.1, 0.2]]);
  });

  test("a pen's line stays", () => {
    pointers.down(pen, at(0.1));
    pointers.cancel(pen);
    expect(places()).toEqual([[0.1]]);
  });

  test("one whose end went unheard does not keep the next from drawing", () => {
    pointers.down(mouse, at(0.1));
    expect(pointers.down(mouse, at(0.2))).toBe(true);
    pointers.down(touch(9), at(0.3));
    expect(places()).toEqual([[0.1], [0.2]]);
  });
});

test("only the first button draws", () => {
  expect(pointers.down({ ...mouse, button: 2 }, at(0.1))).toBe(false);
  expect(drawing.isBlank.value).toBe(true);
});
