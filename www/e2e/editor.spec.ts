import AxeBuilder from "@axe-core/playwright";
import type { LayerSpec } from "../src/engine/types";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

const flatten: LayerSpec = { kind: "flatten" };
const dense = (units: number): LayerSpec => ({ kind: "dense", units });
const conv = (filters: number, kernel: number, stride = 1, padding = 0): LayerSpec => ({
  kind: "conv",
  filters,
  kernel,
  stride,
  padding,
});

test("a network is built from nothing, and its shapes, parameters and multiply-adds are those of pen and paper", async ({
  page,
}) => {
  const train = new TrainPage(page);
  await train.edit();
  for (let i = await train.rows.count(); i > 0; i--) await train.row(0).remove.click();
  await expect(train.problem).toHaveAttribute("data-misfit", "noLayers");
  await expect(train.multiplyAdds).toHaveAttribute("data-count", "");

  await train.add("conv", 0);
  await train.row(0).set("filters", 8);
  await train.row(0).set("kernel", 5);
  await train.row(0).set("stride", 2);
  await train.row(0).set("padding", 2);
  await train.add("depthwise", 1);
  await train.add("gelu", 2);
  await train.add("avgPool", 3);
  await train.add("globalAvgPool", 4);
  await train.add("flatten", 5);
  await train.add("dense", 6);

  // Shape, parameters, multiply-adds.
  const expected: [string, number, number][] = [
    // (28 + 2·2 − 5) / 2 + 1 = 14; 8 filters of 5·5 and a bias; 14·14·8 outputs of 25 products each.
    ["8x14x14", 8 * (25 + 1), 14 * 14 * 8 * 25],
    ["8x14x14", 8 * (9 + 1), 14 * 14 * 8 * 9],
    ["8x14x14", 0, 0],
    ["8x7x7", 0, 0],
    ["8x1x1", 0, 0],
    ["8", 0, 0],
    ["10", 10 * (8 + 1), 10 * 8],
  ];
  for (const [i, [shape, parameters, multiplyAdds]] of expected.entries()) {
    await expect(train.row(i).row).toHaveAttribute("data-shape", shape);
    await expect(train.row(i).row).toHaveAttribute("data-parameters", String(parameters));
    await expect(train.row(i).row).toHaveAttribute("data-multiply-adds", String(multiplyAdds));
  }
  await expect(train.parameters).toHaveAttribute("data-count", String(208 + 80 + 90));
  await expect(train.multiplyAdds).toHaveAttribute("data-count", String(39_200 + 14_112 + 80));
  await expect(train.problem).toHaveCount(0);
  await expect(train.preset).toHaveValue("custom");
});

test("the classic network costs 2,440,960 multiply-adds, and what it costs follows while typing", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  await expect(train.multiplyAdds).toHaveAttribute("data-count", "2440960");
  await train.row(0).field("filters").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("16");
  // 16·26·26·9 + 64·11·11·16·9 + 16,000
  await expect(train.multiplyAdds).toHaveAttribute("data-count", String(97_344 + 1_115_136 + 16_000));
  await expect(train.row(3).row).toHaveAttribute("data-parameters", String(64 * (16 * 9 + 1)));
  await train.undo.click();
  await expect(train.row(0).field("filters"), "typing two digits is one step").toHaveValue("32");
  await expect(train.undo).toHaveAttribute("aria-disabled", "true");
});

