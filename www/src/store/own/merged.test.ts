import { expect, test } from "vitest";
import { merged } from "./changes";

const named = (...names: string[]) => names.map((name) => ({ id: name.toLowerCase(), name }));
const names = (classes: readonly { name: string }[]) => classes.map(({ name }) => name).join(" ");

test("a class that an import has made meanwhile stays when another is renamed, removed or added", () => {
  const before = named("cat", "dog");
  const known = named("cat", "dog", "owl");
  expect(names(merged(known, before, named("Cat", "dog")))).toBe("Cat dog owl");
  expect(names(merged(known, before, named("dog")))).toBe("dog owl");
  expect(names(merged(known, before, named("cat", "dog", "elk")))).toBe("cat dog elk owl");
});

test("a class that was removed comes back to its place", () => {
  expect(names(merged(named("dog", "owl"), named("dog", "owl"), named("cat", "dog", "owl")))).toBe("cat dog owl");
});
