import { expect, test } from "vitest";
import { toasts, undo } from "../../store/toasts";
import { addCost, changeCosts, costsOf, removeCost } from "./own-costs";

test("a cost that was removed comes back to its place, and what was changed meanwhile stays", () => {
  for (const cost of [10, 20, 30]) addCost("mnist", { truth: 4, predicted: 9, cost });
  removeCost("mnist", 1);
  expect(costsOf("mnist").listed.map(({ cost }) => cost)).toEqual([10, 30]);
  changeCosts("mnist", { mistake: 2 });
  undo(toasts.value.at(-1)?.id ?? 0);
  expect(costsOf("mnist").listed.map(({ cost }) => cost)).toEqual([10, 20, 30]);
  expect(costsOf("mnist").mistake).toBe(2);
  expect(costsOf("fashion-mnist").listed).toEqual([]);
});
