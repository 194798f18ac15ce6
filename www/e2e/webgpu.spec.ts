// Training on WebGPU, on Chromium's software adapter: slow, but the browser's whole WebGPU. What goes wrong on a GPU is
// made to go wrong in the worker that has it.
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { launchOptions } from "../playwright.config";
import type { LayerSpec } from "../src/engine/types";
import { lastKept } from "./kept-run";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

test.use({
  launchOptions: {
    ...launchOptions,
    args: [...launchOptions.args, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  },
});

test.beforeEach(async ({ page }) => {
  await page.goto("./");
  const there = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
  test.skip(!there, "This browser gives no WebGPU adapter, not even in software.");
});

/** Quick where every multiplication is emulated. */
const SMALL: LayerSpec[] = [
  { kind: "conv", filters: 4, kernel: 3, stride: 2, padding: 0 },
  { kind: "relu" },
  { kind: "flatten" },
  { kind: "dense", units: 10 },
];

const BATCH = 8;

/** Runs in the worker that has the GPU before anything of its own does. */
async function beforeGpuWorker(page: Page, script: () => void): Promise<void> {
  await page.route(/webgpu\.worker/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${script})();\n${await response.text()}` });
  });
}

/** Keeps the device where a test can take it away. */
const keepDevice = () => {
  const ask = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await ask.apply(this, args);
    Object.assign(globalThis, { device });
    return device;
  };
};

async function loseDevice(page: Page): Promise<void> {
  const worker = await new Shell(page).worker("webgpu");
  await worker.evaluate(() => (globalThis as unknown as { device: GPUDevice }).device.destroy());
}

async function openSmall(page: Page, layers = SMALL): Promise<TrainPage> {
  const train = new TrainPage(page);
  await train.edit();
  await train.pasteJson(layers);
  await train.device.selectOption("webgpu");
  await train.set("batch", BATCH);
  return train;
}

/** The step at which a run stands in a pause, which has written it down. */
async function pausedStep(train: TrainPage): Promise<number> {
  await train.pause.click();
  await train.reaches("paused");
  let step = -1;
  // A pull that was under way is still told; with a validation in it, it takes seconds on a GPU that is none.
  await expect(async () => {
    const before = step;
    step = await train.step();
    expect(step).toBe(before);
  }).toPass({ intervals: [5000], timeout: 60_000 });
  return step;
}

function gpuWorkers(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes("webgpu.worker")).length;
}

test("WebGPU, chosen, trains the classic network on MNIST once its self-test has agreed with the CPU", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const train = new TrainPage(page);
  const shell = new Shell(page);
  await train.open();
  await train.device.selectOption("webgpu");
  await expect(page.getByTestId("train-adapter")).toContainText("swiftshader");
  await train.set("batch", 4);
  await train.start.click();
  await expect(train.status).toContainText("Trying the GPU", { timeout: 30_000 });
  await expect(train.status).toHaveAttribute("data-state", "preparing");
  await train.reaches("running", 150_000);
  await train.isOn("webgpu");
  await expect(train.status).toContainText("WebGPU");
  await expect(train.deviceNote).toContainText(/Trains on WebGPU \(.*swiftshader.*\)/);
  await page.getByTestId("train-setup-line").click();
  await page.getByTestId("train-self-test").click();
  const rows = page.getByTestId("train-trial-row");
  for (const what of ["loss", "logits", "gradient", "update"]) {
    await expect(rows.and(page.locator(`[data-what=${what}]`)).first()).toHaveAttribute("data-agrees", "true");
  }

  await train.reachesStep(10, 60_000);
  expect(await train.figure("images-per-second")).toBeGreaterThan(0);
  const paused = await pausedStep(train);
  await page.waitForTimeout(1000);
  expect(await train.step(), "nothing is trained in a pause").toBe(paused);
  await train.pause.click();
  await train.reachesStep(paused + 5);
  expect(await train.figure("loss")).toBeLessThan(2.5);
  await train.stop.click();
  await train.reaches("stopped");
  await expect.poll(() => gpuWorkers(page), "the GPU is given back").toBe(0);

  // Its file is the CPU's as well.
  const step = await train.step();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("train-export-state").click()]);
  const buffer = await readFile(await download.path());
  await shell.modelInput.setInputFiles({ name: "gpu.onnx", mimeType: "application/octet-stream", buffer });
  await expect(shell.model).toHaveValue(/^own-/);
  await page.getByTestId("train-begin").selectOption("training");
  await train.device.selectOption("cpu");
  await train.start.click();
  await train.isOn("cpu");
  await train.reachesStep(step + 100);
  expect(await train.figure("loss")).toBeLessThan(1.8);
  await train.stop.click();
});

test("automatic takes the CPU where the adapter is software, and downloads nothing of WebGPU's", async ({ page }) => {
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(new URL(request.url()).pathname));
  const train = new TrainPage(page);
  await train.open();
  await expect(train.device).toHaveValue("auto");
  await expect(train.deviceNote).toHaveAttribute("data-why", "software");
  await train.start.click();
  await train.reachesStep(3);
  await train.isOn("cpu");
  await expect(train.deviceNote).toContainText("is software");
  await train.stop.click();
  expect(addresses.filter((address) => address.includes("webgpu"))).toEqual([]);
});

test("automatic tries an adapter that is no software, and remembers that the CPU is quicker", async ({ page }) => {
  test.setTimeout(120_000);
  // The software adapter under the name of another: it computes rightly, and slowly.
  await page.addInitScript(() => {
    for (const name of ["vendor", "architecture", "device", "description"]) {
      Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => "made up" });
    }
    Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { get: () => false });
  });
  // To another route of the page that is open already it would not apply.
  await page.reload();
  const train = new TrainPage(page);
  await train.edit();
  await train.pasteJson(SMALL);
  await train.set("batch", BATCH);
  await expect(train.device).toHaveValue("auto");
  await train.start.click();
  await train.isOn("cpu", 90_000);
  await expect(train.deviceNote, "which only a self-test can tell").toHaveAttribute("data-why", "slower");
  await train.reachesStep(1);
  await train.stop.click();
  await train.reaches("stopped");
  await page.reload();
  await train.set("batch", BATCH);
  await expect(train.deviceNote, "decided without another self-test").toHaveAttribute("data-why", "slower");

  await test.step("and that the GPU is, where it was", async () => {
    await page.evaluate(() => {
      const selfTests = JSON.parse(localStorage.getItem("hearth.trials") ?? "[]");
      for (const [, selfTest] of selfTests) selfTest.gpuImagesPerSecond = 10 * selfTest.cpuImagesPerSecond;
      localStorage.setItem("hearth.trials", JSON.stringify(selfTests));
    });
    await page.reload();
    await train.set("batch", BATCH);
    await expect(train.deviceNote).toHaveAttribute("data-device", "webgpu");
    await train.start.click();
    await train.isOn("webgpu", 60_000);
    await train.reachesStep(3);
    await train.stop.click();
    await train.reaches("stopped");
    await expect.poll(() => gpuWorkers(page)).toBe(0);
  });
});

test("a self-test can be stopped, and the GPU is given back", async ({ page }) => {
  // So slow that it is still at it.
  await beforeGpuWorker(page, () => {
    const map = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = async function (...args) {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return map.apply(this, args);
    };
  });
  const train = await openSmall(page);
  await train.start.click();
  await expect(train.status).toContainText("Trying the GPU", { timeout: 30_000 });
  await train.stop.click();
  await train.reaches("idle");
  await expect.poll(() => gpuWorkers(page)).toBe(0);
});

test("a device that is lost takes no run with it: the CPU goes on from the last checkpoint", async ({ page }) => {
  test.setTimeout(240_000);
  await beforeGpuWorker(page, keepDevice);
  const shell = new Shell(page);
  let train = await openSmall(page);

  await test.step("before the first checkpoint: it begins again", async () => {
    await train.start.click();
    await train.reachesStep(3, 120_000);
    await loseDevice(page);
    await train.isOn("cpu");
    await expect(shell.toast).toHaveAttribute("data-kind", "info");
    // Told as lost, or as what was under way when it was: whichever is heard first.
    await expect(shell.toast).toContainText(/(lost|failed).*begins again, on the CPU/s);
    await train.reachesStep(20);
    await train.stop.click();
    await train.reaches("stopped");
    await expect(train.deviceNote, "the reason stays").toHaveAttribute("data-why", "lost");
    await expect(train.deviceNote).toContainText("Moved to the CPU");
  });

  await test.step("its self-test is remembered, by a page that is opened anew as well", async () => {
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    train = new TrainPage(page);
    await train.set("batch", BATCH);
    await expect(train.deviceNote).toHaveAttribute("data-device", "webgpu");
    await expect(train.deviceNote).toContainText("agree with the CPU’s");
    await page.evaluate(() => {
      const status = document.querySelector("[data-testid=train-status]") as HTMLElement;
      const note = () => {
        if (status.innerText.includes("Trying")) status.dataset.tried = "yes";
      };
      new MutationObserver(note).observe(status, { subtree: true, childList: true, characterData: true });
    });
    await train.start.click();
    await train.reachesStep(5, 120_000);
    await train.isOn("webgpu");
    await expect(train.status).not.toHaveAttribute("data-tried");
  });

  await test.step("from the checkpoint that is written every few seconds", async () => {
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 61_000;
    });
    await expect.poll(async () => (await lastKept(page)).state).toBe("running");
    const { step: kept } = await lastKept(page);
    await train.reachesStep(kept + 5);
    await loseDevice(page);
    await train.isOn("cpu");
    await expect(shell.toast.filter({ hasText: /continues on the CPU, from step [\d,]+\./ })).toBeVisible();
    await train.reaches("running");
    expect(await train.step(), "it has not begun again").toBeGreaterThanOrEqual(kept);
    await train.reachesStep(kept + 100);
    await train.stop.click();
  });
});

test.describe("a worker that crashes", () => {
  test.use({ expected: [/crashed by the test/] });

  test("in a pause leaves the run paused, on the CPU", async ({ page }) => {
    test.setTimeout(120_000);
    const train = await openSmall(page);
    const shell = new Shell(page);
    await train.start.click();
    await train.reachesStep(5, 90_000);
    const kept = await pausedStep(train);
    await shell.crash("webgpu");
    await train.isOn("cpu");
    await train.reaches("paused");
    await expect(shell.toast).toContainText("stays paused");
    await page.waitForTimeout(500);
    expect(await train.step()).toBe(kept);
    await train.pause.click();
    await train.reachesStep(kept + 20);
    await train.stop.click();
  });
});

/** The gradient of a convolution's weights, a twentieth too large. */
const wrongGradient = () => {
  const create = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const wrong = /\bgradient: array/.test(descriptor.code) && descriptor.code.includes("= value;");
    const code = wrong ? descriptor.code.replaceAll("= value;", "= 1.05 * value;") : descriptor.code;
    return create.call(this, { ...descriptor, code });
  };
};

test("a gradient that is wrong is noticed where gradients are small, too", async ({ page }) => {
  test.setTimeout(120_000);
  await beforeGpuWorker(page, wrongGradient);
  // Each sigmoid takes three quarters of the gradient at least.
  const train = await openSmall(page, [
    { kind: "conv", filters: 4, kernel: 3, stride: 2, padding: 0 },
    { kind: "sigmoid" },
    { kind: "flatten" },
    { kind: "dense", units: 16 },
    { kind: "sigmoid" },
    { kind: "dense", units: 16 },
    { kind: "sigmoid" },
    { kind: "dense", units: 16 },
    { kind: "sigmoid" },
    { kind: "dense", units: 10 },
  ]);
  await train.start.click();
  await train.isOn("cpu", 90_000);
  await expect(train.deviceNote).toHaveAttribute("data-why", "disagrees");
  await expect(train.deviceNote).toContainText("the gradient of 0.weight");
  await train.stop.click();
});

test("a GPU whose gradient is wrong is not trusted, and the page names the layer", async ({ page }) => {
  test.setTimeout(120_000);
  await beforeGpuWorker(page, wrongGradient);
  const train = await openSmall(page);
  // Long enough to be stopped, however slow the machine.
  await train.set("epochs", 100);
  await train.start.click();
  await train.isOn("cpu", 90_000);
  await expect(train.deviceNote).toHaveAttribute("data-why", "disagrees");
  await expect(train.deviceNote).toContainText(/Off by [45]\s×\s10⁻² in the gradient of 0\.weight \(Conv 4 · 3×3\)/);
  await page.getByTestId("train-setup-line").click();
  await page.getByTestId("train-self-test").click();
  await expect(page.getByTestId("train-trial")).toHaveAttribute("data-agrees", "false");
  await expect(page.getByTestId("train-trial-row").first()).toHaveAttribute("data-agrees", "false");
  const { violations } = await new AxeBuilder({ page }).include("[data-testid=train-device-note]").analyze();
  expect(violations).toEqual([]);
  await train.reachesStep(5);
  await train.stop.click();
  await train.reaches("stopped");
  expect(gpuWorkers(page)).toBe(0);

  await train.start.click();
  await train.isOn("cpu", 5000);
  await train.stop.click();
  await page.getByTestId("train-device-retry").click();
  await expect(train.deviceNote, "it will be tried again").toHaveAttribute("data-device", "");
});

test.describe("a GPU that reports an error", () => {
  test("a shader that does not compile: the CPU trains, and the page says why", async ({ page }) => {
    test.setTimeout(120_000);
    await beforeGpuWorker(page, () => {
      const create = GPUDevice.prototype.createShaderModule;
      let count = 0;
      GPUDevice.prototype.createShaderModule = function (descriptor) {
        count += 1;
        const code = count === 4 ? `${descriptor.code} this is no WGSL` : descriptor.code;
        return create.call(this, { ...descriptor, code });
      };
    });
    const train = await openSmall(page);
    await train.start.click();
    await train.isOn("cpu", 90_000);
    await expect(train.deviceNote).toHaveAttribute("data-why", "failed");
    await expect(train.deviceNote).toContainText("failed when it was tried");
    await train.reachesStep(5);
    await train.stop.click();
    await expect(page.getByTestId("train-device-retry")).toBeVisible();
  });

  test("a batch that is too large for it: the page says so, and the CPU trains", async ({ page }) => {
    test.setTimeout(180_000);
    // A GPU with 8 MB: whatever is larger is more than it has.
    await beforeGpuWorker(page, () => {
      const create = GPUDevice.prototype.createBuffer;
      GPUDevice.prototype.createBuffer = function (descriptor) {
        return create.call(this, { ...descriptor, size: descriptor.size > 8e6 ? 2 ** 40 : descriptor.size });
      };
    });
    // 16 × 28 × 28 numbers for each image: 13 MB in a batch of 256, but not in the self-test's.
    const train = await openSmall(page, [
      { kind: "conv", filters: 16, kernel: 1, stride: 1, padding: 0 },
      { kind: "relu" },
      { kind: "globalAvgPool" },
      { kind: "flatten" },
      { kind: "dense", units: 10 },
    ]);
    await train.set("batch", 256);
    await train.start.click();
    const { toast } = new Shell(page);
    // In one look: it stays for 6 s.
    await expect(toast).toContainText(/too little memory.*begins again, on the CPU/s, { timeout: 120_000 });
    await train.isOn("cpu");
    await train.reachesStep(1);
    await expect(train.deviceNote).toHaveAttribute("data-why", "lost");
    await train.stop.click();
  });
});
