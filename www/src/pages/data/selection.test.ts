import { expect, test } from "vitest";
import { chosen, type How, type Selection } from "./selection";

const order = [10, 11, 12, 13, 14];

function after(...steps: [id: number, how?: How][]): Selection {
  let state: Selection = { ids: new Set(), anchor: null, active: null };
  for (const [id, how = {}] of steps) state = chosen(state, order, id, how);
  return state;
}

test("a click selects one image and lets the others go", () => {
  expect([...after([10], [12]).ids]).toEqual([12]);
});

test("with Ctrl one more is selected, or let go again", () => {
  expect([...after([10], [12, { more: true }]).ids]).toEqual([10, 12]);
  expect([...after([10], [12, { more: true }], [10, { more: true }]).ids]).toEqual([12]);
});

test("with Shift all from the last one to here are selected, in either direction", () => {
  expect([...after([11], [13, { range: true }]).ids]).toEqual([11, 12, 13]);
  expect([...after([13], [11, { range: true }]).ids]).toEqual([11, 12, 13]);
});

test("a range turns about where it began", () => {
  expect([...after([12], [14, { range: true }], [10, { range: true }]).ids]).toEqual([10, 11, 12]);
});

test("with Ctrl and Shift a range comes to what is selected", () => {
  const { ids } = after([10], [13, { more: true }], [14, { range: true, more: true }]);
  expect([...ids]).toEqual([10, 13, 14]);
});

test("a range from an image that is no longer shown is the image alone", () => {
  expect([...chosen({ ids: new Set([99]), anchor: 99, active: 99 }, order, 12, { range: true }).ids]).toEqual([12]);
});