/** What does not fit, at which layer, and what the repair that is offered makes of it. */
const misfits: { name: string; layers: LayerSpec[]; at: number; misfit: string; repaired: LayerSpec[] | null }[] = [
  {
    name: "a dense layer on an image",
    layers: [conv(4, 3), dense(10)],
    at: 1,
    misfit: "needsFlatten",
    repaired: [conv(4, 3), flatten, dense(10)],
  },
  {
    name: "a second Flatten",
    layers: [flatten, flatten, dense(10)],
    at: 1,
    misfit: "flattenTwice",
    repaired: [flatten, dense(10)],
  },
  {
    name: "a convolution on a list",
    layers: [flatten, conv(4, 3), dense(10)],
    at: 1,
    misfit: "needsMap",
    repaired: [conv(4, 3), flatten, dense(10)],
  },
  {
    name: "a kernel larger than the image",
    layers: [{ kind: "maxPool", size: 4, stride: 4 }, conv(4, 9), flatten, dense(10)],
    at: 1,
    misfit: "windowTooLarge",
    repaired: [{ kind: "maxPool", size: 4, stride: 4 }, conv(4, 7), flatten, dense(10)],
  },
  {
    name: "a window larger than the image",
    layers: [{ kind: "avgPool", size: 40, stride: 40 }, flatten, dense(10)],
    at: 0,
    misfit: "windowTooLarge",
    repaired: [{ kind: "avgPool", size: 28, stride: 28 }, flatten, dense(10)],
  },
  {
    name: "a padding as wide as the kernel",
    layers: [conv(4, 3, 1, 3), flatten, dense(10)],
    at: 0,
    misfit: "paddingTooWide",
    repaired: [conv(4, 3, 1, 1), flatten, dense(10)],
  },
  {
    name: "no filters",
    layers: [conv(0, 3), flatten, dense(10)],
    at: 0,
    misfit: "tooSmall",
    repaired: [conv(1, 3), flatten, dense(10)],
  },
  {
    name: "too many filters",
    layers: [conv(5000, 3), flatten, dense(10)],
    at: 0,
    misfit: "tooLarge",
    repaired: [conv(1024, 3), flatten, dense(10)],
  },
  {
    name: "a dropout of everything",
    layers: [flatten, { kind: "dropout", rate: 1 }, dense(10)],
    at: 1,
    misfit: "dropoutRate",
    repaired: [flatten, { kind: "dropout", rate: 0.3 }, dense(10)],
  },
  {
    name: "a leak that is steeper than what it leaks from",
    layers: [flatten, { kind: "leakyRelu", slope: 3 }, dense(10)],
    at: 1,
    misfit: "slope",
    repaired: [flatten, { kind: "leakyRelu", slope: 0.01 }, dense(10)],
  },
  {
    name: "more parameters than can be trained here",
    layers: [flatten, dense(60_000), dense(10)],
    at: 1,
    misfit: "parameters",
    // 16,000,000 / 2 / 785
    repaired: [flatten, dense(10_191), dense(10)],
  },
  {
    name: "more parameters than can be trained here, in the first layer",
    layers: [conv(1024, 128, 1, 64), flatten, dense(10)],
    at: 0,
    misfit: "parameters",
    // 16,000,000 / 2 / (128·128 + 1)
    repaired: [conv(488, 128, 1, 64), flatten, dense(10)],
  },
  {
    name: "more values than fit into memory",
    layers: [conv(1024, 100, 1, 99), flatten, dense(10)],
    at: 0,
    misfit: "activations",
    repaired: null,
  },
  {
    name: "an activation at the end",
    layers: [flatten, dense(32), { kind: "relu" }],
    at: 2,
    misfit: "lastLayer",
    repaired: [flatten, dense(32), { kind: "relu" }, dense(10)],
  },
  {
    name: "an image at the end",
    layers: [conv(4, 3)],
    at: 0,
    misfit: "lastLayer",
    repaired: [conv(4, 3), flatten, dense(10)],
  },
  {
    name: "more units than there are classes",
    layers: [flatten, dense(12)],
    at: 1,
    misfit: "classes",
    repaired: [flatten, dense(10)],
  },
];

