import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import initInfer, { LayersView } from "../src/engine/pkg/infer/infer.js";
import { Net } from "../src/pages/layers/net";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { LayersPage } from "./pages/layers-page";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const shipped = at("../public/models/digits.onnx");
/** How closely numbers agree that the page shows and that tract computes here: they are written with six decimals. */
const DECIMALS = 4;

/** What the shipped network makes of one of MNIST's test images, computed without the page. */
async function lookedThrough(index: number): Promise<{ net: Net; run: Float32Array }> {
  await initInfer({ module_or_path: readFileSync(at("../src/engine/pkg/infer/infer_bg.wasm")) });
  const view = new LayersView(readFileSync(shipped));
  const images = gunzipSync(readFileSync(at("../public/data/mnist/test-images.idx.gz"))).subarray(16);
  const run = view.pixels(images.subarray(index * 784, (index + 1) * 784));
  return { net: new Net({ info: view.info(), weights: view.weights() }), run };
}

test("a drawn digit is shown in every layer, and its answer is the Draw page's", async ({ page }) => {
  const draw = new DrawPage(page);
  const look = new LayersPage(page);
  await draw.openReady();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await page.getByTestId("draw-look-inside").click();
  await expect(page.locator("main")).toHaveAttribute("data-route", "layers");
  expect(await look.answer()).toBe("7");
  await expect(look.layers).toHaveCount(19);
  await expect(look.layers.first()).toHaveAttribute("data-shape", "24x24x24");
  await expect(look.layers.last()).toHaveAttribute("data-kind", "softmax");
  for (const layer of await look.layers.all()) {
    await layer.scrollIntoViewIfNeeded();
    await expect.poll(() => look.colours(layer.getByTestId("layers-maps"))).toBeGreaterThan(4);
  }
  await expect(page.getByTestId("layers-filters")).toHaveCount(5);
  for (const filters of await page.getByTestId("layers-filters").all()) {
    await filters.scrollIntoViewIfNeeded();
    await expect.poll(() => look.colours(filters)).toBeGreaterThan(100);
  }
});

test("a cell of a convolution: patch × kernel, summed, with its bias, is what tract computed, and so is its ReLU", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  const { index, label } = await look.showSample();
  expect(label).toBe(gunzipSync(readFileSync(at("../public/data/mnist/test-labels.idx.gz")))[8 + index]);
  const { net, run } = await lookedThrough(index);
  // The second convolution: many channels.
  await look.layers
    .nth(4)
    .getByTestId("layers-maps")
    .click({ position: { x: 70, y: 30 } });
  expect(await look.figure("layer")).toBe(4);
  const cell = (await look.figure("index")) ?? -1;
  const [value, sum, bias] = [await look.figure("value"), await look.figure("sum"), await look.figure("bias")];
  expect((sum ?? 0) + (bias ?? 0)).toBeCloseTo(value ?? Number.NaN, DECIMALS);
  expect(value).toBeCloseTo(net.values(run, 5)[cell] ?? Number.NaN, DECIMALS);
  expect(await look.figure("activated")).toBeCloseTo(net.values(run, 7)[cell] ?? Number.NaN, DECIMALS);
  const rows = look.detail.locator("tr");
  await expect(rows.filter({ hasText: "ReLU" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "19 other channels" })).toHaveCount(1);
  await expect(look.detail.locator(".look-cell")).toHaveCount(2 * 9);
  await expect(look.channel.locator("option")).toHaveCount(24);
  const before = await look.detail.locator(".look-product").textContent();
  await look.channel.selectOption({ index: 7 });
  expect(await look.detail.locator(".look-product").textContent()).not.toBe(before);
  await expect(look.field).toBeVisible();
});

test("a cell of a pooling shows its window and the winner in it", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  const { index } = await look.showSample();
  const { net, run } = await lookedThrough(index);
  await look.maps("maxPool").click({ position: { x: 40, y: 40 } });
  const value = await look.figure("value");
  expect(value).toBeCloseTo(net.values(run, 4)[(await look.figure("index")) ?? -1] ?? Number.NaN, DECIMALS);
  await expect(look.detail.locator(".look-cell")).toHaveCount(4);
  await expect(look.detail.locator('.look-cell[data-winner="true"]')).toHaveCount(1);
});

test("every kind of layer accounts for a cell", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  const { index } = await look.showSample();
  const { net, run } = await lookedThrough(index);
  for (const [i, layer] of (await look.layers.all()).entries()) {
    await layer.getByTestId("layers-maps").click({ position: { x: 30, y: 20 } });
    expect(await look.figure("layer")).toBe(i);
    const value = net.values(run, i + 1)[(await look.figure("index")) ?? -1] ?? Number.NaN;
    expect(await look.figure("value")).toBeCloseTo(value, DECIMALS);
    await expect(look.detail.locator("tr.look-result")).toHaveCount(1);
  }
});

test("the cell under the pointer is shown; a click holds it, and Escape lets it go", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  await look.showSample();
  const maps = look.maps("conv");
  await maps.hover({ position: { x: 20, y: 20 } });
  const first = await look.figure("index");
  await maps.hover({ position: { x: 120, y: 30 } });
  const second = await look.figure("index");
  expect(second).not.toBe(first);
  await maps.click({ position: { x: 120, y: 30 } });
  await maps.hover({ position: { x: 20, y: 20 } });
  expect(await look.figure("index")).toBe(second);
  await page.keyboard.press("Escape");
  await maps.hover({ position: { x: 22, y: 22 } });
  expect(await look.figure("index")).not.toBe(second);
});

