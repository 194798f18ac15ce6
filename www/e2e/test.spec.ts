// A network is tested in the page, on all 10,000 images of the built-in test sets, and what came of it is looked into.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Page, Worker } from "@playwright/test";
import * as ort from "onnxruntime-web";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { TestPage } from "./pages/test-page";
import { expect, test } from "./quiet";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SIZE = 28 * 28;
const IMAGES = 10_000;

/** The test images and labels of a built-in dataset. */
function testSet(dataset: string): { images: Uint8Array; labels: Uint8Array } {
  const idx = (name: string) => gunzipSync(readFileSync(at(`../public/data/${dataset}/${name}.idx.gz`)));
  return { images: idx("test-images").subarray(16), labels: idx("test-labels").subarray(8) };
}

/** What onnxruntime takes each of the images for. */
async function takenFor(model: string, images: Uint8Array): Promise<number[]> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(readFileSync(at(`../public/models/${model}.onnx`)));
  const batch = 250;
  const answers: number[] = [];
  for (let from = 0; from < images.length / SIZE; from += batch) {
    const pixels = images.subarray(from * SIZE, (from + batch) * SIZE);
    const input = Float32Array.from(pixels, (byte) => byte / 255);
    const { logits } = await session.run({ image: new ort.Tensor("float32", input, [batch, 1, 28, 28]) }, ["logits"]);
    const values = logits?.data as Float32Array;
    for (let image = 0; image < batch; image++) {
      const row = values.subarray(image * 10, image * 10 + 10);
      answers.push(row.indexOf(Math.max(...row)));
    }
  }
  return answers;
}

async function downloaded(page: Page, testId: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const { model, dataset, least } of [
  { model: "digits", dataset: "mnist", least: 0.99 },
  { model: "fashion", dataset: "fashion-mnist", least: 0.91 },
]) {
  test(`${model}.onnx on ${dataset}: the same confusion matrix as onnxruntime, to the image`, async ({ page }) => {
    test.setTimeout(240_000);
    const { images, labels } = testSet(dataset);
    const answers = await takenFor(model, images);
    const expected = new Map<string, number>();
    const tester = new TestPage(page);
    await tester.open();
    await tester.model.selectOption(model);
    await tester.dataset.selectOption(dataset);
    await tester.run();
    const names = await tester.rows.evaluateAll((rows) => rows.map((row) => row.dataset.class ?? ""));
    answers.forEach((answer, image) => {
      const cell = `${names[labels[image] ?? -1]}>${names[answer]}`;
      expected.set(cell, (expected.get(cell) ?? 0) + 1);
    });
    expect(Object.fromEntries(await tester.matrix())).toEqual(Object.fromEntries(expected));
    expect(await tester.figure("n")).toBe(IMAGES);
    const right = answers.filter((answer, image) => answer === labels[image]).length;
    expect(await tester.figure("accuracy")).toBeCloseTo(right / IMAGES, 6);
    expect(await tester.figure("accuracy")).toBeGreaterThanOrEqual(least);
  });
}

test("one click tests digits on MNIST, and every figure is where it should be", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await expect(tester.start).toHaveText("Test Digits on MNIST");
  await expect(tester.report).toHaveCount(0);
  await tester.run();
  const matrix = await tester.matrix();
  expect([...matrix.values()].reduce((sum, count) => sum + count, 0)).toBe(IMAGES);
  // The row of 9 by the definitions, from the matrix itself.
  const support = [...matrix].filter(([cell]) => cell.startsWith("9>")).reduce((sum, [, count]) => sum + count, 0);
  const taken = [...matrix].filter(([cell]) => cell.endsWith(">9")).reduce((sum, [, count]) => sum + count, 0);
  const hits = matrix.get("9>9") ?? 0;
  const row = tester.row("9");
  const value = async (name: string) => Number(await row.getAttribute(`data-${name}`));
  expect(await value("support")).toBe(support);
  expect(await value("precision")).toBeCloseTo(hits / taken, 5);
  expect(await value("recall")).toBeCloseTo(hits / support, 5);
  expect(await value("f1")).toBeCloseTo((2 * hits) / (taken + support), 5);
  await expect(page.getByTestId("test-figure-accuracy")).toContainText("95 % interval");
  await expect(page.getByTestId("test-figure-top5")).toBeVisible();
  await expect(page.getByTestId("nav-test")).toContainText("Digits · 99.");
});

