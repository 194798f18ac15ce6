import { expect, test } from "vitest";
import type { OwnSample } from "../../engine/library/records";
import { moved, queueFrom } from "./queue";

const shown = [
  { id: 4, label: "cat" },
  { id: 3, label: null },
  { id: 2, label: "dog" },
  { id: 1, label: null },
] as OwnSample[];

test("images without a label come first", () => {
  expect(queueFrom(shown, null)).toEqual({ ids: [3, 1, 4, 2], at: 0 });
});

test("from an image that was opened it goes on in the order of the grid", () => {
  expect(queueFrom(shown, 2)).toEqual({ ids: [4, 3, 2, 1], at: 2 });
});

test("it ends after the last image, and does not go before the first", () => {
  expect(moved({ ids: [3, 1], at: 1 }, 1).at).toBe(2);
  expect(moved({ ids: [3, 1], at: 2 }, 1).at).toBe(2);
  expect(moved({ ids: [3, 1], at: 0 }, -1).at).toBe(0);
});
