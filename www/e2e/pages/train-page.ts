import { expect, type Locator, type Page } from "@playwright/test";
import type { LayerSpec, ModelSpec } from "../../src/engine/types";
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
  readonly device: Locator;
  readonly deviceNote: Locator;
  readonly parameters: Locator;
  readonly layers: Locator;
  readonly more: Locator;
  readonly pad: Locator;
  readonly padTop: Locator;
  readonly optimizer: Locator;
  readonly loss: Locator;
  readonly multiplyAdds: Locator;
  readonly editButton: Locator;
  readonly rows: Locator;
  readonly problem: Locator;
  readonly fix: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly reset: Locator;
  readonly copy: Locator;
  readonly paste: Locator;

  constructor(readonly page: Page) {
    this.status = page.getByTestId("train-status");
    this.start = page.getByTestId("train-start");
    this.pause = page.getByTestId("train-pause");
    this.stop = page.getByTestId("train-stop");
    this.use = page.getByTestId("train-use");
    this.exported = page.getByTestId("train-export");
    this.preset = page.getByTestId("train-preset");
    this.device = page.getByTestId("train-device");
    this.deviceNote = page.getByTestId("train-device-note");
    this.parameters = page.getByTestId("train-parameters");
    this.layers = page.getByTestId("train-layer");
    this.more = page.getByTestId("train-more");
    this.pad = page.getByTestId("train-pad");
    this.padTop = page.getByTestId("train-pad-top");
    this.optimizer = page.getByTestId("train-optimizer");
    this.loss = page.getByTestId("train-loss");
    this.multiplyAdds = page.getByTestId("train-multiply-adds");
    this.editButton = page.getByTestId("layer-edit");
    this.rows = page.getByTestId("layer-row");
    this.problem = page.getByTestId("layer-problem");
    this.fix = page.getByTestId("layer-fix");
    this.undo = page.getByTestId("layers-undo");
    this.redo = page.getByTestId("layers-redo");
    this.reset = page.getByTestId("layers-reset");
    this.copy = page.getByTestId("layers-copy");
    this.paste = page.getByTestId("layers-paste");
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

  async isOn(device: "cpu" | "webgpu", timeout = 60_000): Promise<void> {
    await expect(this.status).toHaveAttribute("data-device", device, { timeout });
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
  async set(
    setting: "epochs" | "batch" | "lr" | "seed" | "validation" | "momentum" | "weight-decay",
    value: number,
  ): Promise<void> {
    const field = this.page.getByTestId(`train-${setting}`);
    if (!(await field.isVisible())) await this.more.click();
    await field.fill(String(value));
  }

  /** Opens the page with the layer editor open. */
  async edit(): Promise<void> {
    await this.open();
    await this.editButton.click();
    await this.rows.first().waitFor();
  }

  row(index: number) {
    const row = this.rows.nth(index);
    const field = (name: string) => row.getByTestId(`layer-${name}`);
    return {
      row,
      field,
      add: field("add"),
      remove: field("remove"),
      up: field("up"),
      down: field("down"),
      kind: field("kind"),
      set: (name: string, value: number) => field(name).fill(String(value)),
    };
  }

  kinds(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-kind") ?? ""));
  }

  /** Adds a layer so that it comes to stand at `place`; the image's row has the first of the buttons. */
  async add(kind: LayerSpec["kind"], place: number): Promise<void> {
    await this.page.getByTestId("layer-add").nth(place).click();
    await this.page.getByTestId("layer-menu").locator(`[data-kind=${kind}]`).click();
    await expect(this.rows.nth(place)).toHaveAttribute("data-kind", kind);
  }

  /** By way of the sheet: the clipboard may not be read by tests that have not asked for it. */
  async pasteJson(network: LayerSpec[] | ModelSpec): Promise<void> {
    await this.paste.click();
    await this.page.getByTestId("layers-json").fill(JSON.stringify(network));
    await this.page.getByTestId("layers-json-use").click();
    await expect(this.page.getByTestId("layers-json")).toHaveCount(0);
  }

  /** By way of the clipboard, which is given away again. */
  async copyJson(): Promise<ModelSpec> {
    const context = this.page.context();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.page.evaluate(() => navigator.clipboard.writeText(""));
    await this.copy.click();
    const read = () => this.page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(read).not.toBe("");
    const text = await read();
    await context.clearPermissions();
    return JSON.parse(text) as ModelSpec;
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