test("whatever does not fit is said at its layer, and the repair that is offered makes it fit", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  for (const { name, layers, at, misfit, repaired } of misfits) {
    await test.step(name, async () => {
      await train.pasteJson(layers);
      await expect(train.problem).toHaveAttribute("data-misfit", misfit);
      await expect(train.problem).toHaveAttribute("data-layer", String(at));
      await expect(train.row(at).row.getByTestId("layer-problem")).toHaveText(/\w+ \w+ \w+/);
      await expect(train.parameters).toHaveAttribute("data-count", "");
      if (!repaired) {
        await expect(train.fix).toHaveCount(0);
        return;
      }
      await train.fix.click();
      await expect(train.problem).toHaveCount(0);
      await expect(train.parameters).toHaveAttribute("data-count", /\d/);
      expect((await train.copyJson()).layers).toEqual(repaired);
    });
  }
});

test("a network that does not fit is not started: what is wrong is pointed at", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  await train.row(6).remove.click();
  await expect(train.problem).toHaveAttribute("data-misfit", "needsFlatten");
  await train.editButton.click();
  await expect(train.rows).toHaveCount(0);
  await train.start.click();
  await expect(train.problem).toBeFocused();
  await expect(train.rows).toHaveCount(7);
  await expect(train.status).toHaveAttribute("data-state", "idle");
  await new Shell(page).lang.click();
  await expect(train.problem).toContainText("展平");
});

test("layers move by keyboard, the focus goes with them, and every step can be taken back", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  const classic = await train.kinds();
  await train.row(1).down.focus();
  await page.keyboard.press("Enter");
  await expect(train.row(2).down).toBeFocused();
  await expect(train.row(1).row).toHaveAttribute("data-kind", "maxPool");
  await expect(train.row(1).row).toHaveAttribute("data-shape", "32x13x13");
  await train.row(2).up.focus();
  await page.keyboard.press("Enter");
  await expect(train.row(1).up).toBeFocused();
  expect(await train.kinds()).toEqual(classic);
  await page.keyboard.press("Enter");
  await expect(train.row(0).up, "at the top the focus stays").toBeFocused();
  await page.keyboard.press("Enter");
  const moved = await train.kinds();
  expect(moved[0]).toBe("relu");

  await train.row(7).remove.click();
  await expect(train.rows).toHaveCount(7);
  await train.undo.click();
  expect(await train.kinds()).toEqual(moved);
  for (let i = 0; i < 3; i++) await train.undo.click();
  expect(await train.kinds()).toEqual(classic);
  await expect(train.preset, "back to where it began is the preset again").toHaveValue("classic");
  for (let i = 0; i < 3; i++) await train.redo.click();
  expect(await train.kinds()).toEqual(moved);
  await train.reset.click();
  await expect(train.preset).toHaveValue("classic");
  await train.undo.click();
  expect(await train.kinds(), "even that can be taken back").toEqual(moved);
});

test("one activation is tried in another's place, and a pooling in another's with its window kept", async ({
  page,
}) => {
  const train = new TrainPage(page);
  await train.edit();
  await train.row(2).set("size", 3);
  await expect(train.row(2).field("stride"), "the stride follows a window that it was as wide as").toHaveValue("3");
  await train.row(2).set("stride", 2);
  await train.row(2).kind.selectOption("avgPool");
  await train.row(1).kind.selectOption("sigmoid");
  const { layers } = await train.copyJson();
  expect(layers.slice(1, 3)).toEqual([{ kind: "sigmoid" }, { kind: "avgPool", size: 3, stride: 2 }]);
});

test("copied and pasted it is the same network; what is no network is refused with a sentence, and nothing is lost", async ({
  page,
}) => {
  const train = new TrainPage(page);
  await train.edit();
  await train.row(0).set("filters", 12);
  await page.getByTestId("layers-name").fill("mine");
  const copied = await train.copyJson();
  expect(copied.name).toBe("mine");
  await train.preset.selectOption("depthwise");
  await expect(train.rows).toHaveCount(20);
  await train.pasteJson(copied);
  await expect(train.rows).toHaveCount(8);
  expect(await train.copyJson()).toEqual(copied);

  const text = page.getByTestId("layers-json");
  const error = page.getByTestId("layers-json-error");
  for (const bad of [
    "conv conv conv",
    '"conv"',
    "{}",
    '[{"kind":"attention"}]',
    '[{"kind":"conv","filters":8}]',
    '[{"kind":"dense","units":-1}]',
    '[{"kind":"dense","units":2.5}]',
    "[null]",
  ]) {
    await train.paste.click();
    await text.fill(bad);
    await page.getByTestId("layers-json-use").click();
    await expect(error, bad).toHaveText(/\w+ \w+ \w+/);
    await expect(text, "what was pasted is still there to be mended").toHaveValue(bad);
    await page.keyboard.press("Escape");
    await expect(text).toHaveCount(0);
  }
  expect(await train.copyJson()).toEqual(copied);
});