test("by keys: the arrows move from cell to cell, Page Down to the next map, and each move is said", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  await look.showSample();
  const maps = look.maps("conv");
  await maps.focus();
  await expect(look.detail).toBeVisible();
  await page.keyboard.press("Home");
  expect(await look.figure("index")).toBe(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  expect(await look.figure("index")).toBe(25);
  await page.keyboard.press("PageDown");
  expect(await look.figure("index")).toBe(25 + 576);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await look.figure("index"), "over the edge, into the map before").toBe(24 + 23);
  await expect(look.layer("conv").getByText(/^map 1, row 2, column 24: /)).toHaveCount(1);
});

test("the maps and a held cell follow the pen", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  const [first = [], second = []] = digits["4"] ?? [];
  await look.draw([first]);
  await look.answer();
  await look.maps("dense").click({ position: { x: 30, y: 10 } });
  const before = await look.figure("value");
  const sequence = Number(await look.top.getAttribute("data-seq"));
  await look.draw([second]);
  await expect.poll(() => look.figure("value")).not.toBe(before);
  expect(await look.answer()).toBe("4");
  expect(Number(await look.top.getAttribute("data-seq"))).toBeGreaterThan(sequence);
  await page.getByTestId("layers-clear").click();
  await expect(look.top).toHaveAttribute("data-state", "blank");
  await expect(look.detail).toHaveCount(0);
});

test("a stroke takes the test image's place, and the drawing can be gone back to", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  await look.draw(digits["7"] ?? []);
  expect(await look.answer()).toBe("7");
  await look.showSample();
  await look.back.click();
  await expect(look.sampleShown).toHaveCount(0);
  expect(await look.answer()).toBe("7");
  await look.showSample();
  await look.draw([[{ x: 0.5, y: 0.1 }]]);
  await expect(look.sampleShown).toHaveCount(0);
});

test("a file that is opened is looked into, and the model select is the session's", async ({ page }) => {
  const look = new LayersPage(page);
  const shell = new Shell(page);
  await look.open();
  await shell.modelInput.setInputFiles({
    name: "mine.onnx",
    mimeType: "application/octet-stream",
    buffer: readFileSync(shipped),
  });
  await expect(look.model).toHaveValue(/^own-/);
  expect(await look.model.inputValue()).toBe(await shell.model.inputValue());
  await look.showSample();
  await expect(look.layers).toHaveCount(19);
  await look.model.selectOption("digits");
  await expect(shell.model).toHaveValue("digits");
});

test("a network in training is looked into, and its filters change while it learns", async ({ page }) => {
  const train = new TrainPage(page);
  const look = new LayersPage(page);
  await train.open();
  await train.start.click();
  await train.reachesStep(5);
  await page.getByTestId("train-look-inside").click();
  await expect(look.model).toHaveValue("training");
  // The classic network: eight layers and the softmax.
  await expect(look.layers).toHaveCount(9);
  const filters = look.filters("conv");
  const picture = () => filters.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await expect.poll(() => look.colours(filters)).toBeGreaterThan(50);
  const before = await picture();
  await expect.poll(picture, { timeout: 30_000 }).not.toBe(before);
  // Sums add up at every moment, though weights and values change each second.
  await look.showSample();
  await look.maps("conv").click({ position: { x: 80, y: 30 } });
  const seen = await look.valuesFor(2500);
  expect(new Set(seen.map(({ value }) => value)).size).toBeGreaterThan(1);
  for (const { value, sum, bias } of seen) expect(sum + bias).toBeCloseTo(value, DECIMALS);
  await look.model.selectOption("digits");
  await expect(look.layers).toHaveCount(19);
});

test("a network of operators that Hearth does not know is refused with a sentence, and still answers", async ({
  page,
}) => {
  const look = new LayersPage(page);
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await look.open();
  await shell.modelInput.setInputFiles({
    name: "foreign.onnx",
    mimeType: "application/octet-stream",
    buffer: readFileSync(at("../../tests/fixtures/pytorch-hardswish.onnx")),
  });
  await expect(look.refusal).toContainText("can be used, but not looked into");
  await expect(look.refusal).toContainText("HardSwish");
  await expect(look.layers).toHaveCount(0);
  await shell.navDraw.click();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toMatch(/^\d$/);
  await page.getByTestId("draw-look-inside").click();
  await expect(look.refusal).toBeVisible();
  await look.model.selectOption("digits");
  await expect(look.layers).toHaveCount(19);
  await expect(look.refusal).toHaveCount(0);
});

test("a file that PyTorch has written is looked into, where all its layers are known", async ({ page }) => {
  const look = new LayersPage(page);
  const shell = new Shell(page);
  await look.open();
  await shell.modelInput.setInputFiles({
    name: "pytorch.onnx",
    mimeType: "application/octet-stream",
    buffer: readFileSync(at("../../tests/fixtures/pytorch-every-layer.onnx")),
  });
  await expect(look.layer("gelu")).toBeVisible();
  await look.showSample();
  for (const [i, layer] of (await look.layers.all()).entries()) {
    await layer.getByTestId("layers-maps").click({ position: { x: 6, y: 6 } });
    expect(await look.figure("layer")).toBe(i);
    await expect(look.detail.locator("tr.look-result")).toHaveCount(1);
  }
});

test("in Chinese everything is said in Chinese", async ({ page }) => {
  const look = new LayersPage(page);
  const shell = new Shell(page);
  await look.open();
  await look.showSample();
  await look.maps("conv").click({ position: { x: 20, y: 20 } });
  await shell.lang.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("逐层看网络");
  await expect(look.detail).toContainText("卷积");
  await expect(look.detail).toContainText("第 1 张图");
  await expect(page.locator(".look-formulas")).toContainText("互相关");
});
