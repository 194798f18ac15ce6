// A network is tested in the page, on all 10,000 images of the built-in test sets, and what came of it is looked into.
// A test takes seconds: what can be asked of one result is asked of one.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Locator, Page, Worker } from "@playwright/test";
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

/** The page's matrix is onnxruntime's, to the image. */
async function agreesWithOnnxruntime(tester: TestPage, model: string, dataset: string): Promise<void> {
  const { images, labels } = testSet(dataset);
  const answers = await takenFor(model, images);
  const names = await tester.rows.evaluateAll((rows) => rows.map((row) => row.dataset.class ?? ""));
  const expected = new Map<string, number>();
  answers.forEach((answer, image) => {
    const cell = `${names[labels[image] ?? -1]}>${names[answer]}`;
    expected.set(cell, (expected.get(cell) ?? 0) + 1);
  });
  expect(Object.fromEntries(await tester.matrix())).toEqual(Object.fromEntries(expected));
  const right = answers.filter((answer, image) => answer === labels[image]).length;
  expect(await tester.figure("n")).toBe(IMAGES);
  expect(await tester.figure("accuracy")).toBeCloseTo(right / IMAGES, 6);
}

async function downloaded(page: Page, testId: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("one click tests digits on MNIST: figures, images, table, uses, formulas, files, a game and the next step", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const tester = new TestPage(page);
  await tester.open();
  await expect(tester.cancel).toBeDisabled();
  await expect(tester.primary).toHaveAttribute("data-testid", "test-start");
  await expect(tester.report).toHaveCount(0);
  await tester.run();
  await expect(tester.primary).toHaveAttribute("data-testid", "test-next");
  await expect(tester.primary).toBeFocused();
  await agreesWithOnnxruntime(tester, "digits", "mnist");
  expect(await tester.figure("accuracy")).toBeGreaterThanOrEqual(0.99);
  await expect(page.getByTestId("nav-test")).toContainText("99.");
  const matrix = await tester.matrix();
  const wrong = [...matrix].filter(([cell]) => cell[0] !== cell[2]).map(([, count]) => count);

  await test.step("a mistake and a cell list their images, the surest first, and open them large", async () => {
    await lookedAt(page, tester);
  });

  await test.step("the table has the definitions' figures and is sorted by any column", async () => {
    const sum = (side: "startsWith" | "endsWith", end: string) =>
      [...matrix].filter(([cell]) => cell[side](end)).reduce((all, [, count]) => all + count, 0);
    const [support, taken, hits] = [sum("startsWith", "9>"), sum("endsWith", ">9"), matrix.get("9>9") ?? 0];
    const value = async (name: string) => Number(await tester.row("9").getAttribute(`data-${name}`));
    expect(await value("support")).toBe(support);
    expect(await value("precision")).toBeCloseTo(hits / taken, 5);
    expect(await value("recall")).toBeCloseTo(hits / support, 5);
    expect(await value("f1")).toBeCloseTo((2 * hits) / (taken + support), 5);
    const f1 = () => tester.rows.evaluateAll((rows) => rows.map((row) => Number(row.dataset.f1)));
    await page.getByTestId("test-sort-f1").click();
    const ascending = [...(await f1())].sort((a, b) => a - b);
    expect(await f1()).toEqual(ascending);
    await page.getByTestId("test-sort-f1").click();
    expect(await f1()).toEqual(ascending.reverse());
  });

  await test.step("the use decides which figure stands out, and a cost that is removed comes back", async () => {
    const total = page.getByTestId("test-cost-total");
    await tester.choose("screening");
    await expect(page.locator("[data-watched=true]")).toHaveAttribute("data-testid", "test-figure-recall");
    await page.getByTestId("test-focus").selectOption("4");
    const support = Number(await tester.row("4").getAttribute("data-support")).toLocaleString("en");
    await expect(page.getByTestId("test-focus-figures")).toContainText(`Of ${support} fours`);
    await tester.choose("costs");
    const count = wrong.reduce((all, each) => all + each, 0);
    await expect(total).toHaveAttribute("data-total", String(count));
    // The most frequent mistake at ten times the cost.
    await page.getByTestId("test-cost-add").click();
    await expect(total).toHaveAttribute("data-total", String(count + 9 * Math.max(...wrong)));
    await page.getByRole("button", { name: "Remove this cost" }).click();
    await expect(total).toHaveAttribute("data-total", String(count));
    await page.getByTestId("toast-undo").click();
    await expect(total).toHaveAttribute("data-total", String(count + 9 * Math.max(...wrong)));
  });

  await test.step("every figure has its formula, worked on this very result", async () => {
    await page.getByTestId("test-figure-accuracy").getByRole("button").first().click();
    const right = Math.round(IMAGES * (await tester.figure("accuracy"))).toLocaleString("en");
    await expect(tester.termDialog.getByTestId("term-worked")).toContainText(right);
    await page.keyboard.press("Escape");
  });

  await test.step("it is exported with everything that is known, and as a card", async () => {
    await exported(page, tester);
  });

  await test.step("the person plays by keys against the net, on its ten worst mistakes", async () => {
    await played(page, tester);
  });

  await tester.primary.click();
  await expect(new DrawPage(page).canvas).toBeVisible();
});

