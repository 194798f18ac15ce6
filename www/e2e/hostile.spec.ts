/** Files that are damaged, or made to do harm: each ends in a sentence, and nothing else has changed. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { FLOAT, INT64, message, model, node, raw, STRING, subgraph, tensor, value } from "./protobuf";
import { expect, test } from "./quiet";

const shipped = new URL("../public/models/digits.onnx", import.meta.url);
/** How long a file may keep its engine before that is given up. */
const PATIENCE = 75_000;

const image = value("input", "image", [1, 1, 28, 28]);
const scores = value("output", "scores", [1, 10]);
const weights = tensor("weights", [784, 10], FLOAT, raw(new Float32Array(7840).fill(0.01)));
/** From "pixels" to the scores. */
const dense = [node("Flatten", ["pixels"], ["list"]), node("Gemm", ["list", "weights"], ["scores"])];

/** A network of one layer, and before it what is to be done to the image to get "pixels". */
function network(...before: Buffer[]): Buffer {
  return model(...before, ...dense, weights, image, scores);
}

function sizes(name: string, ...values: bigint[]): Buffer {
  return tensor(name, [values.length], INT64, raw(BigInt64Array.from(values)));
}

/** Adds one number of something huge to the image. */
const least = [node("ReduceMin", ["huge"], ["least"]), node("Add", ["image", "least"], ["pixels"])];
const one = tensor("one", [1, 1], FLOAT, raw(Float32Array.of(1)));
const HUGE = [400_000n, 400_000n] as const;

/** As random as it has to be, and the same in each run. */
function noise(bytes: number): Buffer {
  let state = 20_261_201;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

/** A choice within a choice within a choice… */
function nested(depth: number): Buffer[] {
  const answer = message(12, message(1, "pixels"));
  let graph = [node("Relu", ["image"], ["pixels"]), answer];
  for (let i = 0; i < depth; i++) {
    const branches = [subgraph("then_branch", graph), subgraph("else_branch", [])];
    graph = [node("If", ["image"], ["pixels"], ...branches), answer];
  }
  return graph.slice(0, 1);
}

const files: Record<string, () => Promise<Buffer> | Buffer> = {
  "the first half of a model": async () => (await readFile(shipped)).subarray(0, 470_000),
  "random bytes": () => noise(100_000),
  "nothing at all": () => Buffer.alloc(0),
  "two operators that wait for each other": () =>
    network(node("Add", ["image", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Relu", ["b"], ["pixels"])),
  "two operators that make the same": () =>
    network(node("Relu", ["image"], ["pixels"]), node("Sigmoid", ["image"], ["pixels"])),
  "weights larger than any memory": () =>
    network(tensor("huge", [4_294_967_330n, 4_611_686_018_427_387_904n], FLOAT), ...least),
  "an image larger than any memory": () =>
    model(...dense, weights, value("input", "pixels", [1, 1, 2n ** 40n, 2n ** 40n]), scores),
  "a constant of 640 GB": () =>
    network(sizes("sides", ...HUGE), node("ConstantOfShape", ["sides"], ["huge"]), ...least),
  "a number spread over 640 GB": () =>
    network(sizes("sides", ...HUGE), one, node("Expand", ["one", "sides"], ["huge"]), ...least),
  "a number laid out over 640 GB": () =>
    network(sizes("sides", ...HUGE), one, node("Tile", ["one", "sides"], ["huge"]), ...least),
  "ten million operators without a name": () =>
    // Each is an empty message.
    network(Buffer.alloc(20_000_000, message(1)), node("Relu", ["image"], ["pixels"])),
  "texts for weights": () =>
    model(
      ...dense,
      tensor("weights", [1], STRING, message(6, "ten")),
      value("input", "pixels", [1, 1, 28, 28]),
      scores,
    ),
  "choices a thousand deep": () => network(...nested(1000)),
};

/** A whole sentence in the page's language, without a number that nobody has written down. */
const sentences = {
  "en-GB": /^[A-Z“][^\u4e00-\u9fff]*[a-z]+ [a-z]+.*[.!]$/s,
  "zh-CN": /^(?!.*[A-Za-z]+ [a-z]+ [a-z]+).*[\u4e00-\u9fff]{4}.*[。！]$/s,
};

async function refused(page: Page, name: string, buffer: Buffer, language: keyof typeof sentences): Promise<void> {
  const { modelInput, toast } = new Shell(page);
  await modelInput.setInputFiles({ name: "hostile.onnx", mimeType: "application/octet-stream", buffer });
  const error = toast.and(page.locator("[data-kind=error]"));
  await expect(error, name).toHaveCount(1, { timeout: PATIENCE });
  await expect(error.locator("p"), name).toHaveText(sentences[language]);
  await expect(error.locator("p"), name).not.toHaveText(/\d{10}|(\d{1,3},){3}\d/);
  await expect(page.getByTestId("model-page")).toHaveCount(0);
  await error.getByRole("button").last().click();
  await expect(toast, name).toHaveCount(0);
}

/** The model that was in use answers a new drawing, and the list is the one that comes with the page. */
async function lives(page: Page): Promise<void> {
  const draw = new DrawPage(page);
  await draw.clear.click();
  await expect(draw.top).toHaveAttribute("data-state", "blank");
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await expect(new Shell(page).model).toHaveValue("digits");
  const ids = await draw.model.locator("option").evaluateAll((all) => all.map((each) => each.getAttribute("value")));
  expect(ids).toEqual(["digits", "fashion", "lite0", "lite2"]);
}

for (const [name, make] of Object.entries(files)) {
  test(`${name}: refused in a sentence, and nothing else changes`, async ({ page }) => {
    test.setTimeout(180_000);
    const draw = new DrawPage(page);
    await draw.openReady();
    await draw.drawStrokes(digits["1"] ?? []);
    await draw.answer();
    await refused(page, name, await make(), "en-GB");
    await lives(page);
    await page.reload();
    await draw.waitUntilReady();
    await draw.drawStrokes(digits["1"] ?? []);
    await lives(page);
  });
}

test.describe("in Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("one hostile file after another is refused in a sentence, and a sound one is opened after them", async ({
    page,
  }) => {
    test.setTimeout(180_000);
    const draw = new DrawPage(page);
    await draw.openReady();
    await draw.drawStrokes(digits["1"] ?? []);
    for (const name of [
      "the first half of a model",
      "random bytes",
      "two operators that wait for each other",
      "weights larger than any memory",
      "a constant of 640 GB",
      "texts for weights",
      "choices a thousand deep",
    ]) {
      await refused(page, name, (await files[name]?.()) ?? Buffer.alloc(0), "zh-CN");
      await lives(page);
    }
    const { model: used, modelInput } = new Shell(page);
    const buffer = await readFile(shipped);
    await modelInput.setInputFiles({ name: "sound.onnx", mimeType: "application/octet-stream", buffer });
    await expect(used).toHaveValue(/^own-/);
    expect(await draw.answer()).toBe("7");
  });
});

test("what these files are made by makes a network that is opened", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  const buffer = network(node("Relu", ["image"], ["pixels"]));
  const { model: used, modelInput } = new Shell(page);
  await modelInput.setInputFiles({ name: "sound.onnx", mimeType: "application/octet-stream", buffer });
  await expect(used).toHaveValue(/^own-/, { timeout: PATIENCE });
});
