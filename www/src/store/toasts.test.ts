import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dismiss, hold, letPass, toast, toasts, undo } from "./toasts";

const texts = () => toasts.value.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const { id } of toasts.value) dismiss(id);
  vi.useRealTimers();
});

test("what a toast tells of is taken back once, and the toast is gone", () => {
  const back = vi.fn();
  const id = toast("info", "The drawing is cleared.", { undo: back });
  undo(id);
  undo(id);
  expect(back).toHaveBeenCalledTimes(1);
  expect(texts()).toEqual([]);
});

test("news goes by itself, what can be undone stays longer, an error until it is closed", () => {
  toast("info", "news");
  toast("info", "removed", { undo: () => {} });
  toast("error", "failed");
  vi.advanceTimersByTime(8000);
  expect(texts()).toEqual(["removed", "failed"]);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["failed"]);
});

test("it stays while a person points at it", () => {
  const id = toast("info", "removed", { undo: () => {} });
  hold(id);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["removed"]);
  letPass(id);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual([]);
});

test("the same news again takes its own place, but two removals of one name can both be undone", () => {
  toast("info", "news");
  toast("info", "news");
  toast("info", "removed", { undo: () => {} });
  toast("info", "removed", { undo: () => {} });
  expect(texts()).toEqual(["news", "removed", "removed"]);
});

test("of too many, those that can undo something go last", () => {
  toast("info", "removed", { undo: () => {} });
  for (const text of ["one", "two", "three"]) toast("info", text);
  expect(texts()).toEqual(["removed", "two", "three"]);
  toast("info", "cleared", { undo: () => {} });
  toast("info", "deleted", { undo: () => {} });
  toast("info", "emptied", { undo: () => {} });
  expect(texts()).toEqual(["cleared", "deleted", "emptied"]);
});

test("what was kept to be taken back is let go once, when the toast goes by itself or is closed, and not after undo", () => {
  const gone = vi.fn();
  toast("info", "passed", { undo: () => {}, gone });
  vi.advanceTimersByTime(60_000);
  expect(gone).toHaveBeenCalledTimes(1);
  dismiss(toast("info", "closed", { undo: () => {}, gone }));
  expect(gone).toHaveBeenCalledTimes(2);
  undo(toast("info", "taken back", { undo: () => {}, gone }));
  vi.advanceTimersByTime(60_000);
  expect(gone).toHaveBeenCalledTimes(2);
});
