// Datasets of one's own: collected, labelled, kept. The camera is Chromium's fake device.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import config from "../playwright.config";
import { DataPage } from "./pages/data-page";
import type { TestPicture } from "./pages/photos-page";
import { Shell } from "./pages/shell";
import { picture, plainPng, sample } from "./pictures";
import { expect, test } from "./quiet";

const { launchOptions = {} } = config.use ?? {};
const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

test.use({ launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), ...CAMERA] } });

/** Pictures of one colour each, no two alike. */
function colours(count: number, name = "colour"): TestPicture[] {
  return Array.from({ length: count }, (_, n) =>
    picture(`${name}-${n}.png`, plainPng(24, 24, [(n * 53) % 256, (n * 97) % 256, (n * 31) % 256, 255])),
  );
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

test("from an empty page to three classes filled by the camera, and on to Train, in under a minute", async ({
  page,
}) => {
  const data = new DataPage(page);
  const shell = new Shell(page);
  await data.open();
  await expect(data.select).toHaveValue("mnist");
  await expect(shell.primary).toHaveText("Make my own");
  const begun = Date.now();
  await data.make.click();
  await expect(data.classes).toHaveCount(3);
  // The first name can be typed at once, and Tab leads on to what is next.
  await expect(data.classes.first().getByTestId("class-name")).toBeFocused();
  for (const [place, name] of ["Cup", "Hand", "Wall"].entries()) {
    await data.nameClass(place, name);
    await expect(shell.primary).toHaveCount(1);
    await data.fillByCamera(name, 12);
  }
  // So few images are enough for a model that learns in seconds; training from scratch is the other way on.
  await expect(shell.primary).toHaveText("Learn from these images");
  expect(Date.now() - begun).toBeLessThan(60_000);
  const total = Number(await data.count.getAttribute("data-total"));
  expect(total).toBeGreaterThanOrEqual(36);
  await expect(data.samples).toHaveCount(total);
  // What the camera took is its middle, as a square.
  const size = await data.samples
    .first()
    .locator("img")
    .evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  expect(size[0]).toBe(size[1]);
  await data.train.click();
  await expect(page.getByTestId("train-dataset")).toHaveValue(/^own-/);
});

test("the camera is let go by its button, and by leaving the page", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cup");
  await data.fillByCamera("Cup", 2);
  const tracks = () =>
    page
      .getByTestId("class-view")
      .locator("video")
      .evaluate((video: HTMLVideoElement) => {
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks = (video.srcObject as MediaStream).getTracks();
      });
  const isReleased = () =>
    page.evaluate(() =>
      (window as unknown as { tracks: MediaStreamTrack[] }).tracks.every(({ readyState }) => readyState === "ended"),
    );
  await tracks();
  expect(await isReleased()).toBe(false);
  await page.getByTestId("class-camera-close").click();
  await expect(page.getByTestId("class-view")).toHaveCount(0);
  expect(await isReleased()).toBe(true);
  await data.fillByCamera("Cup", 4);
  await tracks();
  await new Shell(page).navDraw.click();
  await expect(data.name).toHaveCount(0);
  expect(await isReleased()).toBe(true);
});

test("by keyboard Space is held for the camera, as a finger is", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cup");
  await data.class("Cup").getByTestId("class-camera").focus();
  await page.keyboard.down("Space");
  await expect
    .poll(async () => Number(await data.class("Cup").getAttribute("data-count")), { timeout: 30_000 })
    .toBeGreaterThan(3);
  await page.keyboard.up("Space");
  await expect(data.class("Cup").getByTestId("class-camera")).toHaveAttribute("data-holding", "false");
});

test("a class is drawn, picture after picture", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Circle");
  await data.class("Circle").getByTestId("class-draw").click();
  const canvas = page.getByTestId("class-draw-canvas");
  for (const n of [1, 2, 3]) {
    const box = await canvas.boundingBox();
    if (!box) throw new Error("There is no canvas.");
    await page.mouse.move(box.x + 40 + 20 * n, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 120, box.y + 80 + 30 * n, { steps: 5 });
    await page.mouse.up();
    await page.getByTestId("class-draw-add").click();
    await expect(page.getByTestId("class-draw-add")).toBeDisabled();
    await data.hasImages("Circle", n);
  }
  await page.keyboard.press("Escape");
  await expect(canvas).toHaveCount(0);
});