test("a cell lists its images, the surest first, and opens each of them large with its bars", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  const { labels } = testSet("mnist");
  // The commonest mistake is shown at first; another is chosen.
  await expect(tester.samples).toBeVisible();
  const cell = tester.cell("2", "7");
  const count = Number(await cell.getAttribute("data-count"));
  await cell.click();
  await expect(tester.samples).toHaveAttribute("data-pred", "7");
  const images = await tester.images(tester.samples);
  expect(images).toHaveLength(count);
  expect(images.map(({ index }) => labels[index])).toEqual(images.map(() => 2));
  expect(images.map(({ p }) => p)).toEqual(images.map(({ p }) => p).sort((a, b) => b - a));

  await tester.samples.getByTestId("test-image").first().click();
  await expect(tester.imageDialog).toBeVisible();
  await expect(tester.imageDialog).toContainText("It is: 2");
  await expect(tester.imageDialog).toContainText("Digits says: 7");
  const bar = tester.imageDialog.locator('[data-testid=test-bar][data-class="7"]');
  // The same net gives the same answer when it is asked again.
  await expect.poll(async () => Number(await bar.getAttribute("data-p"))).toBeCloseTo(images[0]?.p ?? 0, 4);
  await page.keyboard.press("ArrowRight");
  await expect(tester.imageDialog).toHaveAttribute("data-index", String(images[1]?.index));
  await page.keyboard.press("Escape");
  await expect(tester.imageDialog).toBeHidden();

  // Row percents, and the keyboard from cell to cell.
  await page.getByTestId("matrix-rows").check({ force: true });
  // 979 of 980: not all of them.
  await expect(tester.cell("0", "0")).toHaveText(">99");
  await cell.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(tester.samples).not.toHaveAttribute("data-pred", "7");
});

test("the table is sorted by any column, and exported with everything that is known", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  await page.getByTestId("test-sort-f1").click();
  const f1 = () => tester.rows.evaluateAll((rows) => rows.map((row) => Number(row.dataset.f1)));
  const ascending = [...(await f1())].sort((a, b) => a - b);
  expect(await f1()).toEqual(ascending);
  await page.getByTestId("test-sort-f1").click();
  expect(await f1()).toEqual(ascending.reverse());

  const csv = await downloaded(page, "test-export-csv");
  expect(csv.name).toBe("hearth-digits-mnist.csv");
  const lines = csv.bytes.toString().split("\r\n");
  expect(lines).toHaveLength(1 + 10 + 2 + 1);
  const [name, precision] = lines[4]?.split(",") ?? [];
  expect(name).toBe("3");
  expect(Number(precision)).toBeCloseTo(Number(await tester.row("3").getAttribute("data-precision")), 5);

  const json = JSON.parse((await downloaded(page, "test-export-json")).bytes.toString());
  expect(json).toMatchObject({ model: "digits", dataset: "mnist", split: "test", report: { n: IMAGES } });
  expect(json.report.confusion.cells).toHaveLength(await tester.cells.count());
});

test("a network of other classes can be asked, and the page says what to make of it", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.dataset.selectOption("fashion-mnist");
  // The digits net knows nothing of clothes: here it only matters that the page says so, and that it can be asked.
  await expect(page.getByTestId("test-notes")).toContainText("matched by their order");
  await expect(page.getByTestId("test-notes")).toContainText("the last 1,000");
  await tester.run();
  expect(await tester.figure("accuracy")).toBeLessThan(0.3);
  const csv = (await downloaded(page, "test-export-csv")).bytes.toString();
  expect(csv).toContain("\r\nT-shirt/top,");
  expect(csv).toContain("\r\nAnkle boot,");
});

