import { expect, type Page, test } from "@playwright/test";

/** A straight downstroke: a 1, whoever looks at it. */
async function drawOne(page: Page): Promise<void> {
  const box = await page.locator("#pad").boundingBox();
  if (!box) throw new Error("The canvas is not shown.");
  await page.mouse.move(box.x + 150, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 145, box.y + 140, { steps: 4 });
  await page.mouse.move(box.x + 140, box.y + 230, { steps: 4 });
  await page.mouse.up();
}

/** The probabilities that the bars show, in the order of the classes. */
async function probabilities(page: Page): Promise<number[]> {
  return page.locator("#bars meter").evaluateAll((meters) => meters.map((meter) => (meter as HTMLMeterElement).value));
}

test.beforeEach(async ({ page }) => {
  await page.goto("plain/");
  await expect(page.locator("#status")).toHaveText("Ready: draw a digit.", { timeout: 30_000 });
});

test("the plain page says nothing about a blank canvas and recognises a drawn 1", async ({ page }) => {
  await expect(page.locator("#bars meter")).toHaveCount(10);
  await expect(page.locator("#top")).toHaveText("");
  await drawOne(page);
  await expect(page.locator("#top")).toHaveText("1");
  expect((await probabilities(page)).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 3);
  await page.locator("#clear").click();
  await expect(page.locator("#top")).toHaveText("");
});

test("the plain page trains 50 steps and then answers with the network it has trained", async ({ page }) => {
  test.setTimeout(120_000);
  await drawOne(page);
  await expect(page.locator("#top")).toHaveText("1");
  const before = await probabilities(page);
  await page.locator("#train").click();
  await expect(page.locator("#status")).toContainText("Step 50 of 50", { timeout: 90_000 });
  await expect(page.locator("#status")).toContainText("Your network answers now.");
  await expect(page.locator("#progress")).toHaveJSProperty("value", 50);
  const loss = Number(/loss ([\d.]+)/.exec((await page.locator("#status").textContent()) ?? "")?.[1]);
  expect(loss, "guessing gives ln 10 = 2.3").toBeLessThan(1.5);
  await expect(page.locator("#top")).not.toHaveText("");
  expect(await probabilities(page), "another network answers").not.toEqual(before);
});

test("the plain page's console stays clean and nothing leaves its origin", async ({ page, baseURL }) => {
  const complaints: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && new URL(request.url()).origin !== new URL(baseURL ?? "").origin) {
      complaints.push(request.url());
    }
  });
  await page.reload();
  await expect(page.locator("#status")).toHaveText("Ready: draw a digit.");
  await drawOne(page);
  await expect(page.locator("#top")).toHaveText("1");
  expect(complaints).toEqual([]);
});
