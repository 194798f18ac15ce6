// A model from a handful of one's own images: it answers beside them, keeps what it computed, and is one file in the end.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { faultsOf, keptDataset } from "./kept-images";
import { DataPage } from "./pages/data-page";
import { PhotosPage, type TestPicture } from "./pages/photos-page";
import { plainPng, png } from "./pictures";
import { expect, test } from "./quiet";

const SIDE = 96;
const EACH = 7;

/** Noise of its own for every number, the same everywhere: mulberry32. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Inside = (x: number, y: number, size: number) => boolean;
/** Each in any colour: it is the shape that tells them apart. */
const SHAPES: Record<string, Inside> = {
  discs: (x, y, size) => Math.hypot(x, y) < size,
  stripes: (_x, y, size) => Math.floor((y + 200) / (size / 4)) % 2 === 0,
  checks: (x, y, size) => (Math.floor((x + 200) / (size / 3)) + Math.floor((y + 200) / (size / 3))) % 2 === 0,
};

/** No two are alike. */
function shape(name: string, seed: number): TestPicture {
  const random = noise(seed);
  const inside = SHAPES[name] as Inside;
  const [x, y, size] = [38 + 20 * random(), 38 + 20 * random(), 26 + 10 * random()];
  const colours = Array.from({ length: 6 }, (_, i) => (i < 3 ? 20 + 90 * random() : 140 + 100 * random()));
  const rgb = new Uint8Array(3 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const ink = inside((i % SIDE) - x, Math.floor(i / SIDE) - y, size);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = (colours[ink ? c : c + 3] ?? 0) + 12 * random();
  }
  return { name: `${name}-${seed}.png`, mimeType: "image/png", buffer: png(rgb, SIDE, SIDE) };
}

function shapes(name: string, count: number, first: number): TestPicture[] {
  return Array.from({ length: count }, (_, i) => shape(name, first + i));
}

class HeadPage extends DataPage {
  override readonly train = this.page.getByTestId("head-train");
  readonly status = this.page.getByTestId("head-status");
  readonly top = this.page.getByTestId("head-top");

  /** A dataset with so many images of every shape. */
  async collect(each = EACH): Promise<void> {
    await this.begin(...Object.keys(SHAPES));
    for (const [place, name] of Object.keys(SHAPES).entries()) {
      await this.addFiles(name, shapes(name, each, 1000 * (place + 1)));
      await this.hasImages(name, each);
    }
    await this.isSaved();
  }

  async reaches(state: string): Promise<void> {
    await expect(this.status).toHaveAttribute("data-state", state, { timeout: 120_000 });
  }

  async tries(picture: TestPicture, label: string): Promise<void> {
    await this.page.getByTestId("head-try-input").setInputFiles(picture);
    await expect(this.top).toHaveAttribute("data-label", label, { timeout: 30_000 });
  }
}

/** Counts the images that are given to workers to be looked at. */
async function countComputed(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counted = { images: 0 };
    Object.assign(globalThis, { counted });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: never, ...rest: never[]) {
      const { request } = message as { request?: { kind: string; works: unknown[] } };
      if (request?.kind === "compute") counted.images += request.works.length;
      return post.call(this, message, ...rest);
    };
  });
  return () => page.evaluate(() => (globalThis as never as { counted: { images: number } }).counted.images);
}

