// A network that branches, and whose padding is larger on one side: 1 × 3 × 3 → convolution of stride 2 → ReLU6 → the
// sum of both → softmax.
import { describe, expect, it } from "vitest";
import type { LayersInfo, Stage } from "../../engine/types";
import { afterwards, arithmetic } from "./arithmetic";
import { Net, Run } from "./net";
import { receptiveField } from "./receptive-field";

const small = { shape: [1, 1, 1] as [number, number, number], start: 0 };
const stages: Stage[] = [
  { inputs: [], shape: [1, 3, 3], small },
  {
    operator: "Conv",
    layer: { kind: "conv", filters: 1, kernel: 3, stride: 2, padding: 0 },
    inputs: [0],
    shape: [1, 2, 2],
    small,
  },
  { operator: "Clip", bounds: [0, 6], inputs: [1], shape: [1, 2, 2], small },
  { operator: "Add", inputs: [1, 2], shape: [1, 2, 2], small },
  { operator: "HardSwish", inputs: [3], shape: [1, 2, 2], small },
];
const info = {
  labels: [],
  preprocessing: { offset: 0, scale: 1, fit: "whole" },
  takesDrawings: true,
  answer: 4,
  parts: [
    { name: "0.weight", shape: [1, 1, 3, 3], start: 0 },
    { name: "0.bias", shape: [1], start: 9 },
  ],
  stages,
} as unknown as LayersInfo;
const net = new Net(info, Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, -2));
const run = new Run(
  new Float32Array(5),
  net.cut(
    [0, 1, 2, 3, 4],
    // The first cell sees the whole image, 45 − 2, the last only its corner, 9 − 2.
    Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 43, 16, 22, 7, 6, 6, 6, 6, 49, 22, 28, 13, 49, 22, 28, 13),
  ),
);

describe("a cell's arithmetic", () => {
  it("of a convolution whose padding is behind the image alone, adds up", () => {
    const last = arithmetic(net, run, { stage: 1, index: 3 });
    expect(last).toMatchObject({ kind: "correlation", sum: 9, bias: -2, result: 7 });
    if (last.kind === "correlation") expect(last.patch(0).values.filter((value) => value === null)).toHaveLength(8);
    expect(arithmetic(net, run, { stage: 1, index: 0 }).result).toBe(43);
  });

  it("of ReLU6 and of a sum is theirs", () => {
    expect(arithmetic(net, run, { stage: 2, index: 0 })).toMatchObject({ kind: "clipped", x: 43, result: 6 });
    const terms = [
      { source: 1, product: 43 },
      { source: 2, product: 6 },
    ];
    expect(arithmetic(net, run, { stage: 3, index: 0 })).toEqual({ kind: "added", terms, result: 49 });
  });

  it("of an operator that Hearth does not know is its value, and said to be no more", () => {
    expect(arithmetic(net, run, { stage: 4, index: 1 })).toEqual({ kind: "unknown", result: 22 });
  });

  it("does not go on after a place where the network branches", () => {
    expect(afterwards(net, run, { stage: 1, index: 0 })).toEqual([]);
  });
});

it("a cell's receptive field is that of all its branches", () => {
  const all = { top: 2, bottom: 4, left: 2, right: 4 };
  expect(receptiveField(net, { stage: 3, index: 3 })).toEqual(all);
  expect(receptiveField(net, { stage: 3, index: 3 }, 2)).toEqual({ top: 1, bottom: 1, left: 1, right: 1 });
  expect(receptiveField(net, { stage: 4, index: 3 })).toBeNull();
});

it("of a large network those stages are fetched that the one that is shown needs", () => {
  const large = new Net(
    { ...info, stages: stages.map((stage, i) => (i === 0 ? { ...stage, shape: [3, 900, 900] } : stage)) },
    new Float32Array(0),
  );
  expect(large.isSmall).toBe(false);
  expect(large.needed(2)).toEqual([0, 1, 2, 3, 4]);
  expect(large.needed(0)).toEqual([0, 1, 2, 3, 4]);
  expect(large.hasWeights(1)).toBe(false);
  large.keepWeights(1, Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, -2));
  expect(large.weight(1, "bias")).toEqual(Float32Array.of(-2));
});
