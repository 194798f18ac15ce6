import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { expect, test } from "./quiet";

// The browser's own word for a file that a test holds back.
test.use({ expected: [/404/] });

test("a blank canvas predicts nothing: ten empty bars and no answer", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  await expect(draw.top).toHaveAttribute("data-state", "blank");
  await expect(draw.top).toHaveText("");
  await expect(draw.bars).toHaveCount(10);
  expect([...(await draw.probabilities()).values()]).toEqual(Array(10).fill(null));
  expect(await draw.sequence()).toBe(0);
});

test("drawn digits are recognised, and their bars add up to one", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  for (const [digit, strokes] of Object.entries(digits)) {
    await draw.drawStrokes(strokes);
    expect(await draw.answer()).toBe(digit);
    const shares = await draw.probabilities();
    const values = [...shares.values()].map(Number);
    expect(values.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 3);
    expect(shares.get(digit)).toBe(Math.max(...values));
    await draw.clear.click();
  }
});

test("the answer follows the drawing, and every finished prediction is counted", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error("The canvas is not shown.");
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8, { steps: 5 });
  await expect.poll(() => draw.sequence()).toBeGreaterThan(0);
  const before = await draw.sequence();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8, { steps: 5 });
  await expect.poll(() => draw.sequence()).toBeGreaterThan(before);
  await page.mouse.up();
});

test("small, thick and off-centre digits are recognised too", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  const seven = digits["7"] ?? [];
  const corner = seven.map((stroke) => stroke.map(({ x, y }) => ({ x: 0.02 + x * 0.35, y: 0.6 + y * 0.35 })));
  await draw.drawStrokes(corner, 0.03);
  expect(await draw.answer()).toBe("7");
  await draw.clear.click();
  await draw.drawStrokes(seven, 0.12);
  expect(await draw.answer()).toBe("7");
});

test("undo takes back a stroke, redo makes it again, and what was cleared is brought back", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  const [first = [], second = []] = digits["4"] ?? [];
  await draw.drawStrokes([first, second]);
  expect(await draw.answer()).toBe("4");
  const both = await pixels(draw);
  await draw.undo.click();
  await draw.answer();
  expect(await pixels(draw)).toBeLessThan(both);
  await draw.redo.click();
  expect(await draw.answer()).toBe("4");
  // Drawn at once its edge is a little smoother than as it grew.
  expect(Math.abs((await pixels(draw)) - both)).toBeLessThan(both / 100);
  await draw.clear.click();
  await expect(draw.top).toHaveAttribute("data-state", "blank");
  await expect(draw.top).toHaveText("");
  expect(await pixels(draw)).toBe(0);
  await shell.toastUndo.click();
  await expect(shell.toast).toHaveCount(0);
  expect(await draw.answer()).toBe("4");
  expect(Math.abs((await pixels(draw)) - both)).toBeLessThan(both / 100);
});

test("the drawing survives a reload and a change of the language", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.drawStrokes(digits["4"] ?? []);
  expect(await draw.answer()).toBe("4");
  const before = await pixels(draw);
  await page.reload();
  expect(await draw.answer()).toBe("4");
  await shell.lang.click();
  expect(await draw.answer()).toBe("4");
  expect(Math.abs((await pixels(draw)) - before)).toBeLessThan(before / 100);
});

test("a pen takes over from a palm that rests on the canvas", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error("The canvas is not shown.");
  const input = await page.context().newCDPSession(page);
  const place = ({ x, y }: { x: number; y: number }) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
  const pen = (type: "mousePressed" | "mouseMoved" | "mouseReleased", at: { x: number; y: number }) => {
    const pressed = { button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 } as const;
    return input.send("Input.dispatchMouseEvent", { type, ...place(at), ...pressed, pointerType: "pen" });
  };
  await input.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [place({ x: 0.95, y: 0.9 })] });
  await expect(draw.undo).toBeEnabled();
  for (const [first, ...rest] of digits["4"] ?? []) {
    if (!first) continue;
    await pen("mousePressed", first);
    for (const at of rest) await pen("mouseMoved", at);
    await pen("mouseReleased", rest.at(-1) ?? first);
  }
  await input.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  expect(await draw.answer()).toBe("4");
  await draw.undo.click();
  await draw.undo.click();
  expect(await pixels(draw), "of the palm nothing is left").toBe(0);
});

test("an answer goes with its network, and one that cannot be had gives way to the last that was open", async ({
  page,
}) => {
  let refuse = () => {};
  const held = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  await page.route("**/lite0.onnx", async (route) => {
    await held;
    await route.fulfill({ status: 404 });
  });
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.drawStrokes(digits["4"] ?? []);
  expect(await draw.answer()).toBe("4");
  await draw.model.selectOption("lite0");
  await expect(draw.top).toHaveAttribute("data-state", "loading");
  await expect(draw.top).toHaveText("");
  refuse();
  await expect(shell.toast).toHaveAttribute("data-kind", "error");
  await expect(draw.model).toHaveValue("digits");
  expect(await draw.answer()).toBe("4");
});

test("what the network sees is 28 by 28, ink bright on black", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  await draw.drawStrokes(digits["0"] ?? []);
  await draw.answer();
  const seen = await draw.seen.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const values = [...(canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [])];
    const grey = values.filter((_, i) => i % 4 === 0);
    return { width, height, corner: grey[0], brightest: Math.max(...grey) };
  });
  expect(seen).toEqual({ width: 28, height: 28, corner: 0, brightest: 255 });
});

test("strokes made while the network is loading are answered once it is there", async ({ page }) => {
  let deliver = () => {};
  const held = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.route("**/digits.onnx", async (route) => {
    await held;
    await route.continue();
  });
  const draw = new DrawPage(page);
  await draw.open();
  await draw.drawStrokes(digits["1"] ?? []);
  await expect(draw.top).toHaveAttribute("data-state", "loading");
  deliver();
  expect(await draw.answer()).toBe("1");
});

test("a digit can be drawn with the keyboard alone", async ({ page }) => {
  const draw = new DrawPage(page);
  await draw.openReady();
  await draw.canvas.focus();
  await page.keyboard.press("Space");
  for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  expect(await draw.answer()).toBe("1");
  await page.keyboard.press("Backspace");
  await expect(draw.top).toHaveAttribute("data-state", "blank");
});

test("the drawing is still there after a look at another page", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.drawStrokes(digits["7"] ?? []);
  await draw.answer();
  await shell.navTrain.click();
  await expect(page.getByTestId("train-start")).toBeVisible();
  await expect(draw.canvas).toHaveCount(0);
  await shell.navDraw.click();
  expect(await draw.answer()).toBe("7");
  expect(await pixels(draw)).toBeGreaterThan(0);
});

/** How many of the canvas's pixels hold ink. */
function pixels(draw: DrawPage): Promise<number> {
  return draw.canvas.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return [...data].filter((value, i) => i % 4 === 3 && value > 0).length;
  });
}