async function lookedAt(page: Page, tester: TestPage): Promise<void> {
  const { labels } = testSet("mnist");
  const mistakes = page.getByTestId("test-mistake");
  const counts = await mistakes.evaluateAll((rows) => rows.map((row) => Number(row.dataset.count)));
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  await expect(tester.samples.getByRole("heading")).toHaveText((await mistakes.first().textContent()) ?? "");
  const cell = tester.cell("2", "7");
  const count = Number(await cell.getAttribute("data-count"));
  await cell.click();
  await expect(tester.samples).toHaveAttribute("data-pred", "7");
  const images = await tester.images(tester.samples);
  expect(images).toHaveLength(count);
  expect(images.map(({ index }) => labels[index])).toEqual(images.map(() => 2));
  expect(images.map(({ p }) => p)).toEqual(images.map(({ p }) => p).sort((a, b) => b - a));
  const first = tester.samples.getByTestId("test-image").first();
  await expect(first).toContainText("True: 2");
  await expect(first).toContainText("Net: 7");
  expect((await first.locator("canvas").boundingBox())?.width).toBeGreaterThanOrEqual(96);

  await first.click();
  await expect(tester.imageDialog).toContainText("It is: 2");
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
}

async function exported(page: Page, tester: TestPage): Promise<void> {
  const csv = await downloaded(page, "test-export-csv");
  expect(csv.name).toBe("hearth-digits-mnist.csv");
  const lines = csv.bytes.toString().split("\r\n");
  expect(lines).toHaveLength(1 + 10 + 2 + 1);
  const [name, precision] = lines[4]?.split(",") ?? [];
  expect(name).toBe("3");
  expect(Number(precision)).toBeCloseTo(Number(await tester.row("3").getAttribute("data-precision")), 5);
  const json = JSON.parse((await downloaded(page, "test-export-json")).bytes.toString());
  expect(json).toMatchObject({ dataset: "mnist", split: "test", report: { n: IMAGES } });
  expect(json.report.confusion.cells).toHaveLength(await tester.cells.count());

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
  const png = await downloaded(page, "test-card-save");
  expect(png.name).toBe("hearth-digits-mnist.png");
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  await page.keyboard.press("Escape");
}

async function played(page: Page, tester: TestPage): Promise<void> {
  const { labels } = testSet("mnist");
  await page.getByTestId("beat-start").click();
  const question = page.getByTestId("beat").getByRole("status");
  await expect(question).toContainText("1 of 10");
  await page.keyboard.press("3");
  await expect(question).toContainText("2 of 10");
  await page.keyboard.press("Backspace");
  for (let round = 1; round <= 10; round++) {
    await expect(question).toContainText(`${round} of 10`);
    await page.keyboard.press(round % 2 ? "9" : "4");
  }
  const score = page.getByTestId("beat-score");
  const images = await tester.images(score);
  expect(images).toHaveLength(10);
  const mine = images.filter(({ index }, i) => labels[index] === (i % 2 ? 4 : 9)).length;
  await expect(score).toHaveAttribute("data-right", String(mine));
  await expect(score).toHaveAttribute("data-network", "0");
  await expect(score).toContainText("chosen because the network fails on them");
  // The net was surer of none of the others.
  expect(images.map(({ p }) => p)).toEqual(images.map(({ p }) => p).sort((a, b) => b - a));
}

