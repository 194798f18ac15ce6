import { beforeEach, expect, test } from "vitest";
import { chooseLang } from "../../i18n";
import { operatorsInWords, shapeInWords } from "./words";

beforeEach(() => chooseLang("en"));

/** A stage as the shipped network for photos has it. */
const OPERATORS = [
  { operator: "Conv", count: 9 },
  { operator: "DequantizeLinear", count: 18 },
  { operator: "Clip", count: 6 },
  { operator: "Add", count: 2 },
  { operator: "Transpose", count: 2 },
  { operator: "Identity", count: 1 },
];

test("a stage is said by its most frequent operators, and how many others there are", () => {
  expect(operatorsInWords(OPERATORS)).toEqual([
    "convolution × 9",
    "dequantisation × 18",
    "clipping (ReLU6) × 6",
    "sum × 2",
    "and 3 others",
  ]);
});

test("no more is left out than saying so takes up", () => {
  expect(operatorsInWords(OPERATORS.slice(0, 5)).at(-1)).toBe("transposition × 2");
});

test("an operator that has no word is called as ONNX calls it, whatever every object has", () => {
  const unknown = [
    { operator: "com.microsoft.QLinearAdd", count: 1 },
    { operator: "constructor", count: 2 },
  ];
  expect(operatorsInWords(unknown)).toEqual(["com.microsoft.QLinearAdd", "constructor × 2"]);
});

test("shapes are said in both languages", () => {
  expect([[32, 26, 26], [1, 28, 28], [196, 768], [1, 112], [10], [1], []].map(shapeInWords)).toEqual([
    "32 maps of 26 × 26",
    "1 map of 28 × 28",
    "196 pieces of 768 values",
    "1 piece of 112 values",
    "10 values",
    "1 value",
    "size not known",
  ]);
  chooseLang("zh");
  expect(shapeInWords([1280, 9, 9])).toBe("1,280 个 9 × 9 的特征图");
  expect(operatorsInWords(OPERATORS.slice(0, 1))).toEqual(["卷积 × 9"]);
});
