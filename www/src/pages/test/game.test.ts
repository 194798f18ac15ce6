import { describe, expect, test } from "vitest";
import type { Judged } from "../../engine/protocol";
import { strings } from "../../i18n";
import { keysOf, scoreOf } from "./game";

describe("each class has a key", () => {
  const names = (count: number) => Array.from({ length: count }, (_, label) => `class ${label}`);

  test("a digit its own, in whatever order the classes are", () => {
    expect(keysOf(["3", "1", "2"])).toEqual(["3", "1", "2"]);
    expect(keysOf(Array.from("ABC"))).toEqual(["a", "b", "c"]);
  });

  test("up to ten others 0 to 9, more of them 1 to 9 and then letters", () => {
    expect(keysOf(names(10)).join("")).toBe("0123456789");
    expect(keysOf(names(11)).join("")).toBe("123456789ab");
    expect(keysOf(names(40)).slice(33)).toEqual(["y", "z", "", "", "", "", ""]);
  });

  test("no key stands for two classes", () => {
    expect(keysOf(["a", "A"]).join("")).toBe("01");
  });
});

test("the person and the network are judged on the same images", () => {
  const judged = { truth: [4, 9, 7, 1], predicted: [9, 4, 7, 1] } as unknown as Judged;
  expect(scoreOf(judged, [0, 1], [4, 4])).toEqual({ you: 1, network: 0, of: 2 });
  expect(scoreOf(judged, [2, 0], [1, 9])).toEqual({ you: 0, network: 1, of: 2 });
});

test("the verdict says that the images were chosen because the network fails on them", () => {
  const { beat } = strings.value.test;
  expect(beat.score(7, 0, 10)).toBe("You: 7 of 10. The network: 0 of 10.");
  expect(beat.chosen(10, "10,000", "99.6%")).toContain(
    "these 10 images were chosen because the network fails on them. Of all 10,000 it gets 99.6% right.",
  );
});
