// All that is to be watched of a training is in sight at once, and then what came of it.
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "@playwright/test";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";
import { staticHost } from "./static-host";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
];

/** Wholly in the window, above the bar that a phone has below. */
async function expectInSight(page: Page, part: Locator, what: string): Promise<void> {
  const box = await part.boundingBox();
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const bar = width < 720 ? await page.locator(".nav-make").boundingBox() : null;
  if (!box) throw new Error(`${what}: not shown.`);
  const bottom = bar?.y ?? height;
  const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= bottom;
  expect(inside, `${what} at ${width} × ${height}: ${JSON.stringify(box)}, above ${bottom}`).toBe(true);
}

/** Its words stand out from it, though the mouse is over it. */
async function expectReadableWhenDisabled(button: Locator): Promise<void> {
  await button.evaluate((element) => element.setAttribute("aria-disabled", "true"));
  await button.hover();
  const contrast = () =>
    button.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      const [text = 0, ground = 0] = [color, backgroundColor].map((colour) => {
        const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
      });
      return Math.max(text, ground) / Math.min(text, ground);
    });
  await expect.poll(contrast).toBeGreaterThan(4.5);
  await button.evaluate((element) => element.setAttribute("aria-disabled", "false"));
}

test("on Start the set-up folds to a line and all is in sight; at the end the next step is", async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const primary = page.locator(".button.primary:visible");
  const line = page.getByTestId("train-setup-line");
  await page.setViewportSize({ width: 1440, height: 900 });
  await train.open();
  await expect(primary).toHaveText("Start");
  await expectReadableWhenDisabled(train.start);
  await train.start.click();
  await train.reaches("running");
  await train.reachesStep(30);
  await expect(line).toHaveText("Classic on MNIST · Adam 0.001, batches of 32, 5 epochs · CPU");
  await expect(primary).toHaveText("Pause");
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const parts = { status: train.status, charts: page.getByTestId("train-chart"), pad: train.pad };
    for (const [what, part] of Object.entries({ ...parts, pause: train.pause, stop: train.stop })) {
      await expectInSight(page, part, what);
    }
    expect(await page.evaluate(() => scrollY)).toBe(0);
  }

  await line.click();
  await expect(train.preset).toBeVisible();
  await line.click();
  await expect(train.preset).toBeHidden();

  const loss = page.getByRole("slider", { name: "Loss by step" });
  await loss.press("Home");
  await expect(loss).toHaveAttribute("aria-valuetext", /^step 0: training \d/);

  await new Shell(page).navDraw.click();
  await expect(page, "other tabs and pages say it too").toHaveTitle(/^\d+% · .*Draw · Hearth$/);
  await new Shell(page).navTrain.click();

  await train.pause.click();
  await expect(primary).toHaveText("Resume");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await train.stop.dispatchEvent("click");
  await expect(primary).toHaveText("Use this network");
  await expect(page.getByTestId("train-summary")).toBeInViewport({ ratio: 1 });
  await expect(page).toHaveTitle("Train · Hearth");

  await page.getByTestId("train-test").click();
  await expect(page.getByTestId("test-report"), "one click tests it").toBeVisible({ timeout: 60_000 });
});

test("on a slow line the page says what is loading and how far it is", async ({ page }) => {
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  let whole = () => {};
  const until = new Promise<void>((resolve) => {
    whole = resolve;
  });
  const host = await staticHost(dist, "/", { half: { ending: ".wasm", until } });
  try {
    await page.goto(`${host.address}#/train`);
    const waiting = page.getByTestId("fetching").and(page.locator("[data-what=trainer]"));
    await expect(waiting).toHaveText(/^Loading the training engine: \d+% of \d\.\d MB/);
    whole();
    await expect(new TrainPage(page).parameters).toHaveAttribute("data-count", /\d+/);
    await expect(waiting).toHaveCount(0);
  } finally {
    whole();
    host.close();
  }
});
