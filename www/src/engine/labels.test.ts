import { describe, expect, test } from "vitest";
import { fitting, isNumbered, part } from "./labels";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const names = (count: number) => numbers(count).map((number) => `class ${number}`);

test("classes without names are those that have their numbers", () => {
  expect(isNumbered(numbers(10))).toBe(true);
  expect(isNumbered(["1", "2"])).toBe(false);
  expect(isNumbered(["zero", "one"])).toBe(false);
});

describe("a list", () => {
  test("of as many names as there are classes fits", () => {
    expect(fitting(["no", "yes"], 2)).toEqual(["no", "yes"]);
  });

  test("with one name more fits where that is for what is none of them", () => {
    expect(fitting(["background", "no", "yes"], 2)).toEqual(["no", "yes"]);
    expect(fitting(["__dummy__", "no", "yes"], 2)).toEqual(["no", "yes"]);
    expect(fitting(["perhaps", "no", "yes"], 2)).toBeNull();
  });

  test("of ImageNet's thousand fits 1,001 classes, whose first is the background", () => {
    const fits = fitting(names(1000), 1001);
    expect(fits).toHaveLength(1001);
    expect(fits?.slice(0, 2)).toEqual(["background", "class 0"]);
  });

  test("of any other length does not", () => {
    expect(fitting(names(3), 10)).toBeNull();
    expect(fitting([], 2)).toBeNull();
  });

  test("that is too long is used from its start or to its end, one that is too short is filled up with numbers", () => {
    expect(part(["a", "b", "c"], 2, "first")).toEqual(["a", "b"]);
    expect(part(["a", "b", "c"], 2, "last")).toEqual(["b", "c"]);
    expect(part(["a"], 3, "first")).toEqual(["a", "1", "2"]);
    expect(part(["a"], 3, "last")).toEqual(["a", "1", "2"]);
  });
});
