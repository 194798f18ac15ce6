import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import initInfer, { LayersView } from "../src/engine/pkg/infer/infer.js";
import { Net, Run } from "../src/pages/layers/net";
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
async function lookedThrough(index: number): Promise<{ net: Net; run: Run }> {
  await initInfer({ module_or_path: readFileSync(at("../src/engine/pkg/infer/infer_bg.wasm")) });
  const view = new LayersView(readFileSync(shipped));
  const images = gunzipSync(readFileSync(at("../public/data/mnist/test-images.idx.gz"))).subarray(16);
  view.pixels(images.subarray(index * 784, (index + 1) * 784));
  const net = new Net(view.info(), view.weights());
  const all = net.stages.map((_, i) => i);
  return { net, run: new Run(view.overview(), net.cut(all, view.values(Uint32Array.from(all)))) };
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
  await look.layers.first().focus();
  let filters = 0;
  for (const [i, layer] of (await look.layers.all()).entries()) {
    if (i > 0) await page.keyboard.press("ArrowRight");
    await expect(layer, "the arrow keys go from layer to layer").toBeFocused();
    await expect(look.stage).toHaveAttribute("data-index", String(i));
    await expect.poll(() => look.colours(layer.locator("canvas"))).toBeGreaterThan(1);
    await expect.poll(() => look.colours(look.maps)).toBeGreaterThan(2);
    filters += await look.filters.count();
  }
  expect(filters).toBe(5);
});

for (const { width, height, screens } of [
  { width: 1440, height: 900, screens: 1.6 },
  { width: 360, height: 780, screens: 2 },
  { width: 320, height: 640, screens: 2.5 },
]) {
  test(`at ${width} pixels the page has ${screens} screens, whichever layer is shown, and the overview stays in view`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const look = new LayersPage(page);
    await look.open();
    await look.showSample();
    for (let at = 0; at < 19; at++) {
      await look.show(at);
      const size = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { scrollWidth, scrollHeight };
      });
      expect(size.scrollWidth, `layer ${at}`).toBeLessThanOrEqual(width);
      expect(size.scrollHeight / height, `layer ${at}`).toBeLessThanOrEqual(screens);
    }
    await page.mouse.wheel(0, 400);
    await expect(look.layers.last()).toBeInViewport();
  });
}

test("a cell of a convolution: patch × kernel, summed, with its bias, is what tract computed, and so is its ReLU", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  const { index, label } = await look.showSample();
  expect(label).toBe(gunzipSync(readFileSync(at("../public/data/mnist/test-labels.idx.gz")))[8 + index]);
  const { net, run } = await lookedThrough(index);
  // The second convolution: many channels.
  await look.show(4);
  await look.maps.click({ position: { x: 70, y: 30 } });
  expect(await look.figure("layer")).toBe(4);
  const cell = (await look.figure("index")) ?? -1;
  const [value, sum, bias] = [await look.figure("value"), await look.figure("sum"), await look.figure("bias")];
  expect((sum ?? 0) + (bias ?? 0)).toBeCloseTo(value ?? Number.NaN, DECIMALS);
  expect(value).toBeCloseTo(run.values(5)[cell] ?? Number.NaN, DECIMALS);
  expect(await look.figure("activated")).toBeCloseTo(run.values(7)[cell] ?? Number.NaN, DECIMALS);
  const rows = look.detail.locator("tr");
  await expect(rows.filter({ hasText: "19 other channels" })).toHaveCount(1);
  const grids = look.detail.getByTestId("layers-numbers");
  await expect(grids.locator(".look-cell"), "patch, kernel and products").toHaveCount(3 * 9);
  const sizes = await grids.evaluateAll((all) => all.map((grid) => `${grid.clientWidth}x${grid.clientHeight}`));
  expect(new Set(sizes).size, "all of one size").toBe(1);
  await expect(look.channel.locator("option")).toHaveCount(24);
  const before = await grids.first().textContent();
  await look.channel.selectOption({ index: 7 });
  expect(await grids.first().textContent()).not.toBe(before);
  await expect(look.field).toBeVisible();
  await rows.getByRole("button", { name: /ReLU/ }).click();
  await expect(look.stage).toHaveAttribute("data-index", "6");
  expect(await look.figure("value")).toBeCloseTo(run.values(net.before(8))[cell] ?? Number.NaN, DECIMALS);
});

test("every kind of layer accounts for a cell, in numbers that a person reads", async ({ page }) => {
  const look = new LayersPage(page);
  await look.open();
  const { index } = await look.showSample();
  const { run } = await lookedThrough(index);
  for (let i = 0; i < 19; i++) {
    await look.show(i);
    await look.maps.click({ position: { x: 30, y: 20 } });
    expect(await look.figure("layer")).toBe(i);
    const value = run.values(i + 1)[(await look.figure("index")) ?? -1] ?? Number.NaN;
    expect(await look.figure("value")).toBeCloseTo(value, DECIMALS);
    await expect(look.detail.locator("tr.look-result")).toHaveCount(1);
    expect(await page.locator("main").textContent()).not.toMatch(/\de[+−-]?\d/);
    if ((await look.layers.nth(i).getAttribute("data-kind")) !== "maxPool") continue;
    await expect(look.detail.locator('.look-cell[data-winner="true"]')).toHaveCount(1);
  }
});