test("the clipboard is used where the browser allows it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const train = new TrainPage(page);
  await train.edit();
  await train.copy.click();
  await expect(new Shell(page).toast).toHaveAttribute("data-kind", "info");
  await train.preset.selectOption("mlp");
  await expect(train.rows).toHaveCount(4);
  await train.paste.click();
  await expect(train.rows).toHaveCount(8);
  await expect(train.parameters).toHaveAttribute("data-count", "34826");
});

test("an edited network survives another page and a reload, and is trained: SGD with momentum, mean squared error", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  const shell = new Shell(page);
  await train.edit();
  await train.row(0).set("filters", 8);
  await train.row(3).set("filters", 8);
  await train.row(4).kind.selectOption("tanh");
  await expect(train.parameters).toHaveAttribute("data-count", String(80 + 8 * 73 + 10 * 201));
  await shell.navDraw.click();
  await shell.navTrain.click();
  await expect(train.preset).toHaveValue("custom");
  await page.reload();
  await expect(train.preset).toHaveValue("custom");
  await expect(train.parameters).toHaveAttribute("data-count", "2674");

  await train.more.click();
  await train.optimizer.selectOption("sgd");
  await expect(page.getByTestId("train-lr")).toHaveValue("0.05");
  await train.set("momentum", 0.9);
  await train.set("weight-decay", 0.0001);
  await train.set("lr", 0.5);
  await train.loss.selectOption("meanSquaredError");
  await expect(train.loss.locator("..")).toContainText("softmax");
  await train.start.click();
  await train.reaches("running");
  // The mean over the classes: guessing costs 0.09, where cross-entropy would begin at 2.3.
  await expect.poll(() => train.figure("loss")).toBeGreaterThan(0);
  expect(await train.figure("loss")).toBeLessThan(0.1);
  await expect(train.editButton).toBeHidden();
  await train.reachesStep(250, 120_000);
  await train.stop.click();
  await train.reaches("stopped");
  expect(await train.figure("train-accuracy")).toBeGreaterThan(0.4);
  await expect(page.getByTestId("train-summary")).toContainText("2,674");
});

test("a kept network that this version does not know is put away with a sentence", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await page.evaluate(() => {
    const own = { name: "", layers: [{ kind: "attention" }] };
    localStorage.setItem("hearth.network", JSON.stringify({ preset: "mlp", own }));
  });
  await page.reload();
  await expect(new Shell(page).toast).toContainText("earlier visit");
  await expect(train.preset).toHaveValue("mlp");
  await expect(train.parameters).toHaveAttribute("data-count", String(128 * 785 + 10 * 129));
});

test("every optimiser trains, with a schedule and varied images, on the networks to compare with", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  for (const [optimizer, preset] of [
    ["adamW", "mlp"],
    ["sgd", "depthwise"],
    ["adam", "digits"],
  ] as const) {
    await train.preset.selectOption(preset);
    if (!(await train.optimizer.isVisible())) await train.more.click();
    await train.optimizer.selectOption(optimizer);
    await page.getByTestId("train-schedule").selectOption("cosine");
    await page.getByTestId("train-augmentation").selectOption("handwriting");
    await train.set("batch", 8);
    await train.start.click();
    await train.reachesStep(10);
    await train.stop.click();
    await train.reaches("stopped");
    expect(await train.figure("loss"), `${optimizer}, ${preset}`).toBeGreaterThan(0.1);
  }
});