test("a few images are learned, answered beside them, followed, kept and exported", async ({ page }) => {
  test.slow();
  const computed = await countComputed(page);
  const data = new HeadPage(page);
  await data.collect();
  await data.train.click();
  await data.reaches("ready");
  expect(Number(await data.status.getAttribute("data-accuracy"))).toBeGreaterThan(0.8);
  expect(await computed()).toBeGreaterThanOrEqual(3 * EACH);
  await data.tries(shape("stripes", 77), "stripes");
  await data.tries(shape("discs", 78), "discs");

  // One more image: the picture that is tried is answered anew.
  const before = Number(await data.top.getAttribute("data-seq"));
  await data.addFiles("checks", [shape("checks", 5)]);
  await data.hasImages("checks", EACH + 1);
  await expect.poll(async () => Number(await data.top.getAttribute("data-seq"))).toBeGreaterThan(before);
  await data.reaches("ready");
  await expect(data.top).toHaveAttribute("data-label", "discs");

  // The page is opened again: everything that was computed is there still.
  await page.reload();
  await data.train.click();
  await data.reaches("ready");
  expect(await computed()).toBe(0);
  expect(faultsOf(await keptDataset(page))).toEqual([]);

  // The file answers everywhere as it does here.
  const asked = shape("checks", 79);
  await data.tries(asked, "checks");
  const classes = page.getByTestId("head-class");
  const here = await classes.evaluateAll((all) =>
    all.map(({ dataset }) => [dataset.label, Number(dataset.p)] as const),
  );
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("head-export").click()]);
  expect(download.suggestedFilename()).toMatch(/\.onnx$/);
  const file = await readFile(await download.path());
  const photos = new PhotosPage(page);
  await photos.open();
  await page.getByTestId("model-input").setInputFiles({ name: "shapes.onnx", mimeType: "", buffer: file });
  await expect(page.getByTestId("session-model")).toContainText("shapes");
  await photos.add([asked]);
  await photos.reaches(1);
  const labels = page.getByTestId("photo-label");
  const there = await labels.evaluateAll((all) =>
    all.map(({ dataset }) => [dataset.label, Number(dataset.p)] as const),
  );
  for (const [label, p] of there) expect(Math.abs(p - (new Map(here).get(label) ?? -1))).toBeLessThan(1e-4);
});

test("what is like an image is found, and all images lie on a map", async ({ page }) => {
  test.slow();
  const data = new HeadPage(page);
  await data.collect();
  await data.samples.first().click();
  const label = await data.samples.first().getAttribute("data-label");
  await page.getByTestId("like-this").click();
  const results = page.getByTestId("like-result");
  await expect(results).toHaveCount(3 * EACH - 1, { timeout: 60_000 });
  const found = await results.evaluateAll((all) => all.map(({ dataset }) => ({ ...dataset })));
  const similarities = found.map(({ similarity }) => Number(similarity));
  expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  expect(similarities[0]).toBeLessThanOrEqual(1);
  expect(found.slice(0, 3).filter(({ name }) => name?.startsWith(label ?? "?")).length).toBeGreaterThanOrEqual(2);
  await page.getByTestId("like-close").click();
  const map = page.getByTestId("dataset-map");
  await map.locator("summary").click();
  await expect(map).toHaveAttribute("data-points", String(3 * EACH), { timeout: 60_000 });
  await expect(map).toHaveAttribute("data-method", "umap");
  await expect(map).toHaveAttribute("data-share", "1.000", { timeout: 60_000 });
});

test("what is unlike everything learned is none of the classes", async ({ page }) => {
  test.slow();
  const data = new HeadPage(page);
  await data.collect(9);
  await data.train.click();
  await data.reaches("ready");
  await data.tries(
    { name: "plain.png", mimeType: "image/png", buffer: plainPng(96, 96, [250, 250, 250, 255]) },
    "none",
  );
});

test("a model from a few images is tested on their dataset, and is the start of the next", async ({ page }) => {
  test.slow();
  const data = new HeadPage(page);
  await data.collect();
  await data.train.click();
  await data.reaches("ready");
  await page.getByTestId("head-use").click();
  await expect(page).toHaveURL(/#\/photos/);

  await page.goto("#/test");
  await page.getByTestId("test-start").click();
  const report = page.getByTestId("test-report");
  await expect(report).toBeVisible({ timeout: 60_000 });
  expect(Number(await report.getAttribute("data-n"))).toBeGreaterThan(0);
  expect(Number(await report.getAttribute("data-accuracy"))).toBeGreaterThan(0.5);
  await expect(page.getByTestId("test-refused")).toHaveAttribute("data-n", (await report.getAttribute("data-n")) ?? "");

  await page.goto("#/data");
  const looks = page.getByTestId("head-backbone");
  await looks.selectOption({ index: 2 });
  await expect(looks).toHaveValue(/^own-/);
  await data.train.click();
  await data.reaches("ready");
});
