/** Files from elsewhere: what they are taken to mean, how that is settled, and what stays of it. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { expect, test } from "./quiet";

const sklearn = new URL("files/sklearn-digits.onnx", import.meta.url);
const fixtures = new URL("../../tests/fixtures/", import.meta.url);
const octets = "application/octet-stream";

interface Told {
  kinds: { kind: string; start: number; bytes: number }[];
}

/** One of the files that tests/fixtures/kinds.py packs. */
async function kind(name: string): Promise<Buffer> {
  const { kinds } = JSON.parse(await readFile(new URL("kinds.json", fixtures), "utf8")) as Told;
  const found = kinds.find((each) => each.kind === name);
  if (!found) throw new Error(`no kind ${name}`);
  return (await readFile(new URL("kinds.bin", fixtures))).subarray(found.start, found.start + found.bytes);
}

const settlePanel = (page: Page) => page.getByTestId("settle-panel");
const rows = (page: Page) => page.locator('[data-testid="model-row"][data-id^="own-"]');

test("a file that wants bytes and does not say so is found out on samples, used rightly, and says so ever after", async ({
  page,
}) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await shell.modelInput.setInputFiles({ name: "course.onnx", mimeType: octets, buffer: await readFile(sklearn) });
  await expect(settlePanel(page)).toHaveAttribute("data-state", "ready", { timeout: 60_000 });
  await expect(settlePanel(page)).toHaveAttribute("data-likeliest", "bytes");
  await expect(settlePanel(page)).toHaveAttribute("data-applied", "true");
  await expect(page.getByTestId("preprocess-preset")).toHaveValue("bytes");
  await page.keyboard.press("Escape");
  await draw.drawStrokes(digits["3"] ?? []);
  expect(await draw.answer()).toBe("3");

  await page.getByTestId("models-open").click();
  const download = page.waitForEvent("download");
  await rows(page).getByTestId("model-download").click();
  const file = await readFile(await (await download).path());
  expect(file.includes("hearth.preprocessing"), "it is written into the file").toBe(true);

  await page.reload();
  await draw.openReady();
  await draw.drawStrokes(digits["3"] ?? []);
  expect(await draw.answer()).toBe("3");
  await expect(settlePanel(page)).toHaveCount(0);
});

test("another preprocessing can be chosen, and taken back", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await shell.modelInput.setInputFiles({ name: "course.onnx", mimeType: octets, buffer: await readFile(sklearn) });
  await expect(settlePanel(page)).toHaveAttribute("data-applied", "true", { timeout: 60_000 });
  await page.getByTestId("preprocess-preset").selectOption("signed");
  await page.getByTestId("preprocess-apply").click();
  await expect(settlePanel(page)).toHaveAttribute("data-known", "signed");
  await page.keyboard.press("Escape");
  await page.getByTestId("toast-undo").last().click();
  await draw.drawStrokes(digits["3"] ?? []);
  await expect(draw.top).toHaveText("3");
});

test("the same file opened twice is one model", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  const buffer = await readFile(sklearn);
  await shell.modelInput.setInputFiles({ name: "once.onnx", mimeType: octets, buffer });
  await expect(settlePanel(page)).toHaveAttribute("data-applied", "true", { timeout: 60_000 });
  await page.keyboard.press("Escape");
  const first = await shell.model.inputValue();
  await draw.model.selectOption("digits");
  await shell.modelInput.setInputFiles({ name: "again.onnx", mimeType: octets, buffer });
  await expect(shell.model).toHaveValue(first);
  await page.getByTestId("models-open").click();
  await expect(rows(page)).toHaveCount(1);
});

test("weights that lie beside a file are asked for by name, and complete it when they come", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  const file = async (name: string) => ({
    name,
    mimeType: octets,
    buffer: await readFile(new URL(`external/${name}`, fixtures)),
  });
  await shell.modelInput.setInputFiles(await file("one.onnx"));
  await expect(shell.toast.first()).toHaveAttribute("data-kind", "error");
  await expect(shell.toast.first()).toContainText("one.onnx.data");
  await shell.modelInput.setInputFiles(await file("one.onnx.data"));
  await expect(shell.model).toHaveValue(/^own-/);
});

test("files of other programs are told by name, with the command that makes an ONNX of them", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  for (const [name, command] of [
    ["h5, called .onnx", "keras"],
    ["tflite, called .onnx", "tf2onnx"],
  ] as const) {
    await shell.modelInput.setInputFiles({ name: "model.onnx", mimeType: octets, buffer: await kind(name) });
    await expect(page.getByTestId("toast-command"), name).toContainText(command);
    await expect(shell.toast).toHaveAttribute("data-kind", "error");
    await shell.toast.getByRole("button").last().click();
    await expect(shell.toast).toHaveCount(0);
  }
  await expect(shell.model).toHaveValue("digits");
});

test("channels last, bytes, halves, a fixed batch and one sigmoid are opened like any other", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  for (const [name, classes] of [
    ["bytes, channels last", 10],
    ["float16 throughout", 10],
    ["fixed batch 8 with inner shapes", 10],
    ["one sigmoid, two classes", 2],
    ["sigmoid, independent labels", 10],
  ] as const) {
    const before = await shell.model.inputValue();
    await shell.modelInput.setInputFiles({ name: `${name}.onnx`, mimeType: octets, buffer: await kind(name) });
    await expect(shell.model, name).not.toHaveValue(before);
    await expect(settlePanel(page), name).toHaveAttribute("data-applied", "true", { timeout: 60_000 });
    await page.keyboard.press("Escape");
    await draw.drawStrokes(digits["3"] ?? []);
    await expect(page.getByTestId("draw-bar"), name).toHaveCount(classes);
    await page.getByTestId("draw-clear").click();
  }
});

test("lists of labels are read in whatever form they are", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  const names = "null eins zwei drei vier fünf sechs sieben acht neun".split(" ");
  await draw.openReady();
  const lists: [string, string | Buffer][] = [
    ["labels.txt", `\uFEFF${names.join("\r\n")}\r\n`],
    ["labels.csv", `index,label\n${names.map((name, index) => `${index},${name}`).join("\n")}`],
    ["config.json", JSON.stringify({ id2label: Object.fromEntries(names.entries()) })],
    ["teachable.txt", names.map((name, index) => `${index} ${name}`).join("\n")],
  ];
  for (const [place, [name, list]] of lists.entries()) {
    // Another file each time: the same one would be the entry that is there.
    const model = await kind(["no metadata", "logits alone", "channels last", "flat vector"][place] ?? "");
    await shell.modelInput.setInputFiles([
      { name: `${name}.onnx`, mimeType: octets, buffer: model },
      { name, mimeType: "text/plain", buffer: Buffer.from(list) },
    ]);
    await expect(settlePanel(page), name).toHaveAttribute("data-applied", "true", { timeout: 60_000 });
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("draw-bar").first(), name).toHaveAttribute("data-class", "null");
  }
});