test("what the network is for decides which figure stands out", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  const watched = () =>
    page.locator("[data-watched=true]").evaluateAll((figures) => figures.map((figure) => figure.dataset.testid));
  const choose = (use: string) => page.getByTestId(`test-use-${use}`).check({ force: true });
  const text = page.getByTestId("test-use-text");
  expect(await watched()).toEqual(["test-figure-accuracy"]);
  await choose("shop");
  expect(await watched()).toEqual(["test-figure-precision"]);
  await choose("screening");
  expect(await watched()).toEqual(["test-figure-recall"]);
  await page.getByTestId("test-focus").selectOption("4");
  const support = await tester.row("4").getAttribute("data-support");
  await expect(page.getByTestId("test-focus-figures")).toContainText(`Of ${support} images of 4`);
  await choose("security");
  expect(await watched()).toEqual(["test-figure-precision", "test-figure-recall", "test-figure-f1"]);
  await choose("driving");
  await expect(text).toContainText("not where");

  await choose("costs");
  const total = page.getByTestId("test-cost-total");
  const wrong = Math.round(IMAGES * (1 - (await tester.figure("accuracy"))));
  await expect(total).toHaveAttribute("data-total", String(wrong));
  // The commonest mistake at ten times the cost.
  await page.getByTestId("test-cost-add").click();
  const counts = await tester.matrix();
  const worst = Math.max(...[...counts].filter(([cell]) => cell[0] !== cell[2]).map(([, count]) => count));
  await expect(total).toHaveAttribute("data-total", String(wrong + 9 * worst));
  await page.getByTestId("test-cost-any").fill("0");
  await expect(total).toHaveAttribute("data-per-image", ((10 * worst) / IMAGES).toFixed(6));
});

test("every figure has its formula, worked on this very result, in both languages", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  const open = (figure: string) => page.getByTestId(`test-figure-${figure}`).getByRole("button").first().click();
  await open("accuracy");
  const right = Math.round(IMAGES * (await tester.figure("accuracy"))).toLocaleString("en");
  await expect(tester.termDialog.getByTestId("term-worked")).toContainText(right);
  await page.keyboard.press("Escape");
  await open("f1");
  await expect(tester.termDialog).toContainText("harmonic mean of precision P and recall R");
  await expect(tester.termDialog).toContainText("not of accuracy");
  await expect(tester.termDialog.locator("math")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await new Shell(page).lang.click();
  await open("f1");
  await expect(tester.termDialog).toContainText("精确率 P 与召回率 R 的调和平均");
  await expect(tester.termDialog).toContainText("不是准确率");
});

test("two networks are compared on the same images, and shown where they differ", async ({ page }) => {
  test.setTimeout(180_000);
  const tester = new TestPage(page);
  await tester.open();
  await tester.dataset.selectOption("fashion-mnist");
  await tester.model.selectOption("fashion");
  await tester.run();
  await page.getByTestId("compare-model").selectOption("digits");
  await page.getByTestId("compare-start").click();
  const result = page.getByTestId("compare-result");
  await expect(result).toBeVisible({ timeout: 80_000 });
  const value = async (name: string) => Number(await result.getAttribute(`data-${name}`));
  expect(await value("difference")).toBeGreaterThan(0.6);
  expect(await value("low")).toBeLessThan(await value("difference"));
  expect(await value("high")).toBeGreaterThan(await value("difference"));
  await expect(page.getByTestId("compare-verdict")).toContainText("fashion is better");
  await page.getByTestId("compare-images").getByTestId("test-image").first().click();
  await expect(tester.imageDialog).toContainText("fashion says");
  await expect(tester.imageDialog).toContainText("Digits says");
  await expect(tester.imageDialog.getByTestId("test-bar")).toHaveCount(20);
});