test("files, names and classes; what is removed comes back, and a reload keeps all", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cat", "Dog");
  await data.name.fill("Pets");
  await data.name.press("Enter");
  await data.addFiles("Cat", colours(6, "cat"));
  await data.has(6);
  await data.addFiles("Dog", colours(12, "dog").slice(6));
  await data.has(12);
  // A name is not given twice.
  const third = data.classes.nth(2).getByTestId("class-name");
  await third.fill("Dog");
  await third.press("Enter");
  await expect(page.getByText("There is a class “Dog” already.")).toBeVisible();
  await third.fill("Owl");
  await third.press("Enter");
  await expect(data.class("Owl")).toBeVisible();

  await data.class("Cat").locator("summary").click();
  await data.class("Cat").getByTestId("class-remove").click();
  await data.has(6);
  await expect(data.class("Cat")).toHaveCount(0);
  await new Shell(page).toastUndo.click();
  await data.has(12);
  await data.hasImages("Cat", 6);
  await page.keyboard.press("Control+Shift+Z");
  await data.has(6);
  await page.keyboard.press("Control+Z");
  await data.has(12);
  await data.isSaved();

  await page.reload();
  await expect(data.name).toHaveValue("Pets");
  await data.has(12);
  for (const [name, count] of [
    ["Cat", 6],
    ["Dog", 6],
    ["Owl", 0],
  ] as const)
    await data.hasImages(name, count);
  await expect(new Shell(page).dataset).toHaveValue(/^own-/);
  // What could be taken back before the reload no longer can.
  await expect(data.undo).toBeDisabled();
});

test("what cannot come in is listed, each with its reason, and the rest comes in", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin();
  const [first] = colours(1);
  if (!first) throw new Error("There is no picture.");
  await data.import.setInputFiles([
    first,
    { ...first, name: "again.png" },
    picture("chelsea.jpg", sample("chelsea")),
    picture("broken.jpg", Buffer.from("this is no picture")),
  ]);
  await expect(data.report).toHaveAttribute("data-added", "2", { timeout: 30_000 });
  await expect(data.report).toHaveAttribute("data-refused", "2");
  await data.has(2, 0);
  await data.report.locator("[data-code=duplicate] summary").click();
  await expect(data.report).toContainText("again.png");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("dataset-report-save").click(),
  ]);
  expect(download.suggestedFilename()).toBe("hearth-not-imported.csv");
});

test("many are selected and labelled at once, moved to a split and removed, and all of it is taken back", async ({
  page,
}) => {
  const data = new DataPage(page);
  await data.begin("Cat", "Dog");
  await data.import.setInputFiles(colours(8));
  await data.has(8, 0);
  await data.samples.nth(1).click();
  await data.samples.nth(4).click({ modifiers: ["Shift"] });
  await data.samples.nth(6).click({ modifiers: ["Control"] });
  await expect(data.selection).toHaveAttribute("data-count", "5");
  await page.keyboard.press("2");
  expect(await data.labels()).toEqual(["", "Dog", "Dog", "Dog", "Dog", "", "Dog", ""]);
  await page.getByTestId("selection-move").selectOption("test");
  await expect(page.locator("[data-testid=dataset-sample][data-label=Dog][data-split=test]")).toHaveCount(5);
  await page.getByTestId("selection-remove").click();
  await data.has(3, 0);
  await data.undo.click();
  await data.has(8, 5);
  await data.undo.click();
  await data.undo.click();
  await data.has(8, 0);
  await data.redo.click();
  await data.has(8, 5);
  await data.filter.selectOption({ label: "Dog (5)" });
  await expect(data.samples).toHaveCount(5);
});

test("a selection is dragged onto a class", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cat", "Dog");
  await data.import.setInputFiles(colours(4));
  await data.has(4, 0);
  await data.samples.nth(0).click();
  await data.samples.nth(1).click({ modifiers: ["Shift"] });
  await data.samples.nth(1).dragTo(page.locator("[data-testid=selection-label][data-name=Cat]"));
  await data.hasImages("Cat", 2);
  // What is not selected is dragged alone.
  await data.samples.nth(3).dragTo(page.locator("[data-testid=selection-label][data-name=Cat]"));
  await data.hasImages("Cat", 3);
});

test("files that are dropped make a dataset of one's own, and on a class they get its label", async ({ page }) => {
  const data = new DataPage(page);
  await data.open();
  await expect(data.make).toBeVisible();
  const drop = async (selector: string, pictures: TestPicture[]) => {
    const files = pictures.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
    const transfer = await page.evaluateHandle((given) => {
      const carried = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        carried.items.add(new File([bytes], name, { type: "image/png" }));
      }
      return carried;
    }, files);
    await page.dispatchEvent(selector, "dragover", { dataTransfer: transfer });
    await page.dispatchEvent(selector, "drop", { dataTransfer: transfer });
  };
  await drop("main", colours(2));
  await data.has(2, 0);
  await data.addClass.click();
  await data.nameClass(0, "Cat");
  await drop("[data-testid=dataset-class]", colours(4).slice(2));
  await data.hasImages("Cat", 2);
});

