import { expect, type Locator, type Page } from "@playwright/test";

/** The page that tests a network. */
export class TestPage {
  readonly model: Locator;
  readonly dataset: Locator;
  readonly split: Locator;
  readonly start: Locator;
  readonly cancel: Locator;
  readonly status: Locator;
  readonly report: Locator;
  readonly rows: Locator;
  readonly cells: Locator;
  readonly samples: Locator;
  readonly imageDialog: Locator;
  readonly termDialog: Locator;
  /** The one primary button of the page's state. */
  readonly primary: Locator;

  constructor(readonly page: Page) {
    this.model = page.getByTestId("test-model");
    this.dataset = page.getByTestId("test-dataset");
    this.split = page.getByTestId("test-split");
    this.start = page.getByTestId("test-start");
    this.cancel = page.getByTestId("test-cancel");
    this.status = page.getByTestId("test-status");
    this.report = page.getByTestId("test-report");
    this.rows = page.getByTestId("test-class-row");
    this.cells = page.getByTestId("confusion-cell");
    this.samples = page.getByTestId("confusion-samples");
    this.imageDialog = page.getByTestId("test-image-dialog");
    this.termDialog = page.getByTestId("term-dialog");
    this.primary = page.locator("main .button.primary");
  }

  async open(address = "./"): Promise<void> {
    await this.page.goto(`${address}#/test`);
    await this.start.waitFor();
  }

  /** Tests what is chosen, to the end. */
  async run(): Promise<void> {
    await this.start.click();
    await this.isDone();
  }

  async isDone(): Promise<void> {
    await expect(this.status).toHaveAttribute("data-state", "done", { timeout: 300_000 });
    await expect(this.report).toBeVisible();
  }

  /** Some of the images have been answered, and not all. */
  async hasBegun(): Promise<void> {
    await expect
      .poll(async () => Number(await this.status.getAttribute("data-done")), { timeout: 300_000, intervals: [20] })
      .toBeGreaterThan(0);
  }

  async choose(use: string): Promise<void> {
    await this.page.getByTestId(`test-use-${use}`).check({ force: true });
  }

  async figure(name: "accuracy" | "macro-precision" | "macro-recall" | "macro-f1" | "n"): Promise<number> {
    return Number(await this.report.getAttribute(`data-${name}`));
  }

  cell(truth: string, predicted: string): Locator {
    return this.page.locator(`[data-testid=confusion-cell][data-true="${truth}"][data-pred="${predicted}"]`);
  }

  row(name: string): Locator {
    return this.page.locator(`[data-testid=test-class-row][data-class="${name}"]`);
  }

  /** The matrix as the page shows it: "true>predicted" → images. */
  async matrix(): Promise<Map<string, number>> {
    const cells = await this.cells.evaluateAll((buttons) =>
      buttons.map((cell) => [`${cell.dataset.true}>${cell.dataset.pred}`, Number(cell.dataset.count)] as const),
    );
    return new Map(cells);
  }

  /** The images that a list shows, by their place in the test, with their confidences. */
  async images(list: Locator): Promise<{ index: number; p: number }[]> {
    return list
      .getByTestId("test-image")
      .evaluateAll((images) => images.map(({ dataset }) => ({ index: Number(dataset.index), p: Number(dataset.p) })));
  }
}
