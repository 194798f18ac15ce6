// A person's own images all the way: learned from, tested on, put right where they are mistaken, checked, saved as one file.
import { readFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { TestPage } from "./pages/test-page";
import { TrainPage } from "./pages/train-page";
import { png } from "./pictures";
import { expect, test } from "./quiet";

const SIDE = 32;
type Colour = [number, number, number];
const CLASSES: Record<string, Colour> = { red: [220, 60, 50], green: [60, 190, 80], blue: [50, 90, 220] };

/** Noise of its own for every number, the same everywhere: mulberry32, whose neighbouring seeds are unlike. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A disc of the class's colour somewhere on a speckled ground: no two are alike, and each is easy to tell. */
function disc(colour: Colour, seed: number): Buffer {
  const random = noise(seed);
  const [x, y, radius] = [8 + 16 * random(), 8 + 16 * random(), 5 + 4 * random()];
  const rgb = new Uint8Array(3 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const inside = Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y) < radius;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = (inside ? (colour[c] ?? 0) : 120) + 60 * (random() - 0.5);
  }
  return png(rgb, SIDE, SIDE);
}

function discs(name: string, count: number, first: number) {
  return Array.from({ length: count }, (_, i) => ({
    name: `${name}-${first + i}.png`,
    mimeType: "image/png",
    buffer: disc(CLASSES[name] as Colour, first + i),
  }));
}

/** A dataset of three classes, each with `count` images; its networks see `side` pixels a side. */
async function collect(page: Page, count: number, side = SIDE): Promise<void> {
  await page.goto("./#/data");
  await page.getByTestId("dataset-new").click();
  const cards = page.getByTestId("dataset-class");
  await expect(cards).toHaveCount(3);
  for (const [i, name] of Object.keys(CLASSES).entries()) {
    const card = cards.nth(i);
    await card.getByTestId("class-name").fill(name);
    await card.getByTestId("class-name").press("Enter");
    await expect(card).toHaveAttribute("data-name", name);
    await card.getByTestId("class-files").setInputFiles(discs(name, count, 1000 * i));
    await expect(card).toHaveAttribute("data-count", String(count));
  }
  await page.getByTestId("dataset-input").locator("summary").click();
  await page.getByTestId("dataset-side").selectOption(String(side));
  await expect(page.getByTestId("dataset-saved")).toHaveAttribute("data-saved", "true");
}

