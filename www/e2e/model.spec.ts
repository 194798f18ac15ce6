/** A model's own page: its graph by stages, what goes in and comes out, and what can be done with it. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { FLOAT, ints, model, node, raw, tensor, value } from "./protobuf";
import { expect, test } from "./quiet";

const shipped = new URL("../public/models/digits.onnx", import.meta.url);
const octets = "application/octet-stream";

const modelPage = (page: Page) => page.getByTestId("model-page");
const stages = (page: Page) => page.getByTestId("model-stage");

function shapes(page: Page): Promise<(string | undefined)[]> {
  return stages(page).evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.shape));
}

/** A network of someone else's, whose every label is judged for itself: 3 × 32 × 32 pixels, 4 labels. */
function tagger(): Buffer {
  const floats = (name: string, dims: number[]) =>
    tensor(name, dims, FLOAT, raw(new Float32Array(dims.reduce((product, side) => product * side, 1)).fill(0.01)));
  return model(
    node("Conv", ["pictures", "kernel"], ["maps"], ints("pads", 1, 1, 1, 1), ints("strides", 2, 2)),
    node("HardSwish", ["maps"], ["bent"]),
    node("GlobalAveragePool", ["bent"], ["means"]),
    node("Flatten", ["means"], ["list"]),
    node("Gemm", ["list", "matrix"], ["scores"]),
    node("Sigmoid", ["scores"], ["tags"]),
    floats("kernel", [8, 3, 3, 3]),
    floats("matrix", [8, 4]),
    value("input", "pictures", [1, 3, 32, 32]),
    value("output", "tags", [1, 4]),
  );
}

test("from the list of models to what the file of digits holds", async ({ page }) => {
  const shell = new Shell(page);
  await new DrawPage(page).openReady();
  await shell.models.click();
  await page.locator("[data-testid=model-row][data-id=digits]").getByTestId("model-details").click();
  await expect(modelPage(page)).toHaveAttribute("data-id", "digits");
  await expect(stages(page)).toHaveCount(5);
  expect(await shapes(page)).toEqual(["24x24x24", "48x12x12", "64x10x10", "64x5x5", "10"]);
  // Convolution and batch normalisation: 24 filters of 5 × 5 with a bias, and four numbers for each.
  await expect(stages(page).first()).toHaveAttribute("data-parameters", String(24 * 26 + 24 * 4));
  await expect(stages(page).first()).toContainText("24 maps of 24 × 24");
  await expect(page.getByTestId("model-input-row")).toHaveText(/image\s*float32\s*batch × 1 × 28 × 28/);
  await expect(page.locator("[data-testid=model-output-row][data-answers=true]")).toHaveAttribute(
    "data-name",
    "probabilities",
  );
  await expect(page.getByTestId("model-output-row")).toHaveCount(4);
  await expect(page.locator("[data-testid=model-operator][data-name=Conv]")).toHaveAttribute("data-count", "3");
  await expect(page.getByTestId("model-scores")).toHaveAttribute("data-scores", "probabilities");
  await expect(page.getByTestId("model-do-head")).toBeDisabled();
  await expect(page.getByTestId("model-do-head")).toHaveAccessibleDescription(/networks for everyday photos/);
});

test("a network of hundreds of operators has a few stages, and its page changes nothing that is in use", async ({
  page,
}) => {
  await page.goto("./#/model?id=lite2");
  await expect(stages(page)).toHaveCount(6, { timeout: 30_000 });
  expect((await shapes(page)).at(-1)).toBe("1000");
  await expect(page.locator("[data-testid=model-operator][data-name=Conv]")).toHaveAttribute("data-count", "64");
  // Its weights are kept in 8 bits, and count like any others.
  const cost = await stages(page).evaluateAll((rows) => rows.map((row) => row.querySelectorAll(".model-bar").length));
  expect(cost).toEqual([2, 2, 2, 2, 2, 2]);
  await expect(page.getByTestId("model-do-train")).toBeDisabled();
  await expect(page.getByTestId("model-do-train")).toHaveAccessibleDescription(
    /its operator \w+ .* so it can be used but not trained/i,
  );
  await expect(page.getByTestId("model-do-test")).toHaveAccessibleDescription(/1,000 classes/);
  await expect(new Shell(page).model).toHaveValue("digits");
  await page.getByTestId("model-do-use").click();
  await expect(page.getByTestId("photo-model")).toHaveValue("lite2");
});

