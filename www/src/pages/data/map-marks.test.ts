import { expect, test } from "vitest";
import { markOf } from "./map-marks";

test("fifty classes are told apart by colour and shape, in light and dark; what has no label is like none of them", () => {
  for (const dark of [false, true]) {
    const places = Array.from({ length: 51 }, (_, n) => n - 1);
    const marks = new Set(places.map((place) => JSON.stringify(markOf(place, dark))));
    expect(marks.size).toBe(51);
    const colours = new Set(places.slice(0, 11).map((place) => markOf(place, dark).colour));
    expect(colours.size).toBe(11);
  }
});

/** WCAG's contrast of two colours. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("every mark stands out from the ground", () => {
  for (let place = -1; place < 10; place++) {
    expect(contrast(markOf(place, false).colour, "#ffffff")).toBeGreaterThanOrEqual(3);
    expect(contrast(markOf(place, true).colour, "#201c19")).toBeGreaterThanOrEqual(3);
  }
});
