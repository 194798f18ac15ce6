import { expect, test } from "vitest";
import { isTyping, keysOf } from "./keys";

function keys(...classes: (string | [name: string, key: string])[]): string {
  const given = classes.map((each, place) => {
    const [name, key] = typeof each === "string" ? [each] : each;
    return { id: String(place), name, ...(key && { key }) };
  });
  const found = keysOf(given);
  return given.map(({ id }) => found.get(id) ?? "–").join("");
}

test("classes have the keys of their places: nine digits, then the letters", () => {
  expect(keys("cat", "dog", "owl")).toBe("123");
  expect(keys(...Array.from({ length: 11 }, (_, n) => `class ${n}`))).toBe("123456789ab");
});

test("there are thirty-five keys, and the classes after them have none", () => {
  expect(keys(...Array.from({ length: 37 }, (_, n) => `class ${n}`)).slice(-4)).toBe("yz––");
});

test("a class whose name is a key has that key", () => {
  expect(keys(..."0123456789")).toBe("0123456789");
  expect(keys("cat", "1", "A")).toBe("21a");
});

test("a key that a person chose goes before all others", () => {
  expect(keys("cat", ["dog", "1"], "owl")).toBe("213");
  expect(keys("1", ["dog", "1"])).toBe("21");
});

test("of two that want the same key the first has it", () => {
  expect(keys(["cat", "x"], ["dog", "x"])).toBe("x1");
  expect(keys("a", "A")).toBe("a1");
});

test("keys that are typed into a field are not meant for the images", () => {
  const field = (type: string) => Object.assign(document.createElement("input"), { type });
  expect(isTyping(field("text"))).toBe(true);
  expect(isTyping(field("number"))).toBe(true);
  expect(isTyping(document.createElement("select"))).toBe(true);
  expect(isTyping(field("checkbox"))).toBe(false);
  expect(isTyping(document.createElement("button"))).toBe(false);
  expect(isTyping(null)).toBe(false);
});
