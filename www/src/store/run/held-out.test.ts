import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { chooseDevice } from "../device";
import type { FakeEngine } from "./fake-engine";
import { step } from "./fake-engine";
import { heldOut, type Plan, start, stop, train } from "./index";

vi.mock("../../engine/train", async () => ({ TrainEngine: (await import("./fake-engine")).FakeEngine }));

const engine = train as unknown as FakeEngine;
const plan = { dataset: "mnist", spec: { name: "classic" }, recipe: { epochs: 2 }, parameters: 10 } as unknown as Plan;

afterEach(() => stop());

test("the watched images are there from the start, and each verdict brings the network's answers", async () => {
  chooseDevice("cpu");
  await start(async () => plan);
  expect(heldOut.value?.images.map(({ label, pixels }) => [label, pixels.length])).toEqual([
    [3, 784],
    [5, 784],
  ]);
  expect(heldOut.value?.last).toBeNull();
  const verdict = { epoch: 1, loss: 1, accuracy: 0.5, images: 64 };
  const answers = (index: number) => [
    { index, p: 0.6 },
    { index: 5, p: 0.9 },
  ];
  engine.tell(step(1), { kind: "rollingValidation", step: 1, ...verdict, answers: answers(8) });
  expect(heldOut.value?.last).toEqual({ step: 1, answers: answers(8) });
  engine.tell(step(2), { kind: "rollingValidation", step: 2, ...verdict, answers: answers(3) });
  expect(heldOut.value?.last?.answers[0]?.index).toBe(3);
});

test("a network that holds nothing out has none", async () => {
  engine.watched = { pixels: new Uint8Array(), labels: new Uint16Array() };
  await start(async () => plan);
  expect(heldOut.value).toBeNull();
});
