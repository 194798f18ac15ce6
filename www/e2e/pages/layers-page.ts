import { expect, type Locator, type Page } from "@playwright/test";
import type { Stroke } from "./draw-page";

/** The page that looks into a network. */
export class LayersPage {
  readonly canvas: Locator;
  readonly top: Locator;
  readonly seen: Locator;
  readonly field: Locator;
  readonly model: Locator;
  readonly sample: Locator;
  readonly sampleShown: Locator;
  readonly back: Locator;
  readonly layers: Locator;
  readonly detail: Locator;
  readonly channel: Locator;
  /** Of the layer that is shown large. */
  readonly stage: Locator;
  readonly maps: Locator;
  readonly filters: Locator;
  readonly photos: Locator;

  constructor(readonly page: Page) {
    this.canvas = page.getByTestId("layers-canvas");
    this.top = page.getByTestId("layers-top");
    this.seen = page.getByTestId("layers-seen");
    this.field = page.getByTestId("layers-field");
    this.model = page.getByTestId("layers-model");
    this.sample = page.getByTestId("layers-sample");
    this.sampleShown = page.getByTestId("layers-sample-shown");
    this.back = page.getByTestId("layers-back");
    this.layers = page.getByTestId("layers-layer");
    this.detail = page.getByTestId("layers-detail");
    this.channel = page.getByTestId("layers-channel");
    this.stage = page.getByTestId("layers-stage");
    this.maps = page.getByTestId("layers-maps");
    this.filters = page.getByTestId("layers-filters");
    this.photos = page.getByTestId("layers-photo");
  }

  async open(address = "./"): Promise<void> {
    await this.page.goto(`${address}#/layers`);
    await this.layers.first().waitFor({ timeout: 30_000 });
  }

  /** Shows a layer large: the first of a kind, or by its place. */
  async show(which: string | number): Promise<void> {
    const layer = typeof which === "number" ? this.layers.nth(which) : this.layer(which);
    await layer.click();
    await expect(layer).toHaveAttribute("aria-selected", "true");
  }

  /** The first layer of a kind. */
  layer(kind: string): Locator {
    return this.layers.and(this.page.locator(`[data-kind="${kind}"]`)).first();
  }

  async draw(strokes: Stroke[]): Promise<void> {
    await this.canvas.scrollIntoViewIfNeeded();
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("The canvas is not shown.");
    const { mouse } = this.page;
    for (const stroke of strokes) {
      for (const [i, { x, y }] of stroke.entries()) {
        await mouse.move(box.x + x * box.width, box.y + y * box.height);
        if (i === 0) await mouse.down();
      }
      await mouse.up();
    }
  }

  async answer(): Promise<string> {
    await expect(this.top).toHaveAttribute("data-state", "ready");
    return (await this.top.textContent()) ?? "";
  }

  /** Shows a test image; answers which. */
  async showSample(): Promise<{ index: number; label: number }> {
    await this.sample.click();
    await this.answer();
    return {
      index: Number(await this.sampleShown.getAttribute("data-index")),
      label: Number(await this.sampleShown.getAttribute("data-label")),
    };
  }

  /** A number of the account of the chosen cell; null where it has none. */
  async figure(name: "layer" | "index" | "value" | "sum" | "bias" | "activated"): Promise<number | null> {
    const text = await this.detail.getAttribute(`data-${name}`);
    return text ? Number(text) : null;
  }

  /** Every account of the chosen cell that is shown in so many milliseconds. */
  valuesFor(milliseconds: number): Promise<{ value: number; sum: number; bias: number }[]> {
    return this.detail.evaluate(async (element: HTMLElement, length) => {
      const read = () => {
        const { value, sum, bias } = element.dataset;
        return { value: Number(value), sum: Number(sum), bias: Number(bias) };
      };
      const seen = [read()];
      const watch = new MutationObserver(() => seen.push(read()));
      watch.observe(element, { attributes: true });
      await new Promise((done) => setTimeout(done, length));
      watch.disconnect();
      return seen;
    }, milliseconds);
  }

  /** How many colours a canvas has: a few where only outlines are on it. */
  colours(canvas: Locator): Promise<number> {
    return canvas.evaluate((element: HTMLCanvasElement) => {
      // From a copy: to read the page's own canvas over and over makes Chromium warn.
      const { width, height } = element;
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(element, 0, 0);
      const { data } = copy?.getImageData(0, 0, width, height) ?? { data: [] };
      const pixels = new Set<number>();
      for (let i = 0; i < data.length; i += 4)
        pixels.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
      return pixels.size;
    });
  }
}