test("the cell under the pointer is shown; a click holds it, Escape lets it go, and keys move it and are told", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  await look.showSample();
  await look.maps.hover({ position: { x: 20, y: 20 } });
  const first = await look.figure("index");
  await look.maps.hover({ position: { x: 120, y: 30 } });
  const second = await look.figure("index");
  expect(second).not.toBe(first);
  await look.maps.click({ position: { x: 120, y: 30 } });
  await look.maps.hover({ position: { x: 20, y: 20 } });
  expect(await look.figure("index")).toBe(second);
  await page.keyboard.press("Escape");
  await look.maps.hover({ position: { x: 22, y: 22 } });
  expect(await look.figure("index")).not.toBe(second);
  await look.maps.focus();
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
  await expect(look.stage.getByText(/^map 1, row 2, column 24: /)).toHaveCount(1);
});

test("the maps and a held cell follow the pen; a stroke takes a test image's place, and the drawing can be gone back to", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  const [first = [], second = []] = digits["4"] ?? [];
  await look.draw([first]);
  await look.answer();
  await look.show("dense");
  await look.maps.click({ position: { x: 30, y: 10 } });
  const before = await look.figure("value");
  const sequence = Number(await look.top.getAttribute("data-seq"));
  await look.draw([second]);
  await expect.poll(() => look.figure("value")).not.toBe(before);
  expect(await look.answer()).toBe("4");
  expect(Number(await look.top.getAttribute("data-seq"))).toBeGreaterThan(sequence);
  await look.showSample();
  await look.back.click();
  await expect(look.sampleShown).toHaveCount(0);
  expect(await look.answer()).toBe("4");
  await look.showSample();
  await look.draw([[{ x: 0.5, y: 0.6 }]]);
  await expect(look.sampleShown).toHaveCount(0);
  await page.getByTestId("layers-clear").click();
  await expect(look.top).toHaveAttribute("data-state", "blank");
  await expect(look.detail).toHaveCount(0);
});

test("files from elsewhere are looked into, whatever their operators, and the model select is the session's", async ({
  page,
}) => {
  const look = new LayersPage(page);
  const shell = new Shell(page);
  await look.open();
  await look.showSample();
  for (const [name, count, known] of [
    ["pytorch-every-layer", 16, "gelu"],
    ["pytorch-hardswish", 4, "conv"],
  ] as const) {
    await shell.modelInput.setInputFiles({
      name: `${name}.onnx`,
      mimeType: "application/octet-stream",
      buffer: readFileSync(at(`../../tests/fixtures/${name}.onnx`)),
    });
    await expect(look.layer(known)).toBeVisible();
    await expect(look.layers).toHaveCount(count);
    await expect(shell.model).toContainText(name);
    expect(await look.answer()).toMatch(/^\d$/);
    for (const i of [...Array(count).keys()]) {
      await look.show(i);
      await look.maps.click({ position: { x: 6, y: 6 } });
      expect(await look.figure("layer")).toBe(i);
      await expect(look.detail.locator("tr.look-result")).toHaveCount(1);
    }
  }
  await look.show("HardSwish");
  await look.maps.click({ position: { x: 6, y: 6 } });
  await expect(look.detail).toContainText("does not work it out number by number");
  await look.model.selectOption("digits");
  await expect(look.layers).toHaveCount(19);
});

test("a network for photos shows what it makes of one: its branches, and what a cell of any of them came of", async ({
  page,
}) => {
  const look = new LayersPage(page);
  await look.open();
  await look.model.selectOption("lite0");
  await expect(look.layers, "49 convolutions, 33 ReLU6, 9 sums, and the head").toHaveCount(95);
  await expect(look.top).toHaveText(/cat/);
  await look.photos.and(page.locator('[data-name="coffee"]')).click();
  await expect(look.top).toHaveText(/espresso/);
  // The stem: three channels of a patch that is padded behind alone.
  await look.maps.click({ position: { x: 60, y: 60 } });
  const [value, sum, bias] = [await look.figure("value"), await look.figure("sum"), await look.figure("bias")];
  expect((sum ?? 0) + (bias ?? 0)).toBeCloseTo(value ?? Number.NaN, 3);
  expect(await look.figure("activated")).toBeCloseTo(Math.min(Math.max(value ?? 0, 0), 6), DECIMALS);
  await look.show("Add");
  await expect.poll(() => look.colours(look.maps)).toBeGreaterThan(100);
  await look.maps.click({ position: { x: 30, y: 30 } });
  await expect(look.detail.locator("tr")).toHaveCount(3);
  await look.stage.getByTestId("layers-input").last().click();
  await expect(look.stage).toHaveAttribute("data-index", "9");
  await expect.poll(() => look.colours(look.maps)).toBeGreaterThan(100);
  await look.show("depthwise");
  await expect(look.filters).toBeVisible();
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
  const { filters } = look;
  const picture = () => filters.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await expect.poll(() => look.colours(filters)).toBeGreaterThan(50);
  const before = await picture();
  await expect.poll(picture, { timeout: 30_000 }).not.toBe(before);
  // Sums add up at every moment, though weights and values change each second.
  await look.showSample();
  await look.maps.click({ position: { x: 80, y: 30 } });
  const seen = await look.valuesFor(2500);
  expect(new Set(seen.map(({ value }) => value)).size).toBeGreaterThan(1);
  for (const { value, sum, bias } of seen) expect(sum + bias).toBeCloseTo(value, DECIMALS);
  await look.model.selectOption("digits");
  await expect(look.layers).toHaveCount(19);
});

test("in Chinese everything is said in Chinese", async ({ page }) => {
  const look = new LayersPage(page);
  const shell = new Shell(page);
  await look.open();
  await look.showSample();
  await look.maps.click({ position: { x: 20, y: 20 } });
  await shell.lang.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("逐层看网络");
  await expect(look.detail).toContainText("卷积");
  await expect(look.detail).toContainText("第 1 张图");
  await expect(page.locator(".look-formulas")).toContainText("互相关");
});
