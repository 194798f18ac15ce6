// On the narrowest screens (WCAG 2.2, 1.4.10: 320 pixels, or 1280 at 400 %) every page fits, and the bar at the bottom
// covers nothing.

import type { Page } from "@playwright/test";
import { Shell } from "./pages/shell";
import { TestPage } from "./pages/test-page";
import { expect, test } from "./quiet";

const ROUTES = ["draw", "photos", "camera", "data", "train", "layers", "test"];

/** What is wider than the screen, or stays behind the bar when the page is scrolled to its end. */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    scrollTo(0, root.scrollHeight);
    const bar = document.querySelector(".nav-make")?.getBoundingClientRect().top ?? innerHeight;
    const named = (element: Element) =>
      `${element.localName}.${element.className} ${element.getAttribute("data-testid") ?? ""} "${element.textContent?.slice(0, 30)}"`;
    /** As far as the boxes that an element scrolls in show it. */
    const shown = (element: Element) => {
      const box = element.getBoundingClientRect();
      const edges = { bottom: box.bottom, right: box.right };
      for (let up = element.parentElement; up; up = up.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(up);
        const { bottom, right } = up.getBoundingClientRect();
        if (overflowY !== "visible") edges.bottom = Math.min(edges.bottom, bottom);
        if (overflowX !== "visible") edges.right = Math.min(edges.right, right);
      }
      return edges;
    };
    const visible = [...document.querySelectorAll("body *")].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1,
    );
    const wide = visible.filter((element) => !element.closest("svg, math") && shown(element).right > innerWidth + 1);
    const covered = visible.filter(
      (element) =>
        element.matches("main :is(a, button, input, select, textarea, summary)") && shown(element).bottom > bar + 1,
    );
    return [
      ...(root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} wide`] : []),
      ...wide.map((element) => `too wide: ${named(element)}`),
      ...covered.map((element) => `covered: ${named(element)}`),
    ];
  });
}

test("at 320 and 360 pixels, in both languages, every page fits and nothing stays behind the bottom bar", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const shell = new Shell(page);
  const tester = new TestPage(page);
  await page.setViewportSize({ width: 360, height: 780 });
  // One test, so that its report is among the pages.
  await tester.open();
  await tester.run();
  await tester.choose("costs");
  await page.getByTestId("test-cost-add").click();
  await page.getByTestId("beat-start").click();
  for (const _ of ["en", "zh"]) {
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 640 });
      for (const route of ROUTES) {
        await page.goto(`./#/${route}`);
        await page.locator(`main[data-route=${route}] h1`).waitFor({ state: "attached" });
        const lang = await page.locator("html").getAttribute("lang");
        await expect.poll(() => misplaced(page), { message: `${route} at ${width}, ${lang}` }).toEqual([]);
        for (const link of [shell.navDraw, shell.navTrain, shell.navTest, shell.lang]) await expect(link).toBeVisible();
      }
    }
    await shell.lang.click();
  }
});
