import { expect, test } from "vitest";
import { blit, cleared, type Pixels } from "./map-blit";

function picture(width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(4 * width * height), width, height };
}

/** Red, of one opacity. */
function mark(side: number, alpha: number): Pixels {
  const made = picture(side, side);
  for (let i = 0; i < made.data.length; i += 4) made.data.set([255, 0, 0, alpha], i);
  return made;
}

function reds({ data }: Pixels): number[] {
  return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] as number);
}

test("a mark covers the pixels around its middle, as far as it is opaque", () => {
  const target = picture(4, 3);
  cleared(target, [0, 0, 0]);
  blit(target, mark(2, 255), 2, 1, 1);
  expect(reds(target)).toEqual([0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0]);
  cleared(target, [55, 0, 0]);
  blit(target, mark(2, 255), 2, 1, 0.5);
  expect(reds(target)[1]).toBe(155);
  expect(target.data[3]).toBe(255);
});

test("marks at the edge and beyond it spill nowhere", () => {
  const target = picture(3, 3);
  cleared(target, [0, 0, 0]);
  blit(target, mark(2, 255), 0, 0, 1);
  blit(target, mark(2, 255), 3, 3, 1);
  blit(target, mark(2, 255), -20, 1, 1);
  blit(target, mark(2, 255), 1, 20, 1);
  expect(reds(target)).toEqual([255, 0, 0, 0, 0, 0, 0, 0, 255]);
});
