import { fileURLToPath } from "node:url";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";
import { staticHost } from "./static-host";

test("the page and its workers are sent with a policy that lets nothing in or out", async ({ page }) => {
  const sealed: boolean[] = [];
  page.on("response", async (response) => {
    if (!/\.(js|html)$|\/$/.test(new URL(response.url()).pathname)) return;
    const policy = (await response.allHeaders())["content-security-policy"] ?? "";
    sealed.push(policy.includes("default-src 'none'") && !policy.includes("unsafe-inline"));
  });
  await new DrawPage(page).openReady();
  expect(sealed.length).toBeGreaterThan(2);
  expect(sealed).not.toContain(false);
});

test("the page works from a folder of a static host that sends .gz as an encoding", async ({ page }) => {
  const host = await staticHost(fileURLToPath(new URL("../dist", import.meta.url)), "/some/where/");
  try {
    const draw = new DrawPage(page);
    await draw.openReady(host.address);
    await draw.drawStrokes(digits["7"] ?? []);
    expect(await draw.answer()).toBe("7");
    const train = new TrainPage(page);
    await page.getByTestId("nav-train").click();
    await train.start.click();
    await train.reaches("running");
    await train.reachesStep(3);
    await train.stop.click();
  } finally {
    host.close();
  }
});

test("on a slow line Draw says what is on its way and how far it is, and takes strokes meanwhile", async ({ page }) => {
  let deliver = () => {};
  const until = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  const root = fileURLToPath(new URL("../dist", import.meta.url));
  const host = await staticHost(root, "/slow/", { half: { ending: ".wasm", until } });
  try {
    const draw = new DrawPage(page);
    await draw.open(host.address);
    const line = page.getByTestId("fetching").and(page.locator('[data-what="recogniser"]'));
    await expect(line).toContainText(/\d+% of [\d.]+ MB/);
    const half = Number(await line.getAttribute("data-total")) / 2;
    await expect.poll(async () => Number(await line.getAttribute("data-loaded"))).toBeGreaterThan(half * 0.98);
    await draw.drawStrokes(digits["7"] ?? []);
    deliver();
    expect(await draw.answer()).toBe("7");
    await expect(line).toHaveCount(0);
  } finally {
    deliver();
    host.close();
  }
});
