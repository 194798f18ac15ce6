import { afterEach, describe, expect, test } from "vitest";
import type { Report } from "../../engine/types";
import { chooseLang, strings } from "../../i18n";
import { counted, inWords, mistakesOf } from "./mistakes";

const digits = Array.from("0123456789");
const clothes = ["T-shirt/top", "Trouser", "Coat", "Shirt", "Ankle boot"];
const own = ["cat", "dog", "constructor"];

afterEach(() => chooseLang("en"));

describe("what was taken for what, as a person would say it", () => {
  test.each([
    [digits, 4, 9, 3, "3 fours taken for nines", "3 个“4”认成了“9”"],
    [digits, 6, 8, 1, "1 six taken for an eight", "1 个“6”认成了“8”"],
    [digits, 7, 7, 1024, "1,024 sevens recognised", "1,024 个“7”认对了"],
    [clothes, 3, 0, 98, "98 shirts taken for T-shirts or tops", "98 件衬衫认成了 T 恤"],
    [clothes, 0, 3, 1, "1 T-shirt or top taken for a shirt", "1 件 T 恤认成了衬衫"],
    [clothes, 1, 4, 2, "2 pairs of trousers taken for ankle boots", "2 条裤子认成了短靴"],
    [own, 0, 1, 12, "12 images of “cat” taken for “dog”", "12 张“cat”认成了“dog”"],
    [own, 2, 0, 1, "1 image of “constructor” taken for “cat”", "1 张“constructor”认成了“cat”"],
  ])("%o: %i as %i, %i times", (classes, truth, predicted, count, english, chinese) => {
    expect(inWords({ truth, predicted, count }, classes)).toBe(english);
    chooseLang("zh");
    expect(inWords({ truth, predicted, count }, classes)).toBe(chinese);
  });

  test("a class's precision and recall are said of its own images", () => {
    const { uses } = strings.value.test;
    expect(uses.recallOf(counted(982, 4, digits), "979")).toBe("Of 982 fours, 979 were recognised.");
    expect(uses.precisionOf(counted(985, 4, digits), "979")).toBe("Of 985 images taken for fours, 979 are.");
    chooseLang("zh");
    expect(strings.value.test.uses.recallOf(counted(1000, 3, clothes), "843")).toBe("1,000 件衬衫中，认对了 843 张。");
  });
});

test("the most frequent mistake is first, and what is right is none", () => {
  const cells = [
    { truth: 0, predicted: 0, count: 90 },
    { truth: 0, predicted: 1, count: 2 },
    { truth: 1, predicted: 0, count: 7 },
    { truth: 2, predicted: 0, count: 2 },
  ];
  const mistakes = mistakesOf({ confusion: { cells } } as unknown as Report);
  expect(mistakes.map(({ truth, count }) => [truth, count])).toEqual([
    [1, 7],
    [0, 2],
    [2, 2],
  ]);
});
