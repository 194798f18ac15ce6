// The camera is Chromium's fake device, or a file of frames that is given to it as one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { chromium, type Page } from "@playwright/test";
import config from "../playwright.config";
import { digits } from "./digits";
import { CameraPage } from "./pages/camera-page";
import { PhotosPage } from "./pages/photos-page";
import { Shell } from "./pages/shell";
import { paper } from "./pictures";
import { expect, test } from "./quiet";

const { launchOptions = {}, baseURL, locale } = config.use ?? {};
const FAKE_DEVICE = "--use-fake-device-for-media-stream";
/** Whoever is asked says yes. */
const ALLOWED = "--use-fake-ui-for-media-stream";

function withArguments(...more: string[]) {
  return { ...launchOptions, args: [...(launchOptions.args ?? []), ...more] };
}

/** A browser of its own, for one that has another camera, or none. */
async function inBrowser(more: string[], work: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch(withArguments(...more));
  try {
    await work(await browser.newPage({ ...(baseURL && { baseURL }), ...(locale && { locale }) }));
  } finally {
    await browser.close();
  }
}

/** Frames of one grey picture as YUV4MPEG2, 4:2:0: brightness, and no colour. */
function y4m(grey: Uint8Array, width: number, height: number): Buffer {
  const colourless = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), grey, colourless]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F20:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

test.use({ launchOptions: withArguments(FAKE_DEVICE, ALLOWED) });

test("the camera is labelled live, and a captured frame becomes a labelled photo", async ({ page }) => {
  const camera = new CameraPage(page);
  const photos = new PhotosPage(page);
  await camera.open();
  await expect(camera.top).toHaveText("");
  await camera.start.click();
  await camera.answers(5);
  await expect(camera.top).not.toHaveText("");
  await expect(camera.labels).toHaveCount(5);
  const p = Number(await camera.top.getAttribute("data-p"));
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThanOrEqual(1);
  expect(Number.parseFloat((await camera.fps.textContent()) ?? "")).toBeGreaterThan(0);
  await camera.capture.click();
  await camera.capture.click();
  await expect(camera.kept).toHaveAttribute("data-count", "2");
  await camera.kept.click();
  await photos.reaches(2);
  for (const name of await photos.names()) expect(await photos.labels(name ?? "")).toHaveLength(5);
});

test("paused, the picture and its labels stand still, and another network answers that picture", async ({ page }) => {
  const camera = new CameraPage(page);
  await camera.open();
  await camera.start.click();
  await camera.answers(3);
  await camera.pause.click();
  await expect(camera.view).toHaveAttribute("data-state", "paused");
  // What was in flight may still come.
  await page.waitForTimeout(1500);
  const before = await camera.sequence();
  await page.waitForTimeout(1500);
  expect(await camera.sequence()).toBe(before);
  await camera.model.selectOption("digits");
  await expect.poll(() => camera.sequence()).toBe(before + 1);
  await camera.pause.click();
  await camera.answers(3);
});

test("the camera is let go by Stop and by leaving the page", async ({ page }) => {
  const camera = new CameraPage(page);
  await camera.open();
  await camera.start.click();
  await camera.answers(1);
  await camera.rememberTracks();
  expect(await camera.isReleased()).toBe(false);
  await camera.stop.click();
  await expect(camera.view).toHaveAttribute("data-state", "off");
  await expect(camera.start).toBeFocused();
  expect(await camera.isReleased()).toBe(true);
  await camera.start.click();
  await camera.answers(1);
  await camera.rememberTracks();
  await new Shell(page).navDraw.click();
  await expect(camera.start).toHaveCount(0);
  expect(await camera.isReleased()).toBe(true);
});

test("axe finds nothing on the Camera page while it is on", async ({ page }) => {
  const camera = new CameraPage(page);
  await camera.open();
  await camera.start.click();
  await camera.answers(2);
  await camera.pause.click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
});

test("the mirror turns the picture on the screen, and the camera can be chosen", async ({ page }) => {
  const camera = new CameraPage(page);
  await camera.open();
  await camera.start.click();
  await camera.answers(1);
  await expect(camera.video).toHaveCSS("transform", "matrix(-1, 0, 0, 1, 0, 0)");
  await camera.mirror.uncheck();
  await expect(camera.video).toHaveCSS("transform", "none");
  const [first] = await camera.device.locator("option").all();
  await camera.device.selectOption((await first?.getAttribute("value")) ?? "");
  await camera.answers(1);
});

test("a camera that is unplugged is said to be gone, and starts again", async ({ page }) => {
  const camera = new CameraPage(page);
  await camera.open();
  await camera.start.click();
  await camera.answers(1);
  // A track that is stopped by the page itself tells nobody; one whose device has gone does.
  await camera.video.evaluate((video: HTMLVideoElement) => {
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    track?.stop();
    track?.dispatchEvent(new Event("ended"));
  });
  await expect(camera.fault).toHaveAttribute("data-fault", "unplugged");
  await expect(camera.fault).toContainText("The camera was disconnected.");
  await camera.start.click();
  await camera.answers(1);
});

test("without permission the page says how to give it, and offers photos instead", async () => {
  await inBrowser([FAKE_DEVICE], async (page) => {
    const camera = new CameraPage(page);
    await camera.open();
    await camera.start.click();
    await expect(camera.fault).toHaveAttribute("data-fault", "denied");
    await expect(camera.start).toHaveText("Try again");
    await camera.photosInstead.click();
    await expect(new PhotosPage(page).samples).toHaveCount(3);
  });
});

test("without a camera the page says so", async () => {
  await inBrowser([ALLOWED], async (page) => {
    const camera = new CameraPage(page);
    await camera.open();
    await camera.start.click();
    await expect(camera.fault).toHaveAttribute("data-fault", "none");
    await expect(camera.fault).toContainText("No camera was found.");
  });
});

test("a digit on paper that is held to the camera is read", async () => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "hearth-frames-"));
  const [width, height] = [640, 480];
  try {
    for (const digit of ["3", "7"]) {
      const file = join(folder, `${digit}.y4m`);
      writeFileSync(file, y4m(paper(digits[digit] ?? [], width, height), width, height));
      await inBrowser([FAKE_DEVICE, ALLOWED, `--use-file-for-fake-video-capture=${file}`], async (page) => {
        const camera = new CameraPage(page);
        await camera.open();
        await camera.model.selectOption("digits");
        await camera.start.click();
        await camera.answers(3);
        await expect(camera.top).toHaveAttribute("data-label", digit);
        await expect(camera.top).toHaveText(digit);
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
