import { expect, type Locator, type Page } from "@playwright/test";

/** The page that labels what a camera sees. */
export class CameraPage {
  readonly start: Locator;
  readonly stop: Locator;
  readonly pause: Locator;
  readonly capture: Locator;
  readonly model: Locator;
  readonly device: Locator;
  readonly mirror: Locator;
  readonly top: Locator;
  readonly labels: Locator;
  readonly fps: Locator;
  readonly view: Locator;
  readonly video: Locator;
  readonly fault: Locator;
  readonly kept: Locator;
  readonly photosInstead: Locator;

  constructor(readonly page: Page) {
    this.start = page.getByTestId("camera-start");
    this.stop = page.getByTestId("camera-stop");
    this.pause = page.getByTestId("camera-pause");
    this.capture = page.getByTestId("camera-capture");
    this.model = page.getByTestId("camera-model");
    this.device = page.getByTestId("camera-device");
    this.mirror = page.getByTestId("camera-mirror");
    this.top = page.getByTestId("camera-top");
    this.labels = page.getByTestId("camera-label");
    this.fps = page.getByTestId("camera-fps");
    this.view = page.getByTestId("camera-view");
    this.video = page.getByTestId("camera-video");
    this.fault = page.getByTestId("camera-fault");
    this.kept = page.getByTestId("camera-kept");
    this.photosInstead = page.getByTestId("camera-photos");
  }

  async open(address = "./"): Promise<void> {
    await this.page.goto(`${address}#/camera`);
    await this.start.waitFor();
  }

  async sequence(): Promise<number> {
    return Number(await this.top.getAttribute("data-seq"));
  }

  /** Waits for so many more answers. */
  async answers(more: number): Promise<void> {
    const before = await this.sequence();
    await expect.poll(() => this.sequence(), { timeout: 60_000 }).toBeGreaterThanOrEqual(before + more);
  }

  /** Whether the camera is let go: whether every track that was opened has ended. */
  isReleased(): Promise<boolean> {
    return this.page.evaluate(() => {
      const tracks = (window as unknown as { opened?: MediaStreamTrack[] }).opened ?? [];
      return tracks.length > 0 && tracks.every(({ readyState }) => readyState === "ended");
    });
  }

  /** Remembers the tracks that are shown now, so that what becomes of them is seen when they no longer are. */
  async rememberTracks(): Promise<void> {
    await this.video.evaluate((video: HTMLVideoElement) => {
      Object.assign(window, { opened: (video.srcObject as MediaStream).getTracks() });
    });
  }
}