test("own images are learned, tested, and tried; a mistake leads back to its image", async ({ page }) => {
  test.slow();
  const train = new TrainPage(page);
  const tests = new TestPage(page);
  await collect(page, 30);
  await page.getByTestId("dataset-train").click();
  await expect(train.preset).toHaveValue("photos");
  await expect(train.parameters).toHaveAttribute("data-count", /\d+/);
  await train.set("epochs", 12);
  await train.start.click();
  await train.reaches("done", 120_000);
  expect(await train.figure("val-accuracy")).toBeGreaterThan(0.8);
  // On photos, since what was learned are photos.
  await train.use.click();
  await expect(page).toHaveURL(/#\/photos$/);
  await page.getByTestId("photo-input").setInputFiles(discs("green", 1, 9000));
  await expect(page.getByTestId("photo-label").first()).toHaveAttribute("data-label", "green");

  // One label is wrong from now on, so that a good network is "mistaken" about it.
  await page.goto("./#/data");
  await page.getByTestId("dataset-filter-split").selectOption("test");
  const sample = page.getByTestId("dataset-sample").first();
  const name = await sample.getAttribute("data-label");
  await sample.click();
  const other = name === "red" ? "blue" : "red";
  await page.locator(`[data-testid=selection-label][data-name=${other}]`).click();
  await expect(page.getByTestId("dataset-saved")).toHaveAttribute("data-saved", "true");
  await tests.open();
  await tests.run();
  await page.locator(`[data-testid=test-mistake][data-true=${other}][data-pred=${name}]`).click();
  await tests.samples.getByTestId("test-image").first().click();
  const mend = page.getByTestId("test-mend");
  await expect(mend).toHaveAttribute("data-label", other);
  await mend.getByTestId("test-relabel").selectOption({ label: name as string });
  await expect(mend).toHaveAttribute("data-label", name as string);
  const before = Number(await tests.report.getAttribute("data-accuracy"));
  await page.keyboard.press("Escape");
  await tests.run();
  await expect.poll(async () => Number(await tests.report.getAttribute("data-accuracy"))).toBeGreaterThan(before);
});

test("a training on own images goes on after a reload, but not on other images", async ({ page }) => {
  test.slow();
  const train = new TrainPage(page);
  await collect(page, 10);
  await page.getByTestId("dataset-train").click();
  await expect(train.parameters).toHaveAttribute("data-count", /\d+/);
  // More than any machine has done before it is stopped.
  await train.set("epochs", 5000);
  await train.start.click();
  await train.reachesStep(3);
  await train.pause.click();
  await train.reaches("paused");
  await page.reload();
  await page.getByTestId("run-resume").click();
  await expect(train.status).toHaveAttribute("data-state", /running|evaluating/);
  await train.stop.click();
  await train.reaches("stopped");
  await page.goto("./#/data");
  await page
    .getByTestId("dataset-class")
    .first()
    .getByTestId("class-files")
    .setInputFiles(discs("red", 1, 500));
  await expect(page.getByTestId("dataset-count")).toHaveAttribute("data-total", "31");
  await page.goto("./#/train");
  await page.reload();
  await page.getByTestId("run-resume").click();
  await train.reaches("failed");
});

test("wrong labels are found by networks that have not learned from them, and put right with one key each", async ({
  page,
}) => {
  test.slow();
  await collect(page, 30, 16);
  // Five images come in under a wrong name.
  const wrong = discs("green", 5, 7000);
  await page.getByTestId("dataset-class").nth(2).getByTestId("class-files").setInputFiles(wrong);
  await expect(page.getByTestId("dataset-count")).toHaveAttribute("data-total", "95");
  await page.getByTestId("dataset-check").locator("summary").click();
  await page.getByTestId("check-find-labels").click();
  const list = page.locator("[data-testid=dataset-issues][data-kind=label]");
  await expect(list).toBeVisible({ timeout: 60_000 });
  const found = Number(await list.getAttribute("data-count"));
  expect(found).toBeGreaterThanOrEqual(3);
  expect(found).toBeLessThanOrEqual(9);
  await page.getByTestId("check-label").click();
  await expect(page.getByTestId("check-first")).toBeVisible();
  for (let i = 0; i < found; i++) {
    await expect(page.getByTestId("check-review")).toHaveAttribute("data-at", String(i));
    await page.keyboard.press("Enter");
  }
  await expect(page.getByTestId("check-done")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  const greens = page.locator("[data-testid=dataset-class][data-name=green]");
  expect(Number(await greens.getAttribute("data-count"))).toBeGreaterThanOrEqual(33);
});

test("everything is saved as one file, and comes back in another browser", async ({ page, browser, baseURL }) => {
  await collect(page, 4);
  await page.getByTestId("dataset-everything").locator("summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("everything-save").click()]);
  const zip = await readFile((await download.path()) as string);
  const elsewhere = await (await browser.newContext({ baseURL: baseURL as string })).newPage();
  await elsewhere.goto("./#/data");
  const restore = elsewhere.getByTestId("everything-restore");
  await restore.setInputFiles({ name: "no.zip", mimeType: "application/zip", buffer: deflateSync("not a zip") });
  await expect(elsewhere.locator("[data-testid=toast][data-kind=error]")).toBeVisible();
  await restore.setInputFiles({ name: "everything.zip", mimeType: "application/zip", buffer: zip });
  const select = elsewhere.getByTestId("dataset-select");
  await expect(select.locator("option")).toHaveCount(3);
  await expect(elsewhere.getByTestId("dataset-count")).toHaveAttribute("data-total", "12");
  await expect(elsewhere.getByTestId("dataset-class")).toHaveCount(3);
  await expect(elsewhere.getByTestId("dataset-side")).toHaveValue(String(SIDE));
  // What is here already is not brought twice.
  await restore.setInputFiles({ name: "everything.zip", mimeType: "application/zip", buffer: zip });
  await expect(elsewhere.getByTestId("toast").last()).toContainText("0 datasets");
  await expect(select.locator("option")).toHaveCount(3);
  await elsewhere.context().close();
});
