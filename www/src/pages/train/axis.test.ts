import { describe, expect, test } from "vitest";
import { accuracyFloor, lossCeiling, type Points, valueAt } from "./axis";

const none: Points = { xs: [], ys: [] };

function curve(...ys: number[]): Points {
  return { xs: ys.map((_, i) => 10 * i), ys };
}

/** From `from` a quarter of the way to `to`, where it stays. */
function settling(from: number, to: number): Points {
  return curve(...Array.from({ length: 100 }, (_, i) => (i < 25 ? from + ((to - from) * i) / 25 : to)));
}

describe("the accuracy's axis zooms as the accuracy rises", () => {
  test("from all of it, before there is much to see, to what is left above", () => {
    expect(accuracyFloor(none, [])).toBe(0);
    expect(accuracyFloor(curve(0.1, 0.6, 0.97), [])).toBe(0);
    expect(accuracyFloor(settling(0.1, 0.87), [])).toBe(0.8);
    expect(accuracyFloor(settling(0.1, 0.972), [])).toBe(0.95);
    expect(accuracyFloor(settling(0.1, 0.998), [])).toBe(0.99);
  });

  test("and never hides what came lately, of training or of validation", () => {
    const fallen = settling(0.1, 0.97);
    expect(accuracyFloor({ ...fallen, ys: fallen.ys.with(-1, 0.4) }, [])).toBe(0);
    expect(accuracyFloor(settling(0.1, 0.998), [curve(0.93, 0.94)])).toBe(0.9);
  });
});

describe("the loss's axis zooms as the loss falls", () => {
  test("with all of it in view at first", () => {
    expect(lossCeiling(none, [])).toBeNull();
    expect(lossCeiling(curve(2.3, 1), [])).toBe(2.5);
    expect(lossCeiling(settling(2.3, 0.08), [])).toBe(0.1);
  });

  test("and opens for a loss that rises: of a network that diverges, or that only learns its images by heart", () => {
    expect(lossCeiling(settling(2.3, 40), [])).toBeGreaterThan(40);
    expect(lossCeiling(settling(2.3, 0.08), [curve(0.2, 0.25, 0.42)])).toBe(0.5);
  });
});

test("a curve's value at a step is that of its nearest point", () => {
  const { xs, ys } = curve(1, 2, 3);
  expect([-5, 0, 4, 6, 14, 16, 99].map((step) => valueAt({ xs, ys }, step))).toEqual([1, 1, 1, 2, 2, 3, 3]);
  expect(valueAt(none, 3)).toBeNull();
});