test("each thing that can be done leads to its page, with this model in use", async ({ page }) => {
  const shell = new Shell(page);
  const open = async (id: string) => {
    await page.goto(`./#/model?id=${id}`);
    await expect(page.getByTestId("model-do-train")).toBeVisible();
  };
  await open("fashion");
  await page.getByTestId("model-do-test").click();
  await expect(page.getByTestId("test-model")).toHaveValue("fashion");
  await expect(page.getByTestId("test-dataset")).toHaveValue("fashion-mnist");
  await open("digits");
  await page.getByTestId("model-do-layers").click();
  await expect(page.getByTestId("layers-model")).toHaveValue("digits");
  await page.getByTestId("layers-from").click();
  await expect(modelPage(page)).toHaveAttribute("data-id", "digits");
  await open("fashion");
  await page.getByTestId("model-do-train").click();
  await expect(page.getByTestId("train-begin")).toHaveValue("weights");
  await expect(shell.model).toHaveValue("fashion");
  await open("lite2");
  await page.getByTestId("model-do-head").click();
  await expect(page.getByTestId("dataset-new")).toBeVisible();
  await open("digits");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("model-do-download").click()]);
  expect((await readFile(await download.path())).equals(await readFile(shipped))).toBe(true);
});

test("a file that comes in while the page is open is the one that it shows", async ({ page }) => {
  const shell = new Shell(page);
  await page.goto("./#/model");
  await expect(stages(page)).toHaveCount(5, { timeout: 30_000 });
  await shell.modelInput.setInputFiles({ name: "tags.onnx", mimeType: octets, buffer: tagger() });
  await expect(modelPage(page)).toHaveAttribute("data-id", /^own-/, { timeout: 60_000 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("tags");
  expect(await shapes(page)).toEqual(["8x16x16", "4"]);
  await expect(page.getByTestId("model-scores")).toHaveAttribute("data-scores", "independent");
  await expect(page.locator("[data-testid=model-operator][data-name=HardSwish]")).toHaveAttribute("data-count", "1");
  await page.keyboard.press("Escape");
  await page.getByTestId("model-do-sees").click();
  await expect(page.getByTestId("settle-panel")).toBeVisible();
  await page.keyboard.press("Escape");
  // Away with it: the page then shows what is in use.
  await shell.models.click();
  await page.locator("[data-testid=model-row][data-id^=own-]").getByTestId("model-remove").click();
  await expect(modelPage(page)).toHaveAttribute("data-id", "digits");
});

test("by keyboard alone from the model in use to its page, and on", async ({ page }) => {
  await new DrawPage(page).openReady();
  const details = page.locator(".strip-details");
  for (let i = 0; i < 20 && !(await details.evaluate((link) => link === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(stages(page)).toHaveCount(5);
  await page.keyboard.press("Tab");
  await expect(page.getByTestId("model-do-use")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("draw-canvas")).toBeVisible();
});

test.describe("without the file", () => {
  test.use({ expected: [/404/] });

  test("a file that cannot be fetched: the page says so, and tries again", async ({ page }) => {
    await page.route("**/models/lite0.onnx", (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto("./#/model?id=lite0");
    await expect(page.getByTestId("model-refusal")).toContainText("could not be fetched");
    await page.unroute("**/models/lite0.onnx");
    await page.getByTestId("model-retry").click();
    await expect(stages(page)).toHaveCount(6, { timeout: 30_000 });
  });
});

for (const width of [360, 1440]) {
  test(`at ${width} pixels all of it is in view without scrolling sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    for (const id of ["digits", "lite2"]) {
      await page.goto(`./#/model?id=${id}`);
      await expect(page.getByTestId("model-operator").first()).toBeVisible({ timeout: 30_000 });
      await expect(modelPage(page)).toHaveAttribute("data-id", id);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}