test("images that are opened during a comparison leave it as it is", async ({ page }) => {
  test.setTimeout(240_000);
  const tester = new TestPage(page);
  await tester.open();
  await tester.dataset.selectOption("fashion-mnist");
  await tester.model.selectOption("fashion");
  await tester.run();
  await page.getByTestId("compare-model").selectOption("digits");
  const result = page.getByTestId("compare-result");
  const compare = async () => {
    await page.getByTestId("compare-start").click();
    await expect(page.getByTestId("compare-cancel")).toBeVisible();
  };
  const outcome = async () => {
    await expect(result).toBeVisible({ timeout: 80_000 });
    const names = ["difference", "low", "high", "differing"];
    return Promise.all(names.map((name) => result.getAttribute(`data-${name}`)));
  };
  await compare();
  const undisturbed = await outcome();
  await compare();
  // The worker that is asked about single images, of the first model, is one of those that judge by the second.
  await tester.samples.getByTestId("test-image").first().click();
  for (let i = 0; i < 40; i++) await page.keyboard.press(i % 8 < 4 ? "ArrowRight" : "ArrowLeft");
  await page.keyboard.press("Escape");
  expect(await outcome()).toEqual(undisturbed);
});

test("a network that does not fit the data is refused before anything is fetched, with a way on", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.model.selectOption("lite0");
  const misfit = page.getByTestId("test-misfit");
  await expect(misfit).toContainText("This network tells 1000 classes apart and the data has 10");
  await expect(tester.start).toBeDisabled();
  await page.getByTestId("test-use-digits").click();
  await tester.isDone();
  await expect(misfit).toHaveCount(0);
  expect(await tester.figure("accuracy")).toBeGreaterThan(0.99);
});

test("a network compared with its own copy differs nowhere, and the test says that it cannot tell", async ({
  page,
}) => {
  const tester = new TestPage(page);
  const shell = new Shell(page);
  await tester.open();
  await shell.modelInput.setInputFiles({
    name: "copy.onnx",
    mimeType: "application/octet-stream",
    buffer: await readFile(at("../public/models/digits.onnx")),
  });
  await expect(tester.start).toHaveText("Test copy on MNIST");
  await tester.run();
  await page.getByTestId("compare-model").selectOption("digits");
  await page.getByTestId("compare-start").click();
  await expect(page.getByTestId("compare-result")).toHaveAttribute("data-differing", "0", { timeout: 80_000 });
  await expect(page.getByTestId("compare-verdict")).toContainText("cannot tell");
});

test("the person labels the ten images that the net got most wrong, then sees who was better", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  const { labels } = testSet("mnist");
  await page.getByTestId("beat-start").click();
  const question = page.getByTestId("beat").getByRole("status");
  for (let round = 1; round <= 10; round++) {
    await expect(question).toContainText(`${round} of 10`);
    await expect(page.getByTestId("beat-score")).toHaveCount(0);
    await page
      .getByTestId("beat-choice")
      .nth(round % 2 ? 9 : 4)
      .click();
  }
  const score = page.getByTestId("beat-score");
  const images = await tester.images(score);
  expect(images).toHaveLength(10);
  const mine = images.filter(({ index }, i) => labels[index] === (i % 2 ? 4 : 9)).length;
  await expect(score).toHaveAttribute("data-right", String(mine));
  // All of them are mistakes, and the net was surer of none of the others.
  const wrong = await tester.cells.evaluateAll((cells) =>
    cells
      .filter(({ dataset }) => dataset.true !== dataset.pred)
      .reduce((sum, cell) => sum + Number(cell.dataset.count), 0),
  );
  expect(wrong).toBeGreaterThan(10);
  expect(images.map(({ p }) => p)).toEqual(images.map(({ p }) => p).sort((a, b) => b - a));
});

