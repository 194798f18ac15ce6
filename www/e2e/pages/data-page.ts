import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";
import type { TestPicture } from "./photos-page";

/** The page of datasets. */
export class DataPage {
  readonly select: Locator;
  readonly make: Locator;
  readonly use: Locator;
  readonly newDataset: Locator;
  readonly name: Locator;
  readonly count: Locator;
  readonly classes: Locator;
  readonly addClass: Locator;
  readonly import: Locator;
  readonly report: Locator;
  readonly samples: Locator;
  readonly tiles: Locator;
  readonly filter: Locator;
  readonly selection: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly saved: Locator;
  readonly train: Locator;
  readonly labelOne: Locator;
  readonly current: Locator;
  readonly elsewhere: Locator;

  constructor(readonly page: Page) {
    this.select = page.getByTestId("dataset-select");
    this.make = page.getByTestId("dataset-make");
    this.use = page.getByTestId("dataset-use");
    this.newDataset = page.getByTestId("dataset-new");
    this.name = page.getByTestId("dataset-name");
    this.count = page.getByTestId("dataset-count");
    this.classes = page.getByTestId("dataset-class");
    this.addClass = page.getByTestId("dataset-class-add");
    this.import = page.getByTestId("dataset-import");
    this.report = page.getByTestId("dataset-report");
    this.samples = page.getByTestId("dataset-sample");
    this.tiles = page.getByTestId("dataset-tiles");
    this.filter = page.getByTestId("dataset-filter");
    this.selection = page.getByTestId("dataset-selection");
    this.undo = page.getByTestId("dataset-undo");
    this.redo = page.getByTestId("dataset-redo");
    this.saved = page.getByTestId("dataset-saved");
    this.train = page.getByTestId("dataset-train");
    this.labelOne = page.getByTestId("label-one");
    this.current = page.getByTestId("label-current");
    this.elsewhere = page.getByTestId("dataset-elsewhere");
  }

  async open(): Promise<void> {
    await this.page.goto("./#/data");
    await this.select.waitFor();
  }

  /** A dataset of one's own, with classes of these names. */
  async begin(...names: string[]): Promise<void> {
    await this.open();
    await this.make.click();
    await expect(this.classes).toHaveCount(3);
    for (const [place, name] of names.entries()) await this.nameClass(place, name);
  }

  async nameClass(place: number, name: string): Promise<void> {
    const field = this.classes.nth(place).getByTestId("class-name");
    await field.fill(name);
    await field.press("Enter");
    await expect(this.class(name)).toBeVisible();
  }

  class(name: string): Locator {
    return this.page.locator(`[data-testid=dataset-class][data-name=${JSON.stringify(name)}]`);
  }

  async hasImages(name: string, count: number): Promise<void> {
    await expect(this.class(name)).toHaveAttribute("data-count", String(count));
  }

  async has(total: number, labelled = total): Promise<void> {
    await expect(this.count).toHaveAttribute("data-total", String(total), { timeout: 60_000 });
    await expect(this.count).toHaveAttribute("data-labelled", String(labelled));
  }

  /** Waits until all that is shown is on the disk. */
  async isSaved(): Promise<void> {
    await expect(this.saved).toHaveAttribute("data-saved", "true");
  }

  async addFiles(name: string, pictures: TestPicture[]): Promise<void> {
    await this.class(name).getByTestId("class-files").setInputFiles(pictures);
  }

  /** Holds a class's camera button until the class has so many pictures more. */
  async fillByCamera(name: string, pictures: number): Promise<void> {
    const button = this.class(name).getByTestId("class-camera");
    await button.scrollIntoViewIfNeeded();
    await button.hover();
    const images = async () => Number(await this.class(name).getAttribute("data-count"));
    const before = await images();
    await this.page.mouse.down();
    try {
      await expect.poll(images, { timeout: 30_000 }).toBeGreaterThanOrEqual(before + pictures);
    } finally {
      await this.page.mouse.up();
    }
  }

  labels(): Promise<(string | undefined)[]> {
    return this.samples.evaluateAll((tiles) => tiles.map(({ dataset }) => dataset.label));
  }

  /** What the export button hands out. */
  async exported(): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByTestId("dataset-export").click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }
}
