import { expect, type Locator, type Page } from "@playwright/test";

/** A place on the canvas: 0–1 from the left and from the top. */
export interface Point {
  x: number;
  y: number;
}

export type Stroke = Point[];

/** The page that recognises what is drawn. */
export class DrawPage {
  readonly canvas: Locator;
  readonly top: Locator;
  readonly bars: Locator;
  readonly seen: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly clear: Locator;
  readonly width: Locator;
  readonly model: Locator;

  constructor(readonly page: Page) {
    this.canvas = page.getByTestId("draw-canvas");
    this.top = page.getByTestId("draw-top");
    this.bars = page.getByTestId("draw-bar");
    this.seen = page.getByTestId("draw-seen");
    this.undo = page.getByTestId("draw-undo");
    this.redo = page.getByTestId("draw-redo");
    this.clear = page.getByTestId("draw-clear");
    this.width = page.getByTestId("draw-width");
    this.model = page.getByTestId("draw-model");
  }

  /** Opens the page; `address` is relative to the server's root. */
  async open(address = "./"): Promise<void> {
    await this.page.goto(address);
    await this.canvas.waitFor();
  }

  /** Opens the page and waits for its network. */
  async openReady(address?: string): Promise<void> {
    await this.open(address);
    await this.waitUntilReady();
  }

  async waitUntilReady(): Promise<void> {
    await expect(this.top).not.toHaveAttribute("data-state", "loading", { timeout: 30_000 });
  }

  /** Draws with real pointer events. `width`: the stroke's, in parts of the canvas's side; as it was, where not given. */
  async drawStrokes(strokes: Stroke[], width?: number): Promise<void> {
    if (width !== undefined) await this.setWidth(width);
    await this.canvas.scrollIntoViewIfNeeded();
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("The canvas is not shown.");
    const { mouse } = this.page;
    const move = ({ x, y }: Point) => mouse.move(box.x + x * box.width, box.y + y * box.height);
    for (const [first, ...rest] of strokes) {
      if (!first) continue;
      await move(first);
      await mouse.down();
      for (const point of rest) await move(point);
      await mouse.up();
    }
  }

  async setWidth(width: number): Promise<void> {
    await this.width.fill(String(Math.round(width * 200) / 2));
  }

  /** The answer to what is on the canvas now: waits until it has been given. */
  async answer(): Promise<string> {
    await expect(this.top).toHaveAttribute("data-state", "ready");
    return (await this.top.textContent()) ?? "";
  }

  async sequence(): Promise<number> {
    return Number(await this.top.getAttribute("data-seq"));
  }

  /** Class → probability; null while a bar is empty. */
  async probabilities(): Promise<Map<string, number | null>> {
    const pairs = await this.bars.evaluateAll((bars) =>
      bars.map((bar) => [bar.getAttribute("data-class") ?? "", bar.getAttribute("data-p") ?? ""] as const),
    );
    return new Map(pairs.map(([label, p]) => [label, p === "" ? null : Number(p)]));
  }
}
