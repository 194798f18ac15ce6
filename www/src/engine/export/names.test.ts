import { expect, test } from "vitest";
import { fileName, Names, withEnd } from "./names";

test.each([
  ["cats", "cats"],
  ["a/b\\c:d", "a_b_c_d"],
  ["...", "x"],
  ["  ", "x"],
  ["", "x"],
  [".hidden", "hidden"],
  ["end. ", "end"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  ["猫 🐈", "猫 🐈"],
  ["e\u0301", "\u00e9"],
  ["a\u0000b\n", "a_b_"],
])("%j is written %j", (name, written) => expect(fileName(name, "x")).toBe(written));

test("long names stay below what file systems take", () => {
  expect(new TextEncoder().encode(fileName("猫".repeat(500), "x")).length).toBeLessThan(240);
});

test("every name is given once, capitals or not", () => {
  const names = new Names();
  expect(["a.png", "A.png", "a.png", "a (2).png", "a"].map((name) => names.unique(name))).toEqual([
    "a.png",
    "A (2).png",
    "a (3).png",
    "a (2) (2).png",
    "a",
  ]);
});

test("the end says what is in the file", () => {
  expect(withEnd("a.JPG", "image/jpeg")).toBe("a.JPG");
  expect(withEnd("a.png", "image/jpeg")).toBe("a.png.jpg");
  expect(withEnd("a", "image/png")).toBe("a.png");
  expect(withEnd("a.xyz", "")).toBe("a.xyz");
});