test("the result card is a PNG with something on it", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.run();
  await page.getByTestId("test-card").click();
  const card = page.getByTestId("test-card-canvas");
  await expect(card).toBeVisible();
  // On the matrix's diagonal every cell is deep in the colour of what is right: far less red than blue.
  const teal = await card.evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width / 2, canvas.height).data ?? [];
    const pixels = Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i + 2] ?? 0) - (data[4 * i] ?? 0));
    return pixels.filter((bluer) => bluer > 40).length;
  });
  const side = 400 / 10;
  expect(teal).toBeGreaterThan(0.7 * 10 * side * side);
  const { name, bytes } = await downloaded(page, "test-card-save");
  expect(name).toBe("hearth-digits-mnist.png");
  expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
});

test("a test can be cancelled at any moment and started again", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await expect(tester.cancel).toBeDisabled();
  await tester.start.click();
  await tester.cancel.click();
  await expect(tester.status).toHaveAttribute("data-state", "idle");
  await tester.start.click();
  await expect
    .poll(async () => Number(await tester.status.getAttribute("data-done")), { timeout: 40_000, intervals: [20] })
    .toBeGreaterThan(0);
  await tester.cancel.click();
  await expect(tester.status).toHaveAttribute("data-state", "idle");
  await expect(tester.report).toHaveCount(0);
  await tester.run();
  expect(await tester.figure("n")).toBe(IMAGES);
});

test("a test goes on while another page is shown, and drawing is answered meanwhile", async ({ page }) => {
  const tester = new TestPage(page);
  const draw = new DrawPage(page);
  await tester.open();
  await tester.start.click();
  await page.getByTestId("nav-draw").click();
  await draw.waitUntilReady();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await page.getByTestId("nav-test").click();
  await tester.isDone();
});

test.describe("a worker that dies", () => {
  test.use({ expected: [/crashed by the test/] });

  const workers = (page: Page) => page.workers().filter((each) => each.url().includes("test.worker"));
  const crash = (worker: Worker | undefined) =>
    worker?.evaluate(() => {
      setTimeout(() => {
        throw new Error("crashed by the test");
      });
    });

  test("among the images is replaced, and the figures are those of all of them", async ({ page }) => {
    const tester = new TestPage(page);
    await tester.open();
    await tester.start.click();
    await expect
      .poll(async () => Number(await tester.status.getAttribute("data-done")), { timeout: 40_000, intervals: [20] })
      .toBeGreaterThan(0);
    await crash(workers(page)[0]);
    await tester.isDone();
    const matrix = await tester.matrix();
    expect([...matrix.values()].reduce((sum, count) => sum + count, 0)).toBe(IMAGES);
    expect(await tester.figure("accuracy")).toBeGreaterThan(0.99);
  });

  test("before there are images ends the test with a sentence, and the next one works", async ({ page }) => {
    const tester = new TestPage(page);
    await tester.open();
    // Held back until the worker that waits for it has gone.
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let asked = false;
    await page.context().route(/test-images/, async (route) => {
      asked = true;
      await held;
      await route.continue().catch(() => {});
    });
    await tester.start.click();
    // The one that waits, and the other: a helper's death alone would rightly end nothing.
    await expect.poll(() => asked).toBe(true);
    // With the first the other may be let go before it is reached.
    await Promise.all(workers(page).map((worker) => crash(worker)?.catch(() => {})));
    await expect(tester.status).toHaveAttribute("data-state", "failed", { timeout: 40_000 });
    await expect(tester.status).toContainText("You can start it again.");
    letGo();
    await tester.run();
    expect(await tester.figure("n")).toBe(IMAGES);
  });
});

test("the training images can be tested too, and the page says what that is worth", async ({ page }) => {
  const tester = new TestPage(page);
  await tester.open();
  await tester.split.selectOption("train");
  await expect(page.getByTestId("test-notes")).toContainText("looks better on them than it is");
  await tester.start.click();
  await expect(tester.status).toHaveAttribute("data-total", "60000", { timeout: 40_000 });
  await expect
    .poll(async () => Number(await tester.status.getAttribute("data-done")), { timeout: 40_000 })
    .toBeGreaterThan(200);
  await tester.cancel.click();
  await expect(tester.status).toHaveAttribute("data-state", "idle");
});
