import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { digits } from "./digits";
import { CameraPage } from "./pages/camera-page";
import { DrawPage } from "./pages/draw-page";
import { LayersPage } from "./pages/layers-page";
import { PhotosPage } from "./pages/photos-page";
import { Shell } from "./pages/shell";
import { TestPage } from "./pages/test-page";
import { TrainPage } from "./pages/train-page";
import { picture } from "./pictures";
import { expect, test } from "./quiet";

async function violations(page: DrawPage["page"]): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

// Colours do not depend on the language, nor names on the theme: two of the four are enough.
for (const [colorScheme, locale] of [
  ["light", "en-GB"],
  ["dark", "zh-CN"],
] as const) {
  test.describe(`${colorScheme}, ${locale}`, () => {
    test.use({ colorScheme, locale });

    test("axe finds nothing on the Draw page, blank, answered, and with the models open", async ({ page }) => {
      const draw = new DrawPage(page);
      await draw.openReady();
      expect(await violations(page)).toEqual([]);
      await draw.drawStrokes(digits["7"] ?? []);
      await draw.answer();
      await draw.clear.click();
      await new Shell(page).models.click();
      expect(await violations(page)).toEqual([]);
      await page.goto("./#/no-such-page");
      await expect(page.getByTestId("unknown-page")).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test("axe finds nothing on the Layers page, empty, looked through, and with a cell chosen", async ({ page }) => {
      const look = new LayersPage(page);
      await look.open();
      expect(await violations(page)).toEqual([]);
      await page.locator(".look-formulas summary").click();
      await look.showSample();
      for (const kind of ["conv", "maxPool", "softmax"]) {
        await look.show(kind);
        await look.maps.click({ position: { x: 30, y: 20 } });
        await expect(look.detail).toBeVisible();
        expect(await violations(page), kind).toEqual([]);
      }
    });

    test("axe finds nothing on the Train page, idle, running and stopped", async ({ page }) => {
      const train = new TrainPage(page);
      await train.open();
      await train.more.click();
      expect(await violations(page)).toEqual([]);
      await train.start.click();
      await train.reaches("running");
      await train.reachesStep(10);
      expect(await violations(page)).toEqual([]);
      await train.stop.click();
      await expect(train.use).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test("axe finds nothing on the Test page, before and after a test, in play, and with an image open", async ({
      page,
    }) => {
      const tester = new TestPage(page);
      await tester.open();
      expect(await violations(page)).toEqual([]);
      await tester.run();
      await page.getByTestId("test-use-security").check({ force: true });
      await page.getByTestId("beat-start").click();
      expect(await violations(page)).toEqual([]);
      await page.getByTestId("test-use-costs").check({ force: true });
      await page.getByTestId("test-cost-add").click();
      await tester.samples.getByTestId("test-image").first().click();
      await expect(tester.imageDialog).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test("axe finds nothing on the Photos page, empty, labelled, with a photo open, and for digits", async ({
      page,
    }) => {
      const photos = new PhotosPage(page);
      await photos.open();
      await expect(photos.samples).toHaveCount(3);
      expect(await violations(page)).toEqual([]);
      await page.getByTestId("photo-samples-all").click();
      await photos.add([picture("broken.jpg", Buffer.from("no picture"))]);
      await photos.reaches(4);
      expect(await violations(page)).toEqual([]);
      await page.getByTestId("photo-open").first().click();
      await expect(photos.dialog).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await photos.model.selectOption("digits");
      await photos.reaches(4);
      await expect(photos.unsuited).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test("axe finds nothing on a model's page, and where a file from elsewhere is settled", async ({ page }) => {
      for (const id of ["digits", "lite2"]) {
        await page.goto(`./#/model?id=${id}`);
        await expect(page.getByTestId("model-page")).toHaveAttribute("data-id", id);
        await expect(page.getByTestId("model-operator").first()).toBeVisible({ timeout: 30_000 });
        expect(await violations(page), id).toEqual([]);
      }
      const file = new URL("files/sklearn-digits.onnx", import.meta.url);
      await new Shell(page).modelInput.setInputFiles({
        name: "course.onnx",
        mimeType: "application/octet-stream",
        buffer: await readFile(file),
      });
      await expect(page.getByTestId("settle-panel")).toHaveAttribute("data-state", "ready", { timeout: 60_000 });
      expect(await violations(page), "settled").toEqual([]);
      for (const more of await page.getByTestId("settle-panel").locator("details").all()) {
        await more.evaluate((details: HTMLDetailsElement) => {
          details.open = true;
        });
      }
      expect(await violations(page), "with all that can be set").toEqual([]);
    });

    test("axe finds nothing on the Camera page, off, and where there is no camera", async ({ page }) => {
      const camera = new CameraPage(page);
      await camera.open();
      expect(await violations(page)).toEqual([]);
      await camera.start.click();
      await expect(camera.fault).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test("axe finds nothing in a formula", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await train.layers.nth(1).getByRole("button").click();
  await expect(page.getByTestId("term-dialog")).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("the language is the browser's at first, then what was chosen", async ({ browser }) => {
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  const shell = new Shell(page);
  await page.goto("./");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(shell.navTrain).toContainText("训练");
  await shell.lang.click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(shell.navTrain).toContainText("Train");
  await context.close();
});

for (const width of [320, 360, 1440]) {
  test(`at ${width} pixels nothing has to be scrolled sideways, and the navigation is in view`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    const shell = new Shell(page);
    const train = new TrainPage(page);
    for (const address of ["./#/draw", "./#/photos", "./#/camera", "./#/test", "./#/model", "./#/train"]) {
      await page.goto(address);
      await expect(shell.navDraw).toBeInViewport();
      await expect(shell.navPhotos).toBeInViewport();
      await expect(shell.navCamera).toBeInViewport();
      await expect(shell.navTrain).toBeInViewport();
      await expect(shell.navTest).toBeInViewport();
      await expect(shell.lang).toBeInViewport();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await expect(train.start).toBeInViewport();
    await expect(train.layers).toHaveCount(10);
    await train.more.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

for (const width of [360, 1440]) {
  test(`at ${width} pixels a cell of the Layers page is accounted for in view`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    const look = new LayersPage(page);
    await look.open();
    await look.showSample();
    for (const kind of ["conv", "flatten", "softmax"]) {
      await look.show(kind);
      await look.maps.click({ position: { x: 30, y: 20 } });
      await expect(look.detail).toBeInViewport();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}

test("at 360 pixels labelled photos fit", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const photos = new PhotosPage(page);
  await photos.open();
  await page.getByTestId("photo-samples-all").click();
  await photos.reaches(3);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("from the page's top to training by keyboard alone", async ({ page }) => {
  const draw = new DrawPage(page);
  const train = new TrainPage(page);
  await draw.openReady();
  const next = page.getByTestId("draw-train-yours");
  for (let i = 0; i < 30 && !(await next.evaluate((link) => link === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await expect(next).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(train.start).toBeFocused();
  await page.keyboard.press("Enter");
  await train.reaches("running");
  await expect(train.pause).toBeFocused();
  await page.keyboard.press("Enter");
  await train.reaches("paused");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await train.reaches("stopped");
});
