import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";

export interface TestPicture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** The page that labels pictures. */
export class PhotosPage {
  readonly input: Locator;
  readonly model: Locator;
  readonly cards: Locator;
  readonly progress: Locator;
  readonly cancel: Locator;
  readonly resume: Locator;
  readonly samples: Locator;
  readonly filter: Locator;
  readonly clear: Locator;
  readonly dialog: Locator;
  readonly unsuited: Locator;

  constructor(readonly page: Page) {
    this.input = page.getByTestId("photo-input");
    this.model = page.getByTestId("photo-model");
    this.cards = page.getByTestId("photo-card");
    this.progress = page.getByTestId("photo-progress");
    this.cancel = page.getByTestId("photo-cancel");
    this.resume = page.getByTestId("photo-resume");
    this.samples = page.getByTestId("photo-sample");
    this.filter = page.getByTestId("photo-filter");
    this.clear = page.getByTestId("photo-clear");
    this.dialog = page.getByTestId("photo-dialog");
    this.unsuited = page.getByTestId("photo-unsuited");
  }

  async open(address = "./"): Promise<void> {
    await this.page.goto(`${address}#/photos`);
    await this.input.waitFor({ state: "attached" });
  }

  async add(pictures: TestPicture[]): Promise<void> {
    await this.input.setInputFiles(pictures);
  }

  /** Waits until so many photos, which are all there are, have been answered. */
  async reaches(count: number): Promise<void> {
    await expect(this.progress).toHaveAttribute("data-total", String(count));
    await expect(this.progress).toHaveAttribute("data-done", String(count), { timeout: 80_000 });
  }

  card(name: string): Locator {
    return this.page.locator(`[data-testid=photo-card][data-name=${JSON.stringify(name)}]`);
  }

  /** The labels of a card, best first. */
  async labels(name: string): Promise<{ label: string; index: number; p: number }[]> {
    await expect(this.card(name)).toHaveAttribute("data-state", "done", { timeout: 60_000 });
    return this.card(name)
      .getByTestId("photo-label")
      .evaluateAll((rows) =>
        rows.map(({ dataset }) => ({
          label: dataset.label ?? "",
          index: Number(dataset.index),
          p: Number(dataset.p),
        })),
      );
  }

  async best(name: string): Promise<string> {
    return (await this.labels(name))[0]?.label ?? "";
  }

  names(): Promise<(string | undefined)[]> {
    return this.cards.evaluateAll((cards) => cards.map(({ dataset }) => dataset.name));
  }

  /** What an export button hands out. */
  async exported(kind: "csv" | "json"): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByTestId(`photo-export-${kind}`).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`hearth-photos.${kind}`);
    return readFile(await download.path(), "utf8");
  }
}
