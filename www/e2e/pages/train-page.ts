import { expect, type Locator, type Page } from "@playwright/test";
import type { Stroke } from "./draw-page";

export type TrainState = "idle" | "preparing" | "running" | "paused" | "evaluating" | "stopped" | "done" | "failed";

/** The page that trains a network. */
export class TrainPage {
  readonly status: Locator;
  readonly start: Locator;
  readonly pause: Locator;
  readonly stop: Locator;
  readonly use: Locator;
  readonly exported: Locator;
  readonly preset: Locator;
  readonly parameters: Locator;
  readonly layers: Locator;
  readonly more: Locator;
  readonly pad: Locator;
  readonly padTop: Locator;

  constructor(readonly page: Page) {
    this.status = page.getByTestId("train-status");
    this.start = page.getByTestId("train-start");
    this.pause = page.getByTestId("train-pause");
    this.stop = page.getByTestId("train-stop");
    this.use = page.getByTestId("train-use");
    this.exported = page.getByTestId("train-export");
    this.preset = page.getByTestId("train-preset");
    this.parameters = page.getByTestId("train-parameters");
    this.layers = page.getByTestId("train-layer");
    this.more = page.getByTestId("train-more");
    this.pad = page.getByTestId("train-pad");
    this.padTop = page.getByTestId("train-pad-top");
  }

  async open(address = "./"): Promise<void> {
    await this.page.goto(`${address}#/train`);
    await expect(this.parameters).toHaveAttribute("data-count", /\d+/);
  }

  async reaches(state: TrainState, timeout = 60_000): Promise<void> {
    await expect(this.status).toHaveAttribute("data-state", state, { timeout });
  }

  async reachesStep(step: number, timeout = 60_000): Promise<void> {
    await expect.poll(() => this.step(), { timeout }).toBeGreaterThanOrEqual(step);
  }

  async step(): Promise<number> {
    return Number(await this.status.getAttribute("data-step"));
  }

  async figure(
    name: "loss" | "train-accuracy" | "val-accuracy" | "images-per-second" | "epoch",
  ): Promise<number | null> {
    const text = await this.status.getAttribute(`data-${name}`);
    return text ? Number(text) : null;
  }

  /** Opens the settings where they are folded away, and fills one. */
  async set(setting: "epochs" | "batch" | "lr" | "seed" | "validation", value: number): Promise<void> {
    const field = this.page.getByTestId(`train-${setting}`);
    if (!(await field.isVisible())) await this.more.click();
    await field.fill(String(value));
  }

  async drawOnPad(strokes: Stroke[]): Promise<void> {
    await this.pad.scrollIntoViewIfNeeded();
    const box = await this.pad.boundingBox();
    if (!box) throw new Error("The pad is not shown.");
    const { mouse } = this.page;
    for (const stroke of strokes) {
      for (const [i, { x, y }] of stroke.entries()) {
        await mouse.move(box.x + x * box.width, box.y + y * box.height);
        if (i === 0) await mouse.down();
      }
      await mouse.up();
    }
  }
}
