// "None of these" is an answer: what is no digit is told from one, wherever the network for digits answers.
import type { Page } from "@playwright/test";
import { digits } from "./digits";
import { DrawPage, type Stroke } from "./pages/draw-page";
import { PhotosPage } from "./pages/photos-page";
import { Shell } from "./pages/shell";
import { TestPage } from "./pages/test-page";
import { bmp, grey, paper, picture, sample } from "./pictures";
import { expect, test } from "./quiet";

/** To and fro over the whole area, as a child does. */
const scribble: Stroke[] = [
  Array.from({ length: 60 }, (_, i) => ({
    x: 0.5 + 0.36 * Math.sin(i * 2.3),
    y: 0.5 + 0.36 * Math.cos(i * 1.7),
  })),
];
/** A house with a door. */
const house: Stroke[] = [
  [
    { x: 0.25, y: 0.85 },
    { x: 0.25, y: 0.45 },
    { x: 0.5, y: 0.15 },
    { x: 0.75, y: 0.45 },
    { x: 0.75, y: 0.85 },
    { x: 0.25, y: 0.85 },
  ],
  [
    { x: 0.25, y: 0.45 },
    { x: 0.75, y: 0.45 },
  ],
  [
    { x: 0.45, y: 0.85 },
    { x: 0.45, y: 0.62 },
    { x: 0.57, y: 0.62 },
    { x: 0.57, y: 0.85 },
  ],
];

const toggle = (page: Page) => page.getByTestId("none-switch");

test("on Draw a scribble and a house are not a digit, a digit is one, and a blank canvas is neither", async ({
  page,
}) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  await expect(draw.top).toHaveAttribute("data-label", "");
  for (const drawing of [scribble, house]) {
    await draw.drawStrokes(drawing, 0.05);
    expect(await draw.answer()).toBe("not a digit");
    await expect(draw.top).toHaveAttribute("data-label", "none");
    // The digits are told all the same; none of them stands out.
    const shares = [...(await draw.probabilities()).values()].map(Number);
    expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 3);
    await expect(page.locator("[data-testid=draw-bar][data-best=true]")).toHaveCount(0);
    await draw.clear.click();
    await expect(draw.top).toHaveAttribute("data-label", "");
  }
  for (const [digit, strokes] of Object.entries(digits)) {
    await draw.drawStrokes(strokes, 0.07);
    expect(await draw.answer()).toBe(digit);
    await expect(draw.top).toHaveAttribute("data-label", digit);
    await draw.clear.click();
  }
});

test("turned off, the nearest digit is the answer at once, on every page, and still so after a reload", async ({
  page,
}) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.drawStrokes(scribble, 0.05);
  expect(await draw.answer()).toBe("not a digit");
  const asked = await draw.sequence();
  await toggle(page).uncheck();
  await expect(draw.top).toHaveText(/^\d$/);
  const nearest = await draw.top.textContent();
  await expect(draw.top).toHaveAttribute("data-label", nearest ?? "");
  expect(await draw.sequence(), "nothing is asked anew").toBe(asked);
  await page.reload();
  await draw.waitUntilReady();
  // Drawn at once its edge is a little smoother than as it grew: what is nearest may be another digit now.
  expect(await draw.answer()).toMatch(/^\d$/);
  await expect(toggle(page)).not.toBeChecked();
  await shell.navPhotos.click();
  const photos = new PhotosPage(page);
  await photos.model.selectOption("digits");
  await photos.add([picture("chelsea.jpg", sample("chelsea"))]);
  await photos.reaches(1);
  await expect(photos.card("chelsea.jpg").locator("[data-label=none]")).toHaveCount(0);
  await toggle(page).check();
  await expect(photos.card("chelsea.jpg").locator("[data-testid=photo-label][data-label=none]")).toBeVisible();
  await shell.navDraw.click();
  expect(await draw.answer()).toBe("not a digit");
  await shell.lang.click();
  expect(await draw.answer()).toBe("不是数字");
  await expect(draw.top).toHaveAttribute("data-label", "none");
});

test("on Photos a cat is not a digit and a digit on paper is one; that can be filtered for, and is exported", async ({
  page,
}) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.model.selectOption("digits");
  const [width, height] = [640, 480];
  const read = ["0", "3", "7"];
  const sheets = read.map((digit) =>
    picture(`${digit}.bmp`, bmp(grey(paper(digits[digit] ?? [], width, height)), width, height)),
  );
  await photos.add([picture("chelsea.jpg", sample("chelsea")), picture("coffee.jpg", sample("coffee")), ...sheets]);
  await photos.reaches(5);
  for (const name of ["chelsea.jpg", "coffee.jpg"]) {
    const [first, ...classes] = await photos.labels(name);
    expect(first?.label, name).toBe("none");
    expect(classes, name).toHaveLength(5);
    const row = photos.card(name).getByTestId("photo-label").first();
    await expect(row).toHaveAttribute("data-index", "");
    await expect(row).toHaveText("not a digit");
  }
  for (const digit of read) expect(await photos.best(`${digit}.bmp`)).toBe(digit);
  await photos.filter.selectOption({ label: "not a digit (2)" });
  await expect(photos.cards.filter({ visible: true })).toHaveCount(2);
  await photos.filter.selectOption("");
  const lines = (await photos.exported("csv")).split("\r\n");
  expect(lines[0]).toMatch(/,label5,p5,none$/);
  expect(lines.slice(1, 6).map((line) => line.split(",").at(-1))).toEqual(["true", "true", "false", "false", "false"]);
});

test("a test says how many were refused and how right the others are; its other figures stay as they were", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const testing = new TestPage(page);
  await testing.open();
  await testing.run();
  const part = page.getByTestId("test-refused");
  const number = async (name: string) => Number(await part.getAttribute(`data-${name}`));
  const [refused, answered, accuracy] = [await number("refused"), await number("answered"), await number("accuracy")];
  expect(refused + answered).toBe(10_000);
  // The threshold keeps 99 % of those that it was not measured on; those that are left are read no worse.
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(200);
  const all = await testing.figure("accuracy");
  expect(all).toBeCloseTo(0.9955, 4);
  expect(accuracy).toBeGreaterThanOrEqual(all);
  await page.getByTestId("test-refused-images").locator("summary").click();
  await expect(page.getByTestId("test-refused-image").first()).toContainText("not a digit");
  await toggle(page).uncheck();
  await expect(part).toHaveAttribute("data-refused", "");
  expect(await testing.figure("accuracy")).toBe(all);
});
