// A training outlives its tab, its worker and its machine: what was learned is never lost, and how it was learned
// neither.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import initInfer, { Classifier } from "../src/engine/pkg/infer/infer.js";
import initTrain, { type ModelSpec, presets, Training, TrainingData } from "../src/engine/pkg/train/train.js";
import { digits } from "./digits";
import { lastKept } from "./kept-run";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const idx = (name: string) => gunzipSync(readFileSync(at(`../public/data/mnist/${name}.idx.gz`)));
const fixture = (name: string) => readFileSync(at(`../../tests/fixtures/${name}.onnx`));

/** Half of MNIST in batches of 250. */
const STEPS = 120;
/** And in batches so small that a quick machine is still in its first epoch when it is interrupted. */
const SMALL = { batch: 20, steps: 1500 };

/** A small network that is trained in seconds, set by hand in the editor. */
async function build(train: TrainPage): Promise<ModelSpec> {
  await train.edit();
  await train.row(0).set("filters", 6);
  await train.row(0).set("stride", 2);
  // The second convolution, its activation and its pooling go.
  for (let i = 0; i < 3; i++) await train.row(3).remove.click();
  await train.add("dropout", 4);
  expect(await train.kinds()).toEqual(["conv", "relu", "maxPool", "flatten", "dropout", "dense"]);
  const spec = await train.copyJson();
  await train.set("batch", 250);
  await train.set("validation", 0.5);
  return spec;
}

/** Leaves without being asked to stay. */
function acceptLeaving(page: Page): void {
  page.on("dialog", (dialog) => void dialog.accept());
}

async function download(page: Page, button: ReturnType<Page["getByTestId"]>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFileSync(await file.path());
}

/** The same run without any interruption, by the packages themselves. */
async function uninterrupted(spec: ModelSpec, batchSize: number): Promise<Uint8Array> {
  await initTrain({ module_or_path: readFileSync(at("../src/engine/pkg/train/train_bg.wasm")) });
  const recipe = presets()[0]?.recipe;
  if (!recipe) throw new Error("the presets are there");
  const [images, labels] = [idx("train-images"), idx("train-labels")];
  const data = TrainingData.fromIdx("mnist", [..."0123456789"], images, labels, idx("test-images"), idx("test-labels"));
  const training = new Training(data, spec, { ...recipe, batchSize, validationShare: 0.5, epochs: 1 });
  for (let last = ""; last !== "done"; ) last = (await training.advance(100)).at(-1)?.kind ?? "done";
  const file = await training.onnx();
  training.free();
  return file;
}

