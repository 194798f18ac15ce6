import { expect, test } from "vitest";
import type { LayersInfo, Preprocessing } from "../../engine/types";
import { Net } from "./net";

const net = (shape: number[], preprocessing: Preprocessing) =>
  new Net(
    { stages: [{ shape, inputs: [] }], parts: [], labels: [], preprocessing } as unknown as LayersInfo,
    new Float32Array(0),
  );

test("what a network was given is shown in its colours, whatever their order and range in it", () => {
  const preprocessing: Preprocessing = {
    fit: { photo: { crop: 1 } },
    offset: [100, 50, 0],
    scale: [1, 0.5, 0.1],
    order: "bgr",
  };
  // Blue, green, red: 20, 60 and 110 as it takes them.
  expect([...net([3, 1, 1], preprocessing).bytes(Float32Array.of(2, 5, 10))]).toEqual([110, 60, 20]);
});

test("ink that a network takes dark is shown bright", () => {
  const preprocessing: Preprocessing = { fit: "digit", offset: 0, scale: 1, ink: "dark" };
  expect([...net([1, 1, 2], preprocessing).bytes(Float32Array.of(255, 55))]).toEqual([0, 200]);
});
