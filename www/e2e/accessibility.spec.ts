import AxeBuilder from "@axe-core/playwright";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

async function violations(page: DrawPage["page"]): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["en-GB", "zh-CN"] as const) {
    test.describe(`${colorScheme}, ${locale}`, () => {
      test.use({ colorScheme, locale });

      test("axe finds nothing on the Draw page, blank, answered, and with the models open", async ({ page }) => {
        const draw = new DrawPage(page);
        await draw.openReady();
        expect(await violations(page)).toEqual([]);
        await draw.drawStrokes(digits["7"] ?? []);
        await draw.answer();
        await new Shell(page).models.click();
        expect(await violations(page)).toEqual([]);
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
    });
  }
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

for (const width of [360, 1440]) {
  test(`at ${width} pixels nothing has to be scrolled sideways, and the navigation is in view`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    const shell = new Shell(page);
    const train = new TrainPage(page);
    for (const address of ["./#/draw", "./#/train"]) {
      await page.goto(address);
      await expect(shell.navDraw).toBeInViewport();
      await expect(shell.navTrain).toBeInViewport();
      await expect(shell.lang).toBeInViewport();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await expect(train.start).toBeInViewport();
    await expect(train.layers).toHaveCount(10);
    await train.more.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

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