test("built in the editor, interrupted by a reload in its first epoch, resumed: the network is that of a training without a break", async ({
  page,
}) => {
  test.setTimeout(300_000);
  acceptLeaving(page);
  // It is written down every few seconds: on a clock that hurries, several times in an epoch.
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    performance.now = () => 50 * now();
  });
  const train = new TrainPage(page);
  const left = page.getByTestId("run-left");
  const spec = await build(train);
  await train.set("batch", SMALL.batch);
  await train.set("epochs", 1);
  await train.start.click();
  // Asked often: a quick machine has the whole epoch done in a few seconds.
  const written = async () => (await lastKept(page)).step;
  await expect.poll(written, { timeout: 90_000, intervals: [50] }).toBeGreaterThan(0);
  await page.reload();

  await expect(left).toHaveAttribute("data-state", "running");
  await expect(left).toHaveAttribute("data-epoch", "0");
  const kept = Number(await left.getAttribute("data-step"));
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(SMALL.steps);
  await page.getByTestId("run-resume").click();
  await train.reachesStep(kept);
  await train.reaches("done", 180_000);
  await expect(left).toBeHidden();
  expect(await train.figure("epoch")).toBe(1);
  expect(await train.figure("val-accuracy")).toBeGreaterThan(0.8);

  const file = await download(page, train.exported);
  const whole = await uninterrupted(spec, SMALL.batch);
  await initInfer({ module_or_path: readFileSync(at("../src/engine/pkg/infer/infer_bg.wasm")) });
  const images = idx("test-images").subarray(16, 16 + 50 * 784);
  const [resumed, straight] = [new Classifier(file), new Classifier(whole)].map((net) => net.predictPixels(images, 50));
  const apart = resumed?.map((p, i) => Math.abs(p - (straight?.[i] ?? Number.NaN))) ?? [Number.NaN];
  expect(Math.max(...apart)).toBeLessThan(1e-6);

  // The file with its training's state goes to another machine: here, a browser that knows nothing.
  const withState = await download(page, page.getByTestId("train-export-state"));
  expect(withState.byteLength).toBeGreaterThan(2 * file.byteLength);
  const elsewhere = await page.context().browser()?.newContext({ locale: "en-GB" });
  const other = await elsewhere?.newPage();
  if (!other) throw new Error("another browser");
  const otherTrain = new TrainPage(other);
  await otherTrain.open(test.info().project.use.baseURL);
  const shell = new Shell(other);
  const begin = other.getByTestId("train-begin");
  await shell.modelInput.setInputFiles({ name: "mine.onnx", mimeType: "application/octet-stream", buffer: withState });
  await expect(shell.model).toHaveValue(/^own-/);
  await otherTrain.more.click();
  await expect(begin.locator("option")).toHaveText(["New weights", /The weights of mine/, /The training of mine/]);
  await begin.selectOption("training");
  await expect(otherTrain.layers).toHaveCount(spec.layers.length + 2);
  await expect(otherTrain.editButton, "the layers are the file's").toBeDisabled();
  await otherTrain.set("epochs", 2);
  await otherTrain.start.click();
  await otherTrain.reaches("done", 90_000);
  expect(await otherTrain.figure("epoch")).toBe(2);
  expect(await otherTrain.step(), "the first epoch was behind it").toBe(2 * SMALL.steps);
  await elsewhere?.close();
});

test("a training whose worker crashed goes on from its last epoch", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const shell = new Shell(page);
  await build(train);
  // More than it can be through with before it is silenced.
  await train.set("epochs", 1000);
  await train.start.click();
  await train.reachesStep(STEPS + 10, 90_000);
  await shell.silence("train");
  await train.reaches("failed", 60_000);
  const kept = Number(await page.getByTestId("run-left").getAttribute("data-step"));
  expect(kept).toBeGreaterThanOrEqual(STEPS);
  await page.getByTestId("run-resume").click();
  await train.reaches("running", 90_000);
  expect(await train.step(), "it has not begun again").toBeGreaterThanOrEqual(kept);
  await train.reachesStep(kept + STEPS, 90_000);
  await train.stop.click();
});

test("a training that has stopped or is done can be trained on", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const on = page.getByTestId("train-on");
  await build(train);
  await train.set("epochs", 2);
  await train.start.click();
  await train.reachesStep(20);
  await train.stop.click();
  await train.reaches("stopped");
  const stopped = await train.step();
  await on.click();
  await train.reaches("running");
  expect(await train.step(), "it has not begun again").toBeGreaterThanOrEqual(stopped);
  await train.reaches("done", 90_000);
  expect(await train.step()).toBe(2 * STEPS);
  await page.getByTestId("train-on-epochs").fill("1");
  await on.click();
  // It is done until the new training begins.
  await train.reachesStep(3 * STEPS, 90_000);
  await train.reaches("done", 90_000);
  expect(await train.figure("epoch")).toBe(3);
});

test("a run that was left can be used, or let go", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const draw = new DrawPage(page);
  const left = page.getByTestId("run-left");
  await build(train);
  await train.set("epochs", 1);
  await train.start.click();
  await train.reaches("done", 90_000);
  await page.reload();
  await expect(left).toHaveAttribute("data-state", "done");
  await page.getByTestId("run-use").click();
  await draw.drawStrokes(digits["1"] ?? []);
  expect(await draw.answer()).toBe("1");
  await new Shell(page).navTrain.click();
  await page.getByTestId("run-discard").click();
  await expect(left).toBeHidden();
  await page.reload();
  await expect(train.start).toBeVisible();
  await expect(left).toBeHidden();
});