test("every word of the recipe and every layer has its formula and says how to choose, in both languages", async ({
  page,
}) => {
  const train = new TrainPage(page);
  const dialog = page.getByTestId("term-dialog");
  await train.edit();
  await train.more.click();
  await train.optimizer.selectOption("adamW");
  for (const language of ["en", "zh"]) {
    const words = page.locator(".more-fields .term, .layer-rows .term");
    for (let i = 0; i < (await words.count()); i++) {
      const word = words.nth(i);
      await word.click();
      await expect(dialog.locator("math"), `${language}: ${await word.textContent()}`).toBeVisible();
      await expect(dialog.locator("p").first()).toHaveText(/\S{4}/);
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
    }
    await new Shell(page).lang.click();
  }
  await train.row(1).row.locator(".term").click();
  await expect(dialog).toContainText("trains faster");
  await expect(dialog.getByRole("img")).toBeVisible();
});

async function violations(page: TrainPage["page"]): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`axe finds nothing in the editor, with a misfit, in its menu and its sheet: ${colorScheme}`, async ({
      page,
    }) => {
      const train = new TrainPage(page);
      await train.edit();
      await train.more.click();
      await train.optimizer.selectOption("sgd");
      expect(await violations(page)).toEqual([]);
      await train.row(3).set("kernel", 40);
      await expect(train.fix).toBeEnabled();
      expect(await violations(page)).toEqual([]);
      await train.row(3).add.click();
      await expect(page.getByTestId("layer-menu")).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await train.paste.click();
      await page.getByTestId("layers-json").fill("[");
      await page.getByTestId("layers-json-use").click();
      await expect(page.getByTestId("layers-json-error")).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await train.row(1).row.locator(".term").click();
      await expect(page.getByTestId("term-dialog").getByRole("img")).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

for (const locale of ["en-GB", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale, viewport: { width: 360, height: 740 }, hasTouch: true });

    test(`on a phone the editor works by touch and nothing has to be scrolled sideways: ${locale}`, async ({
      page,
    }) => {
      const train = new TrainPage(page);
      await train.edit();
      await train.row(0).set("padding", 3);
      await expect(train.problem).toBeVisible();
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await wide()).toBeLessThanOrEqual(360);
      await train.fix.tap();
      await expect(train.problem).toHaveCount(0);
      await train.row(0).add.tap();
      await page.getByTestId("layer-menu").locator("[data-kind=batchNorm]").tap();
      await expect(train.row(1).row).toHaveAttribute("data-kind", "batchNorm");
      await expect(train.row(1).row).toHaveAttribute("data-parameters", "64");
      expect(await wide()).toBeLessThanOrEqual(360);
    });
  });
}

test("numbers are typed digit by digit, and a layer of another kind keeps the keyboard's place", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  const typed = async (setting: "validation" | "lr", text: string) => {
    const field = page.getByTestId(`train-${setting}`);
    if (!(await field.isVisible())) await train.more.click();
    await field.fill("");
    await field.pressSequentially(text);
    await expect(field).toHaveValue(text);
    await field.blur();
    await expect(field).toHaveValue(text);
  };
  await typed("validation", "0.05");
  await typed("lr", "0.0105");
  await train.row(1).kind.selectOption("tanh");
  await expect(train.row(1).row).toHaveAttribute("data-kind", "tanh");
  await expect(train.row(1).kind).toBeFocused();
});

test("a list of layers that is too long is refused, and the page goes on answering", async ({ page }) => {
  const train = new TrainPage(page);
  await train.edit();
  const before = await train.kinds();
  await train.paste.click();
  await page.getByTestId("layers-json").fill(`[${Array(20_000).fill('{"kind":"relu"}').join()}]`);
  await page.getByTestId("layers-json-use").click();
  await expect(page.getByRole("dialog")).toContainText("a network has at most 200");
  await page.keyboard.press("Escape");
  expect(await train.kinds()).toEqual(before);
});
