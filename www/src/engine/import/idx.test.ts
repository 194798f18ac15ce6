// @vitest-environment node
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pairName, readIdxHead, splitOfIdx } from "./idx";
import { greyPng } from "./png";
import { Refused } from "./refused";
import { idx, noise } from "./testing/files";

test("the head of an IDX file says how many there are and where they begin", () => {
  const images = idx([2, 3, 4], noise(1, 24));
  expect(readIdxHead(images.subarray(0, 20), images.length)).toEqual({ sizes: [2, 3, 4], start: 16 });
  const labels = idx([5], noise(1, 5));
  expect(readIdxHead(labels, labels.length)).toEqual({ sizes: [5], start: 8 });
});

test.each([
  ["too short", idx([2, 3, 4], noise(1, 23))],
  ["too long", idx([2, 3, 4], noise(1, 25))],
  ["of two dimensions", idx([2, 3], noise(1, 6))],
  ["of images without a side", idx([2, 0, 4], new Uint8Array())],
  ["of absurd images", idx([1, 5000, 5000], new Uint8Array())],
  ["cut in its head", idx([2, 3, 4], new Uint8Array()).slice(0, 10)],
])("a file that is %s is refused", (_, file) => {
  expect(() => readIdxHead(file.subarray(0, 20), file.length)).toThrow(Refused);
});

describe("names", () => {
  test.each([
    ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
    ["train-images.idx", "train-labels.idx.gz"],
    ["mnist/t10k-images.idx3-ubyte", "mnist/t10k-labels.idx1-ubyte"],
    ["emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte"],
    ["x_train.idx", "y_train.idx"],
    ["images", "labels"],
  ])("%s and %s are a pair", (images, labels) => expect(pairName(images)).toBe(pairName(labels)));

  test.each([
    ["train-images.idx", "test-labels.idx"],
    ["a/images.idx", "b/labels.idx"],
  ])("%s and %s are none", (images, labels) => expect(pairName(images)).not.toBe(pairName(labels)));

  test("say the split", () => {
    expect(["train-images", "t10k-images", "test-images", "val-images", "images"].map(splitOfIdx)).toEqual([
      "train",
      "test",
      "test",
      "validation",
      null,
    ]);
  });
});

test("a grey picture as PNG has every pixel", async () => {
  const pixels = noise(3, 35);
  const png = Buffer.from(await greyPng(pixels, 5, 7));
  expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([5, 7, 8, 0]);
  const length = png.readUInt32BE(33);
  expect(png.toString("latin1", 37, 41)).toBe("IDAT");
  const rows = inflateSync(png.subarray(41, 41 + length));
  expect(Array.from({ length: 7 }, (_, y) => [...rows.subarray(y * 6 + 1, y * 6 + 6)]).flat()).toEqual([...pixels]);
});
