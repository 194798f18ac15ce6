import { readFile } from "node:fs/promises";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { expect, test } from "./quiet";

const shipped = new URL("../public/models/digits.onnx", import.meta.url);

test("a file that is no ONNX is refused with a sentence, and the model in use stays", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  for (const [name, buffer] of [
    ["noise.onnx", Buffer.from("this is not a model, whatever its name says")],
    ["empty.onnx", Buffer.alloc(0)],
    ["cut.onnx", (await readFile(shipped)).subarray(0, 5000)],
    ["picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47])],
  ] as const) {
    await shell.modelInput.setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await expect(shell.toast, name).toHaveAttribute("data-kind", "error");
    await expect(shell.toast.locator("p"), name).toHaveText(/\w+ \w+ \w+/);
    await shell.toast.getByRole("button").click();
    await expect(shell.toast).toHaveCount(0);
  }
  await expect(shell.model).toHaveValue("digits");
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
});

test("an .onnx file is opened, answers at once, and the page and the strip say so", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.drawStrokes(digits["7"] ?? []);
  await draw.answer();
  const before = await draw.sequence();
  await shell.modelInput.setInputFiles([
    { name: "mine.onnx", mimeType: "application/octet-stream", buffer: await readFile(shipped) },
    {
      name: "labels.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("zero one two three four five six constructor eight nine".split(" ").join("\n")),
    },
  ]);
  await expect(shell.toast).toHaveAttribute("data-kind", "info");
  await expect(shell.model).toHaveValue(/^own-/);
  await expect(draw.model).toHaveValue(await shell.model.inputValue());
  await expect.poll(() => draw.sequence()).toBeGreaterThan(before);
  // A name that every JavaScript object has is a name like any other.
  expect(await draw.answer(), "named by the labels that came with the file").toBe("constructor");
  await draw.model.selectOption("digits");
  await expect(shell.model).toHaveValue("digits");
  await expect(draw.top).toHaveText("7");
});

test("a file that is dropped on a page is opened", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  const bytes = (await readFile(shipped)).toString("base64");
  const transfer = await page.evaluateHandle((base64) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    data.items.add(new File([content], "dropped.onnx"));
    return data;
  }, bytes);
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await expect(draw.model.locator("option:checked")).toContainText("dropped");
});

test("own models survive a reload, and can be renamed, downloaded, removed and brought back", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await shell.modelInput.setInputFiles({
    name: "kept.onnx",
    mimeType: "application/octet-stream",
    buffer: await readFile(shipped),
  });
  await expect(shell.model).toHaveValue(/^own-/);
  await shell.models.click();
  const row = page.locator("[data-testid=model-row][data-id^=own-]");
  await row.getByTestId("model-rename").click();
  await expect(row.getByRole("textbox")).toBeFocused();
  await page.keyboard.type("Herbert");
  await page.keyboard.press("Enter");
  await expect(row).toHaveAttribute("data-name", "Herbert");
  await page.reload();
  await draw.waitUntilReady();
  await expect(shell.model).toHaveText(/Herbert/);
  await shell.models.click();
  await expect(row).toContainText("opened from a file · 10 classes · 99.6% of 10,000 MNIST test images right");
  const downloads: [string, string][] = [
    ["[data-id=digits]", "digits.onnx"],
    ["[data-id^=own-]", "Herbert.onnx"],
  ];
  for (const [which, name] of downloads) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`[data-testid=model-row]${which}`).getByTestId("model-download").click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    expect((await readFile(await download.path())).equals(await readFile(shipped))).toBe(true);
  }
  await row.getByTestId("model-remove").click();
  await expect(shell.model).toHaveValue("digits");
  await expect(row).toHaveCount(0);
  await page.getByTestId("toast-undo").click();
  await expect(shell.model).toHaveValue(/^own-/);
  await expect(draw.model.locator("option")).toHaveText([
    "Digits · 99.6%",
    "Clothes · 92.6%",
    "Everyday photos · 88.4%",
    "Everyday photos, more accurate · 90.6%",
    "Herbert · 99.6%",
  ]);
});

test("each page has one select of models in sight", async ({ page }) => {
  const shell = new Shell(page);
  await new DrawPage(page).openReady();
  for (const [nav, own] of [
    [shell.navDraw, "draw-model"],
    [shell.navPhotos, "photo-model"],
    [shell.navCamera, "camera-model"],
    [shell.navTest, "test-model"],
    [shell.navTrain, "session-model"],
  ] as const) {
    await nav.click();
    await expect(page.getByTestId(own)).toBeVisible();
    const selects = page.locator("select").filter({ has: page.locator("option[value=lite0]") });
    await expect(selects.filter({ visible: true })).toHaveCount(1);
    await expect(shell.model).toBeVisible();
    await expect(shell.model).toHaveValue(await page.getByTestId(own).inputValue());
  }
});

test("where the browser has no room left, a model is still used, and the page says that it was not kept", async ({
  page,
}) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...args: Parameters<typeof put>) {
      if (this.name === "models") throw new DOMException("The disk is full.", "QuotaExceededError");
      return put.apply(this, args);
    };
  });
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await shell.modelInput.setInputFiles({
    name: "unkept.onnx",
    mimeType: "application/octet-stream",
    buffer: await readFile(shipped),
  });
  await expect(shell.toast.filter({ hasText: "could not be stored" })).toHaveAttribute("data-kind", "error");
  await expect(draw.model.locator("option:checked")).toContainText("unkept");
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
});
