import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import type { ModelInfo } from "../../engine/types";
import { isOwn } from "../../store/own-models";
import { type Plan, start, train } from "../../store/run";
import type { FakeEngine } from "../../store/run/fake-engine";
import { step } from "../../store/run/fake-engine";
import { beginSession, currentModelId, models } from "../../store/session";
import { adoptNet } from "./net-actions";

vi.mock("../../engine/train", async () => ({
  TrainEngine: (await import("../../store/run/fake-engine")).FakeEngine,
}));
vi.mock("../../engine/infer", () => ({
  InferEngine: class {
    start(): void {}

    async open(): Promise<Partial<ModelInfo>> {
      return { labels: ["no", "yes"], parameters: 7, takesDrawings: true };
    }
  },
}));

const plan = {
  dataset: "mnist",
  spec: { name: "classic", preprocessing: { fit: "digit" } },
  recipe: { epochs: 2 },
  parameters: 10,
} as unknown as Plan;
const own = () => models.value.filter(isOwn);

test("one network is one model, however often it is used", async () => {
  vi.stubGlobal("fetch", async () => new Response("net"));
  await beginSession();
  await start(async () => plan);
  (train as unknown as FakeEngine).tell(step(1));
  await Promise.all([adoptNet(), adoptNet()]);
  expect(own().map(({ name }) => name)).toEqual(["classic-1"]);
  // It is kept by now: the list does not hold its file any longer.
  await vi.waitFor(() => expect(own()[0]?.onnx).toBeUndefined());
  await adoptNet("test");
  expect(own()).toHaveLength(1);
  expect(currentModelId.value).toBe(own()[0]?.id);
  (train as unknown as FakeEngine).tell(step(2));
  await adoptNet();
  expect(own().map(({ name }) => name)).toEqual(["classic-1", "classic-2"]);
});
