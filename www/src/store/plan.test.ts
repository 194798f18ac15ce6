import { beforeEach, expect, test, vi } from "vitest";
import { change, prepare, recipe } from "./plan";
import { train } from "./run";
import type { FakeEngine } from "./run/fake-engine";

vi.mock("../engine/train", async () => ({ TrainEngine: (await import("./run/fake-engine")).FakeEngine }));

const given = { batchSize: 32, epochs: 5, validationShare: 0, rollingValidation: { every: 100, images: 256 } };

beforeEach(async () => {
  const engine = train as unknown as FakeEngine;
  engine.known = [
    { id: "classic", spec: { name: "classic", layers: [] }, recipe: given },
  ] as unknown as FakeEngine["known"];
  await prepare();
});

test.each([
  [32, 100],
  [8, 400],
  [250, 13],
  [4096, 1],
])("in batches of %i a verdict comes every %i steps: it takes the same share of the work", (batchSize, every) => {
  change({ batchSize });
  expect(recipe.value?.rollingValidation).toEqual({ every, images: 256 });
});
