import { expect, test } from "vitest";
import { labelOf, ofEachClass, picked, pickedInTurn, type ReadSamples } from "./trial-samples";

/** Images of so many classes, all of one class before the next, as Fashion-MNIST's come here. */
function dataset(classes: number, ofEach: number): ReadSamples {
  const label = (index: number) => Math.floor(index / ofEach);
  return {
    count: classes * ofEach,
    height: 1,
    width: 2,
    label,
    className: (index) => `class ${label(index)}`,
    image: (index) => Uint8Array.of(label(index), index),
    free: () => {},
  };
}

test("of a dataset ten of each class are taken, the classes in turn", () => {
  const { samples, classes } = picked("mnist", dataset(3, 50), 10);
  expect(samples).toHaveLength(30);
  expect(samples.slice(0, 4).map(({ label }) => label)).toEqual(["class 0", "class 1", "class 2", "class 0"]);
  expect(classes).toEqual(["class 0", "class 1", "class 2"]);
  expect(samples[1]).toMatchObject({ name: "mnist 50", drawn: true, index: 1 });
  expect([...(samples[1]?.picture.data ?? [])]).toEqual([1, 1, 1, 255, 50, 50, 50, 255]);
});

test("a dataset that has fewer of a class gives those", () => {
  expect(picked("mnist", dataset(2, 4), 10).samples).toHaveLength(8);
});

test("a network that takes its time is tried on fewer", () => {
  expect(ofEachClass({ height: 28, width: 28, bytes: 1e6 })).toBe(10);
  expect(ofEachClass({ height: 224, width: 224, bytes: 1e6 })).toBe(2);
  expect(ofEachClass({ height: 28, width: 28, bytes: 200e6 })).toBe(1);
  expect(picked("mnist", dataset(2, 4), 1).samples).toHaveLength(2);
});

test("samples of two datasets come in turn, and of one alone where the other could not be fetched", () => {
  const [digits, clothes] = [
    picked("mnist", dataset(2, 2), 10).samples,
    picked("fashion-mnist", dataset(2, 1), 10).samples,
  ];
  const both = pickedInTurn(digits, clothes).map(({ dataset }) => dataset);
  expect(both).toEqual(["mnist", "fashion-mnist", "mnist", "fashion-mnist", "mnist", "mnist"]);
  expect(pickedInTurn([], clothes)).toEqual(clothes);
});

test("a class is known where the network may have it", () => {
  expect(labelOf("mnist", 7, 10)).toBe(7);
  expect(labelOf("mnist", 7, 62)).toBe(7);
  expect(labelOf("mnist", 7, 2)).toBe(-1);
  expect(labelOf("fashion-mnist", 7, 10)).toBe(7);
  expect(labelOf("fashion-mnist", 7, 62)).toBe(-1);
});
