import { readFile } from "node:fs/promises";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

const CLASSIC_PARAMETERS = "34826";
const CLASSIC_SHAPES = [
  "1x28x28",
  "32x26x26",
  "32x26x26",
  "32x13x13",
  "64x11x11",
  "64x11x11",
  "64x5x5",
  "1600",
  "10",
  "10",
];

test("the classic network is ready: its parameters and every layer's shape are said, and Start has the focus", async ({
  page,
}) => {
  const train = new TrainPage(page);
  await train.open();
  await expect(train.start).toBeFocused();
  await expect(train.preset).toHaveValue("classic");
  await expect(train.parameters).toHaveAttribute("data-count", CLASSIC_PARAMETERS);
  expect(await train.layers.evaluateAll((blocks) => blocks.map((block) => block.getAttribute("data-shape")))).toEqual(
    CLASSIC_SHAPES,
  );
  await expect(train.status).toHaveAttribute("data-state", "idle");
  await train.preset.selectOption("digits");
  await expect(train.parameters).not.toHaveAttribute("data-count", CLASSIC_PARAMETERS);
});

test("real training on MNIST: pauses, goes on, stops, is exported and used", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await train.open();
  await page.keyboard.press("Enter");
  await train.reaches("running");
  await expect(train.status).toHaveAttribute("data-device", "cpu");
  await train.reachesStep(60);

  await train.pause.click();
  await train.reaches("paused");
  await page.waitForTimeout(500);
  const paused = await train.step();
  await page.waitForTimeout(1000);
  expect(await train.step(), "nothing is trained in a pause").toBe(paused);
  await train.pause.click();
  await train.reaches("running");
  await train.reachesStep(300, 120_000);

  await train.stop.click();
  await train.reaches("stopped");
  expect(await train.figure("loss")).toBeLessThan(0.7);
  expect(await train.figure("train-accuracy")).toBeGreaterThan(0.7);
  expect(await train.figure("images-per-second")).toBeGreaterThan(0);

  const [download] = await Promise.all([page.waitForEvent("download"), train.exported.click()]);
  expect(download.suggestedFilename()).toMatch(/\.onnx$/);
  const file = await readFile(await download.path());
  // 34,826 weights of 4 bytes, and what the file says about them.
  expect(file.byteLength).toBeGreaterThan(4 * 34_826);

  await train.use.click();
  await expect(draw.canvas).toBeVisible();
  await expect(shell.model).toHaveValue(/^own-/);
  await expect(draw.model).toHaveValue(await shell.model.inputValue());
  await draw.drawStrokes(digits["1"] ?? []);
  expect(await draw.answer()).toBe("1");

  await page.reload();
  await draw.waitUntilReady();
  await expect(shell.model, "a trained model survives a reload").toHaveValue(/^own-/);
  await draw.drawStrokes(digits["1"] ?? []);
  expect(await draw.answer()).toBe("1");
});

test("an epoch ends with an accuracy on images that were held out, and the run with a summary", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  await train.open();
  await train.preset.selectOption("mlp");
  await train.set("epochs", 1);
  // Nearly everything is held out: a short epoch, and a long look at the rest.
  await train.set("validation", 0.9);
  await train.start.click();
  await train.reaches("evaluating", 120_000);
  await train.reaches("done", 120_000);
  expect(await train.figure("val-accuracy")).toBeGreaterThan(0.7);
  expect(await train.figure("epoch")).toBe(1);
  await expect(page.getByTestId("train-summary")).toBeVisible();
  await expect(page.getByTestId("nav-train")).toContainText("1/1");
});

test("the pad is answered by the network of the moment, while it learns", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await train.drawOnPad(digits["1"] ?? []);
  await expect(train.padTop).toHaveText("");
  await train.start.click();
  await expect(train.padTop).toHaveAttribute("data-step", /\d+/, { timeout: 60_000 });
  const first = Number(await train.padTop.getAttribute("data-step"));
  await expect.poll(async () => Number(await train.padTop.getAttribute("data-step"))).toBeGreaterThan(first);
  await train.reachesStep(150);
  await expect(train.padTop).toHaveText("1", { timeout: 30_000 });
  await train.stop.click();
});

test("training goes on while another page is shown, and closing the tab asks first", async ({ page }) => {
  const train = new TrainPage(page);
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await train.open();
  await train.start.click();
  await train.reaches("running");
  const before = await train.step();
  await shell.navDraw.click();
  await expect(draw.canvas).toBeVisible();
  await expect(page.getByRole("link", { name: /Training/ })).toBeVisible();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await shell.navTrain.click();
  await train.reachesStep(before + 20);

  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;

  await train.stop.click();
  await train.reaches("stopped");
  const unloaded = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await unloaded;
});

test("a setting that does not fit is pointed at, and nothing is started", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await train.set("epochs", 0);
  await train.start.click();
  await page.waitForTimeout(300);
  await expect(train.status).toHaveAttribute("data-state", "idle");
  await expect(page.getByTestId("train-epochs")).toBeFocused();
});

test("a block's formula is one click away, in both languages", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  const dialog = page.getByTestId("term-dialog");
  await train.layers.nth(1).getByRole("button").click();
  await expect(dialog.getByRole("heading")).toHaveText("Convolution");
  await expect(dialog.locator("math")).toBeVisible();
  await expect(dialog).toContainText("cross-correlation");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await new Shell(page).lang.click();
  await train.layers.nth(1).getByRole("button").click();
  await expect(dialog.getByRole("heading")).toHaveText("卷积");
  await expect(dialog).toContainText("互相关");
});
