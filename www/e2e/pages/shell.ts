import type { Locator, Page } from "@playwright/test";

export type WorkerName = "infer" | "train" | "webgpu";

/** What stands around every page. */
export class Shell {
  readonly navDraw: Locator;
  readonly navPhotos: Locator;
  readonly navCamera: Locator;
  readonly navData: Locator;
  readonly navTrain: Locator;
  readonly navTest: Locator;
  readonly lang: Locator;
  readonly toast: Locator;
  readonly toastUndo: Locator;
  /** The buttons that are meant as the next step: a page has one, in every state. */
  readonly primary: Locator;
  readonly model: Locator;
  readonly dataset: Locator;
  readonly modelInput: Locator;
  readonly models: Locator;

  constructor(readonly page: Page) {
    this.navDraw = page.getByTestId("nav-draw");
    this.navPhotos = page.getByTestId("nav-photos");
    this.navCamera = page.getByTestId("nav-camera");
    this.navData = page.getByTestId("nav-data");
    this.navTrain = page.getByTestId("nav-train");
    this.navTest = page.getByTestId("nav-test");
    this.lang = page.getByTestId("lang-switch");
    this.toast = page.getByTestId("toast");
    this.toastUndo = page.getByTestId("toast-undo");
    this.primary = page.locator(".primary:visible");
    this.model = page.getByTestId("session-model");
    this.dataset = page.getByTestId("session-dataset");
    this.modelInput = page.getByTestId("model-input");
    this.models = page.getByTestId("models-open");
  }

  /** The worker whose script has this name. */
  async worker(name: WorkerName) {
    const find = () => this.page.workers().find((worker) => worker.url().includes(`${name}.worker`));
    return find() ?? this.page.waitForEvent("worker", (worker) => worker.url().includes(`${name}.worker`));
  }

  /** Ends a worker by an error that nobody catches, as a crash would. */
  async crash(name: WorkerName): Promise<void> {
    const worker = await this.worker(name);
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new Error("crashed by the test");
      });
    });
  }

  /** Ends a worker without a word, as a system short of memory does. */
  async silence(name: WorkerName): Promise<void> {
    const worker = await this.worker(name);
    await worker.evaluate(() => self.close()).catch(() => {});
  }
}
