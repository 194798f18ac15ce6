import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ModelInfo } from "../engine/types";
import { areDigits, isAbove, isNone, rejecting, rejectOf, setRejecting } from "./rejecting";

beforeEach(() => setRejecting(true));

describe("an image is none of the classes", () => {
  test("above the threshold, not at it", () => {
    expect(isNone(2.01, 2)).toBe(true);
    expect(isNone(2, 2)).toBe(false);
    expect(isNone(-3, -2)).toBe(false);
    expect(isNone(0, -2)).toBe(true);
  });

  test("never where the model has no score, or no number", () => {
    expect(isNone(undefined, 2)).toBe(false);
    expect(isNone(null, 2)).toBe(false);
    expect(isNone(2, undefined)).toBe(false);
    expect(isNone(Number.NaN, 2)).toBe(false);
  });

  test("never while that is turned off; what is above the threshold is still known", () => {
    setRejecting(false);
    expect(isNone(3, 2)).toBe(false);
    expect(isAbove(3, 2)).toBe(true);
    setRejecting(true);
    expect(isNone(3, 2)).toBe(true);
  });
});

test("the choice is there again when the page is loaded again", async () => {
  setRejecting(false);
  vi.resetModules();
  expect((await import("./rejecting")).rejecting.value).toBe(false);
  setRejecting(true);
  vi.resetModules();
  expect((await import("./rejecting")).rejecting.value).toBe(true);
  expect(rejecting.value).toBe(true);
});

test("a file without a score has no threshold", () => {
  expect(rejectOf(null)).toBeNull();
  expect(rejectOf({ name: "classic" } as ModelInfo)).toBeNull();
  const reject = { threshold: 1.5, kept: 0.95 };
  expect(rejectOf({ name: "head", reject } as unknown as ModelInfo)).toEqual(reject);
});

test("ten digits in any order are digits, and nothing else is", () => {
  expect(areDigits([..."0123456789"])).toBe(true);
  expect(areDigits([..."9876543210"])).toBe(true);
  expect(areDigits([..."0123456788"])).toBe(false);
  expect(areDigits([..."01234"])).toBe(false);
  expect(areDigits(["T-shirt", ..."123456789"])).toBe(false);
});
