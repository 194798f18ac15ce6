import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { expect, test } from "./quiet";

const shipped = readFileSync(fileURLToPath(new URL("../public/models/digits.onnx", import.meta.url)));

test("every page has one primary button, an address that is no page too", async ({ page }) => {
  const shell = new Shell(page);
  for (const route of ["", "photos", "camera", "data", "train", "test", "layers", "no-such-page"]) {
    await page.goto(`./#/${route}`);
    await expect(shell.primary, route).toHaveCount(1);
  }
  await expect(page.getByTestId("unknown-page")).toContainText("no-such-page");
  await shell.primary.click();
  await expect(page.locator("main")).toHaveAttribute("data-route", "draw");
});

test("from Draw, the next step is the network's: to train, to test at once, to label photos", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await expect(shell.primary).toHaveAttribute("data-step", "train");
  await draw.model.selectOption("lite0");
  await expect(shell.primary).toHaveAttribute("data-step", "photos");
  await shell.modelInput.setInputFiles({ name: "mine.onnx", mimeType: "application/octet-stream", buffer: shipped });
  await expect(shell.primary).toHaveAttribute("data-step", "test");
  await draw.drawStrokes(digits["4"] ?? []);
  expect(await draw.answer()).toBe("4");
  await expect(shell.primary).toHaveCount(1);
  await shell.primary.click();
  // No second click: the test has begun.
  await expect(page.getByTestId("test-cancel").or(page.getByTestId("test-report"))).toBeVisible();
  await expect(page.getByTestId("test-report")).toBeVisible({ timeout: 60_000 });
  await expect(shell.primary).toHaveCount(1);
  await page.getByTestId("test-image").first().click();
  const image = await page.getByTestId("test-image-dialog").getAttribute("data-index");
  await page.getByTestId("test-look-inside").click();
  await expect(page.getByTestId("layers-sample-shown")).toHaveAttribute("data-index", image ?? "");
  await expect(shell.primary).toHaveAttribute("data-step", "train");
  await shell.models.click();
  await expect(page.getByTestId("model-open")).toBeVisible();
  await expect(shell.primary).toHaveCount(1);
  await page.keyboard.press("Escape");
  await shell.navDraw.click();
  await expect(shell.primary).toHaveAttribute("data-step", "train");
  expect(await draw.answer()).toBe("4");
});