test("in the grid everything is done by keys", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cat", "Dog");
  await data.import.setInputFiles(colours(5));
  await data.has(5, 0);
  await data.tiles.focus();
  await page.keyboard.press("1");
  expect(await data.labels()).toEqual(["Cat", "", "", "", ""]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("2");
  expect(await data.labels()).toEqual(["Cat", "Dog", "Dog", "", ""]);
  await page.keyboard.press("Control+a");
  await expect(data.selection).toHaveAttribute("data-count", "5");
  await page.keyboard.press("Delete");
  await data.has(0, 0);
  await page.keyboard.press("Control+Z");
  await data.has(5, 3);
});

test("a hundred images are labelled one by one with one key each, in a few milliseconds each", async ({ page }) => {
  test.setTimeout(120_000);
  const data = new DataPage(page);
  await data.begin("Cat", "Dog", "Owl");
  await data.import.setInputFiles(colours(100));
  await data.has(100, 0);
  await data.labelOne.focus();
  await page.keyboard.press("Enter");
  await expect(data.current).toHaveAttribute("data-label", "");
  const seen = new Set<string>();
  const times: number[] = [];
  for (let n = 0; n < 100; n++) {
    seen.add((await data.current.getAttribute("data-name")) ?? "");
    await page.keyboard.press(String((n % 3) + 1));
    if (n < 99) times.push(Number(await data.current.getAttribute("data-ms")));
  }
  await expect(page.getByTestId("label-done")).toBeVisible();
  // One key for each image: after a hundred keys a hundred different images have a label.
  expect(seen.size).toBe(100);
  await page.keyboard.press("Escape");
  await data.has(100, 100);
  await data.hasImages("Cat", 34);
  await data.hasImages("Dog", 33);
  times.sort((a, b) => a - b);
  expect(times[50]).toBeLessThan(30);
  await data.isSaved();
  await page.reload();
  await data.has(100, 100);
});

test("one by one a label is taken back, images are skipped and gone back to, and Esc leaves", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cat", "Dog");
  await data.import.setInputFiles(colours(4));
  await data.has(4, 0);
  await data.labelOne.click();
  const first = await data.current.getAttribute("data-name");
  await page.keyboard.press("1");
  const second = await data.current.getAttribute("data-name");
  expect(second).not.toBe(first);
  await page.keyboard.press("Backspace");
  await expect(data.current).toHaveAttribute("data-name", first ?? "");
  await expect(data.current).toHaveAttribute("data-label", "");
  await page.keyboard.press("ArrowRight");
  await expect(data.current).toHaveAttribute("data-name", second ?? "");
  await page.getByTestId("label-class").and(page.locator("[data-name=Dog]")).click();
  await expect(page.getByTestId("label-pace")).toHaveAttribute("data-left", "3");
  await page.keyboard.press("ArrowLeft");
  await expect(data.current).toHaveAttribute("data-label", "Dog");
  await page.keyboard.press("Escape");
  await expect(data.current).toHaveCount(0);
  await data.has(4, 1);
});

test("two tabs: one changes a dataset, the other follows and can take over", async ({ page, context }) => {
  const data = new DataPage(page);
  await data.begin("Cat");
  await data.addFiles("Cat", colours(2));
  await data.has(2);
  const other = new DataPage(await context.newPage());
  await other.open();
  await other.has(2);
  await expect(other.elsewhere).toBeVisible();
  await expect(other.name).toBeDisabled();
  await expect(other.class("Cat").getByTestId("class-camera")).toBeDisabled();
  await data.addFiles("Cat", colours(4).slice(2));
  await other.has(4);
  await other.page.getByTestId("dataset-write-here").click();
  await expect(other.elsewhere).toHaveCount(0);
  await expect(data.elsewhere).toBeVisible();
  await other.addFiles("Cat", colours(5).slice(4));
  await data.has(5);
  // The tab that is left takes over by itself.
  await other.page.close();
  await expect(data.elsewhere).toHaveCount(0);
  await data.addFiles("Cat", colours(6).slice(5));
  await data.has(6);
});

