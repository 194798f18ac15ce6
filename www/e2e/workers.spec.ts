import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

test.use({ expected: [/crashed by the test/] });

for (const end of ["crash", "silence"] as const) {
  test(`recognition comes back with its model after the worker's ${end}, and the drawing is still there`, async ({
    page,
  }) => {
    const draw = new DrawPage(page);
    const shell = new Shell(page);
    await draw.openReady();
    const [first = [], second = []] = digits["4"] ?? [];
    await draw.drawStrokes([first]);
    await draw.answer();
    const before = await draw.sequence();
    await shell[end]("infer");
    await draw.drawStrokes([second]);
    await expect(shell.toast).toHaveAttribute("data-kind", "info", { timeout: 30_000 });
    await expect.poll(() => draw.sequence(), { timeout: 30_000 }).toBeGreaterThan(before);
    expect(await draw.answer()).toBe("4");
  });

  test(`a training fails with a sentence after its worker's ${end}, and can be started again`, async ({ page }) => {
    const train = new TrainPage(page);
    const shell = new Shell(page);
    await train.open();
    await train.start.click();
    await train.reaches("running");
    await train.reachesStep(5);
    await shell[end]("train");
    await train.reaches("failed", 40_000);
    await expect(train.status).toContainText("You can start it again.");
    await train.start.click();
    await train.reaches("running");
    await train.reachesStep(5);
    await train.stop.click();
  });
}

test("a prediction that was under way when its worker died is asked again", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  const worker = await shell.worker("infer");
  // Keeps the worker from answering until it dies.
  void worker
    .evaluate(() => {
      const until = performance.now() + 1500;
      while (performance.now() < until);
      throw setTimeout(() => {
        throw new Error("crashed by the test");
      });
    })
    .catch(() => {});
  await draw.drawStrokes(digits["1"] ?? []);
  await expect(draw.top).toHaveAttribute("data-state", "thinking");
  expect(await draw.answer()).toBe("1");
});