test("fashion on Fashion-MNIST, against digits: images that are opened meanwhile change nothing, and a result keeps to its choice", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const tester = new TestPage(page);
  await tester.open();
  await tester.dataset.selectOption("fashion-mnist");
  // The digits net knows nothing of clothes: here it only matters that the page says so.
  await expect(page.getByTestId("test-notes")).toContainText("matched by their order");
  await expect(page.getByTestId("test-notes")).toContainText("the last 1,000");
  await tester.model.selectOption("fashion");
  await tester.run();
  await agreesWithOnnxruntime(tester, "fashion", "fashion-mnist");
  expect(await tester.figure("accuracy")).toBeGreaterThanOrEqual(0.91);
  expect((await downloaded(page, "test-export-csv")).bytes.toString()).toContain("\r\nAnkle boot,");

  const other = page.getByTestId("compare-model");
  // Those for photos cannot be asked about these images.
  expect(await other.locator("option").evaluateAll((all) => all.map((each) => each.getAttribute("value")))).toEqual([
    "digits",
  ]);
  await page.getByTestId("compare-start").click();
  await expect(page.getByTestId("compare-cancel")).toBeVisible();
  // The worker that is asked about single images, of the first model, is one of those that judge by the second.
  await tester.samples.getByTestId("test-image").first().click();
  for (let i = 0; i < 40; i++) await page.keyboard.press(i % 8 < 4 ? "ArrowRight" : "ArrowLeft");
  await page.keyboard.press("Escape");
  const outcome = page.getByTestId("compare-result");
  await expect(outcome).toBeVisible({ timeout: 300_000 });
  const value = async (name: string) => Number(await outcome.getAttribute(`data-${name}`));
  const clothes = await tester.figure("accuracy");
  const difference = await value("difference");
  expect(await value("low")).toBeLessThan(difference);
  expect(await value("high")).toBeGreaterThan(difference);
  await page.getByTestId("compare-images").getByTestId("test-image").first().click();
  await expect(tester.imageDialog.getByTestId("test-bar")).toHaveCount(20);
  await page.keyboard.press("Escape");

  // The same network by itself has what the comparison has found of it.
  await tester.model.selectOption("digits");
  await expect(tester.report).toHaveCount(0);
  await tester.run();
  expect(clothes - (await tester.figure("accuracy"))).toBeCloseTo(difference, 5);
});

test("what does not fit is refused before anything is fetched, readably, with a way on; any test can be cancelled", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const tester = new TestPage(page);
  await tester.open();
  await tester.model.selectOption("lite0");
  const misfit = page.getByTestId("test-misfit");
  await expect(misfit).toContainText("1000 classes");
  await expect(tester.start).toBeDisabled();
  await tester.start.hover({ force: true });
  expect(await contrast(tester.start)).toBeGreaterThan(4.5);
  await expect(tester.primary).toHaveAttribute("data-testid", "test-use-digits");
  await tester.primary.click();
  await tester.hasBegun();
  await tester.cancel.click();
  await expect(tester.status).toHaveAttribute("data-state", "idle");
  await expect(tester.report).toHaveCount(0);

  await tester.split.selectOption("train");
  await expect(page.getByTestId("test-notes")).toContainText("looks better on them than it is");
  await tester.start.click();
  await expect(tester.status).toHaveAttribute("data-total", "60000", { timeout: 300_000 });
  await tester.hasBegun();
  await tester.cancel.click();
  await expect(tester.status).toHaveAttribute("data-state", "idle");
});

/** Of a control's text with what it stands on (WCAG 2, 1.4.3). */
async function contrast(control: Locator): Promise<number> {
  const [text = 0, ground = 0] = await control.evaluate((element) => {
    const { color, backgroundColor } = getComputedStyle(element);
    return [color, backgroundColor].map((each) => {
      const [r = 0, g = 0, b = 0] = (each.match(/[\d.]+/g) ?? []).slice(0, 3).map((value) => {
        const share = Number(value) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
  });
  return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
}

test("a test goes on while another page is shown and drawing is answered, and a network differs nowhere from its copy", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const tester = new TestPage(page);
  const draw = new DrawPage(page);
  await tester.open();
  await new Shell(page).modelInput.setInputFiles({
    name: "copy.onnx",
    mimeType: "application/octet-stream",
    buffer: await readFile(at("../public/models/digits.onnx")),
  });
  await expect(tester.start).toHaveText("Test copy on MNIST");
  await tester.start.click();
  await page.getByTestId("nav-draw").click();
  await draw.waitUntilReady();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await page.getByTestId("nav-test").click();
  await tester.isDone();
  await page.getByTestId("compare-model").selectOption("digits");
  await page.getByTestId("compare-start").click();
  await expect(page.getByTestId("compare-result")).toHaveAttribute("data-differing", "0", { timeout: 300_000 });
  await expect(page.getByTestId("compare-verdict")).toContainText("cannot tell");
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

  test("before there are images ends the test with a sentence; among the images it is replaced, and all are counted", async ({
    page,
  }) => {
    test.setTimeout(600_000);
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
    await expect(tester.status).toHaveAttribute("data-state", "failed", { timeout: 300_000 });
    await expect(tester.status).toContainText("You can start it again.");
    letGo();

    await tester.start.click();
    await tester.hasBegun();
    await crash(workers(page)[0]);
    await tester.isDone();
    const matrix = await tester.matrix();
    expect([...matrix.values()].reduce((sum, count) => sum + count, 0)).toBe(IMAGES);
    expect(await tester.figure("accuracy")).toBeGreaterThan(0.99);
  });
});