test("a copy of MNIST is one's own: grey, 28 pixels, keys that are the digits", async ({ page }) => {
  test.setTimeout(180_000);
  const data = new DataPage(page);
  await data.open();
  await page.getByTestId("dataset-copy").click();
  await expect(data.classes).toHaveCount(10, { timeout: 60_000 });
  await data.has(2000);
  await data.hasImages("7", 200);
  await page.getByTestId("dataset-input").locator("summary").click();
  await expect(page.getByTestId("dataset-side")).toHaveValue("28");
  await expect(page.getByTestId("dataset-channels")).toHaveValue("1");
  await expect(page.getByTestId("dataset-fit")).toHaveValue("digit");
  // Not every one of two thousand is in the page.
  expect(await data.samples.count()).toBeLessThan(400);
  await data.tiles.focus();
  await page.keyboard.press("End");
  await expect(page.locator("[data-id='0']")).toHaveAttribute("data-label", "5");
  await page.keyboard.press("7");
  await expect(page.locator("[data-id='0']")).toHaveAttribute("data-label", "7");
});

test("a network that knows the classes suggests labels, the surest are accepted at once, and the others come first", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const data = new DataPage(page);
  await data.open();
  await page.getByTestId("dataset-copy").click();
  await data.has(2000);
  await expect(data.report).toHaveAttribute("data-added", "2000");
  await data.filter.selectOption({ label: "7 (200)" });
  await expect(data.samples).toHaveCount(200);
  await page.getByTestId("dataset-select-all").click();
  await page.locator("[data-testid=selection-label][data-name='']").click();
  await data.has(2000, 1800);
  await page.getByTestId("label-suggest").click();
  const accept = page.getByTestId("label-accept");
  await expect(accept).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByTestId("label-suggesting")).toHaveCount(0, { timeout: 60_000 });
  await page.getByTestId("label-accept-above").fill("99");
  const sure = Number(await accept.getAttribute("data-count"));
  expect(sure).toBeGreaterThan(150);
  await accept.click();
  await data.has(2000, 1800 + sure);
  // Nearly all of them are sevens.
  expect(Number(await data.class("7").getAttribute("data-count"))).toBeGreaterThanOrEqual(sure - 2);
  await data.filter.selectOption("all");
  await page.getByTestId("dataset-order").selectOption("unsure");
  await data.labelOne.click();
  await expect(page.locator("[data-testid=label-class][data-suggested=true]")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await data.has(2000, 1801 + sure);
});

test("a dataset is removed, and comes back", async ({ page }) => {
  const data = new DataPage(page);
  await data.begin("Cat");
  await data.addFiles("Cat", colours(3));
  await data.has(3);
  await page.getByTestId("dataset-storage").locator("summary").click();
  await expect(page.getByTestId("storage-line")).toContainText("Hearth uses");
  await page.getByTestId("dataset-remove").click();
  await expect(data.select).toHaveValue("mnist");
  await new Shell(page).toastUndo.click();
  await expect(data.select).toHaveValue(/^own-/);
  await data.has(3);
});

test("the newcomer goes to Train with MNIST by one click", async ({ page }) => {
  const data = new DataPage(page);
  await data.open();
  await data.select.selectOption("fashion-mnist");
  await data.use.click();
  await expect(page.getByTestId("train-dataset")).toHaveValue("mnist");
});

// Colours do not depend on the language, nor names on the theme: two of the four are enough.
for (const [colorScheme, locale] of [
  ["light", "en-GB"],
  ["dark", "zh-CN"],
] as const) {
  test.describe(`${colorScheme}, ${locale}`, () => {
    test.use({ colorScheme, locale });

    test("axe finds nothing on the Data page, empty, filled, selected, and one by one", async ({ page }) => {
      const data = new DataPage(page);
      await data.open();
      await expect(data.make).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await data.begin("Cat", "Dog");
      expect(await violations(page)).toEqual([]);
      await data.addFiles("Cat", colours(3));
      await data.import.setInputFiles(colours(6));
      await expect(data.report).toHaveAttribute("data-refused", "3");
      await data.has(6, 3);
      for (const summary of await page.locator("main details > summary").all()) await summary.click();
      await data.samples.first().click();
      expect(await violations(page)).toEqual([]);
      await data.labelOne.click();
      await expect(data.current).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await data.class("Dog").getByTestId("class-draw").click();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test("at 360 pixels nothing is wider than the screen, and the first camera button is in sight", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const data = new DataPage(page);
  const shell = new Shell(page);
  await data.begin();
  for (const _ of ["en", "zh"]) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBe(0);
    const bar = await page.locator(".nav-make").boundingBox();
    const button = await data.classes.first().getByTestId("class-camera").boundingBox();
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    await shell.lang.click();
  }
});
