import { expect, test } from "vitest";
import { EngineError } from "../engine/error";
import type { ModelInfo } from "../engine/types";
import { asSeenBy, fitting, learnShapes, unfit } from "./compatible";
import type { Model } from "./session";

const digits = { channels: 1, height: 28, width: 28, classes: 10 };
const own = (id: string): Model => ({ id, name: id, origin: "opened", bytes: 0, onnx: new Uint8Array() });
const ids = (models: Pick<Model, "id">[]) => models.map(({ id }) => id);

test("a network fits images of its size, its channels and as many classes, and no others", () => {
  expect(unfit(digits, digits)).toBe("");
  expect(unfit({ ...digits, classes: 26 }, digits)).toContain("26 classes");
  expect(unfit({ ...digits, channels: 3 }, digits)).toContain("28 × 28 × 3");
  expect(unfit({ ...digits, height: 32, width: 32 }, digits)).toContain("32 × 32 × 1");
});

test("only networks that fit are offered; an own one once its file was opened", async () => {
  const shipped = ["digits", "fashion", "lite0", "lite2"].map(own);
  const mine = ["fits", "letters", "broken"].map(own);
  expect(ids(fitting([...shipped, ...mine], digits))).toEqual(["digits", "fashion"]);
  const opened: string[] = [];
  const open = async ({ id }: Model) => {
    opened.push(id);
    if (id === "broken") throw new EngineError("onnx-malformed", "no model");
    return {
      channels: 1,
      height: 28,
      width: 28,
      labels: Array(id === "fits" ? 10 : 26).fill(""),
    } as unknown as ModelInfo;
  };
  await learnShapes([...shipped, ...mine], open, new AbortController().signal);
  expect(ids(fitting([...shipped, ...mine], digits))).toEqual(["digits", "fashion", "fits"]);
  // What is known of a file, or that it is none, is not asked for again.
  await learnShapes([...shipped, ...mine], open, new AbortController().signal);
  expect(opened).toEqual(["fits", "letters", "broken"]);
});

test("own pictures are brought to the size of a network for photos", () => {
  const own = { channels: 3, height: 64, width: 64, classes: 3 };
  const head = { channels: 3, height: 224, width: 224, classes: 3 };
  expect(unfit(head, own)).toContain("224 × 224 × 3");
  expect(unfit(head, asSeenBy(head, own, true))).toBe("");
  expect(unfit({ ...head, classes: 4 }, asSeenBy(head, own, true))).toContain("4 classes");
  // Images that come with Hearth are what they are, and so is what is drawn.
  expect(asSeenBy(head, own, false)).toEqual(own);
  expect(asSeenBy({ ...head, channels: 1 }, own, true)).toEqual(own);
});