test("a new training does not take the place of the one before, and either can be gone on with", async ({ page }) => {
  test.setTimeout(180_000);
  acceptLeaving(page);
  const train = new TrainPage(page);
  const [left, before] = [page.getByTestId("run-left"), page.getByTestId("run-left-before")];
  await build(train);
  await train.set("epochs", 1);
  await train.start.click();
  await train.reaches("done", 90_000);
  await train.set("epochs", 1000);
  await train.start.click();
  await train.reachesStep(10);
  await train.stop.click();
  await train.reaches("stopped");
  await expect.poll(async () => (await lastKept(page)).state, "it is written down").toBe("stopped");
  await page.reload();
  await expect(left).toHaveAttribute("data-state", "stopped");
  await expect(before).toHaveAttribute("data-state", "done");
  await page.getByTestId("run-before-resume").click();
  await train.reaches("done", 90_000);
  expect(await train.step(), "its first epoch was behind it").toBe(2 * STEPS);
  await expect.poll(async () => (await lastKept(page)).state).toBe("done");
  await page.reload();
  await expect(left).toHaveAttribute("data-epochs", "2");
  await expect(before).toHaveAttribute("data-state", "stopped");
  await page.getByTestId("run-discard").click();
  await expect(left).toHaveAttribute("data-state", "stopped");
  await expect(before).toHaveCount(0);
});

test("a training in another tab is that tab's", async ({ page, context }) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await build(train);
  await train.set("epochs", 1000);
  await train.start.click();
  await train.reachesStep(STEPS + 10, 90_000);
  const other = await context.newPage();
  await new TrainPage(other).open();
  await expect(other.getByTestId("run-elsewhere")).toBeVisible();
  await expect(other.getByTestId("run-left")).toHaveCount(0);
  await other.close();
  await train.stop.click();
});

test("a network that is taken when its epoch has ended knows that epoch, whatever was looked at before", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await build(train);
  await train.set("epochs", 1);
  await train.start.click();
  // The pad takes the network every second, also while the epoch is being validated.
  await train.reachesStep(1);
  await train.drawOnPad(digits["7"] ?? []);
  await train.reaches("done", 90_000);
  const file = await download(page, train.exported);
  expect(file.includes('"valAccuracy"')).toBe(true);
});

test("where the browser has no room left the training goes on, and the page says that it is not kept", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...args: Parameters<typeof put>) {
      if (this.name === "runs") throw new DOMException("The disk is full.", "QuotaExceededError");
      return put.apply(this, args);
    };
  });
  const train = new TrainPage(page);
  const shell = new Shell(page);
  await build(train);
  await train.set("epochs", 2);
  await train.start.click();
  await expect(shell.toast.filter({ hasText: "cannot be stored" })).toHaveCount(1, { timeout: 90_000 });
  await train.reaches("done", 90_000);
  await expect(shell.toast.filter({ hasText: "cannot be stored" }), "said once").toHaveCount(1);
});

test("a network of PyTorch's is trained on; one with an operator that is no layer can only be used, and says why", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  const shell = new Shell(page);
  const begin = page.getByTestId("train-begin");
  await train.open();
  await train.more.click();
  const open = (name: string) =>
    shell.modelInput.setInputFiles({
      name: `${name}.onnx`,
      mimeType: "application/octet-stream",
      buffer: fixture(name),
    });
  await open("pytorch-hardswish");
  await expect(page.locator("#train-begin-hint")).toContainText("HardSwish");
  await expect(begin.locator("option")).toHaveCount(1);
  await open("pytorch-every-layer");
  await begin.selectOption("weights");
  await expect(train.layers, "16 layers between the image and softmax").toHaveCount(18);
  await train.set("batch", 100);
  await train.start.click();
  await train.reachesStep(40, 90_000);
  await train.stop.click();
  expect(await train.figure("loss")).toBeLessThan(2.4);
});
