import { describe, expect, it } from "vitest";
import { number, short } from "./shown";

describe("a value as people write one", () => {
  it("has at most four decimals, and fewer of what is larger", () => {
    expect([0, 0.00123, 0.12345, -1.23456, 12.3456, -123.456, 12345.6].map((value) => number(value))).toEqual([
      "0",
      "0.0012",
      "0.1235",
      "−1.235",
      "12.35",
      "−123.5",
      "12,346",
    ]);
  });

  it("never is a power of ten, and never reads as zero if it is not", () => {
    expect(number(3.2e-9)).toBe("<0.0001");
    expect(number(-4e-7)).toBe(">−0.0001");
    expect(number(1e-3, 2)).toBe("<0.01");
    for (let power = -40; power < 30; power++) expect(number(1.234 * 10 ** power)).not.toMatch(/e|10\^/i);
  });

  it("says of what is no number that it is none", () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => number(value))).toEqual([
      "NaN",
      "∞",
      "−∞",
    ]);
  });
});

it("many numbers side by side have two or three digits", () => {
  expect([0, -0.001, 0.126, -1.5, 12.34, 250.7].map((value) => short(value))).toEqual([
    "0",
    "0",
    "0.13",
    "−1.50",
    "12.3",
    "251",
  ]);
  expect([0.126, -0.5, -1.5].map((value) => short(value, 5))).toEqual([".13", "−.50", "−1.50"]);
  expect(short(-0.26, 7)).toBe("−.3");
});
