// Photos in the order of their likeness to some of them.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { PhotosPage } from "./pages/photos-page";
import { encoded, fixture, picture, sample } from "./pictures";
import { expect, test } from "./quiet";

interface Result {
  name: string;
  similarity: number;
}

/** What was found, in its order. */
async function results(page: Page): Promise<Result[]> {
  await page.getByTestId("like-results").waitFor({ timeout: 60_000 });
  return page
    .getByTestId("like-result")
    .evaluateAll((rows) =>
      rows.map(({ dataset }) => ({ name: dataset.name ?? "", similarity: Number(dataset.similarity) })),
    );
}

/** Three photos, and three of the same things again: smaller, and as another file. */
async function addPairs(page: Page): Promise<PhotosPage> {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([
    picture("chelsea.jpg", sample("chelsea")),
    picture("coffee.jpg", sample("coffee")),
    picture("rocket.jpg", sample("rocket")),
    picture("rocket.webp", await encoded(page, sample("rocket"), "image/webp")),
    picture("coffee.png", await encoded(page, sample("coffee"), "image/png")),
    picture("chelsea.webp", await encoded(page, sample("chelsea"), "image/webp")),
  ]);
  await photos.reaches(6);
  return photos;
}

test("more like this puts the others in the order of their likeness, and there is a way back", async ({ page }) => {
  const photos = await addPairs(page);
  for (const [name, twin] of [
    ["coffee.jpg", "coffee.png"],
    ["rocket.jpg", "rocket.webp"],
  ] as const) {
    await photos.card(name).getByTestId("like-this").click();
    const found = await results(page);
    expect(found.map((result) => result.name)).not.toContain(name);
    expect(found).toHaveLength(5);
    expect(found[0]?.name).toBe(twin);
    expect(found[0]?.similarity).toBeGreaterThan(0.9);
    expect(found[1]?.similarity).toBeLessThan(0.8);
    const order = found.map(({ similarity }) => similarity);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
    await expect(photos.cards.filter({ visible: true })).toHaveCount(0);
    await page.getByTestId("like-back").click();
    await expect(photos.cards.filter({ visible: true })).toHaveCount(6);
    await expect(photos.card(name).getByTestId("like-this")).toBeFocused();
  }
  expect((await photos.names())[0]).toBe("chelsea.jpg");
});

test("several photos that are chosen are looked for together, by keyboard as well", async ({ page }) => {
  const photos = await addPairs(page);
  await photos.card("coffee.jpg").getByTestId("photo-select").focus();
  await page.keyboard.press("Space");
  await photos.card("rocket.jpg").getByTestId("photo-select").check();
  const chosen = page.getByTestId("photo-chosen");
  await expect(chosen).toHaveAttribute("data-count", "2");
  await chosen.getByTestId("like-this").press("Enter");
  const found = await results(page);
  expect(found).toHaveLength(4);
  expect(
    found
      .slice(0, 2)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["coffee.png", "rocket.webp"]);
  // From there on to what is like one of these.
  await page.getByTestId("like-result").last().getByTestId("like-this").click();
  await expect(page.getByTestId("like-result")).toHaveCount(5);
  expect((await results(page))[0]?.name).toMatch(/^chelsea/);
  const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]).analyze();
  expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
});

test("a network for digits leaves likeness to the one for photos; leaving the page ends it", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.model.selectOption("digits");
  await photos.add([
    picture("coffee.jpg", sample("coffee")),
    picture("coffee.png", await encoded(page, sample("coffee"), "image/png")),
    fixture("flower.jpg"),
    picture("broken.jpg", Buffer.from("no picture")),
  ]);
  await photos.reaches(4);
  await photos.card("coffee.jpg").getByTestId("like-this").click();
  expect((await results(page)).map(({ name }) => name)).toEqual(["coffee.png", "flower.jpg"]);
  await expect(page.getByTestId("like-results")).toContainText("Everyday photos");
  await expect(page.getByTestId("like-results")).toContainText("1 photo could not be read");
  await page.getByTestId("nav-draw").click();
  await page.getByTestId("nav-photos").click();
  await expect(photos.cards.filter({ visible: true })).toHaveCount(4);
  await expect(page.getByTestId("like-result")).toHaveCount(0);
});

test("the search can be cancelled, and goes on from there when it is asked for again", async ({ page }) => {
  test.setTimeout(180_000);
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add(Array.from({ length: 30 }, (_, i) => picture(`${i}.jpg`, sample(i % 2 ? "coffee" : "chelsea"))));
  await photos.reaches(30);
  // From within the page: by the time that a test has noticed, a quick machine may be through with them.
  await page.evaluate(async () => {
    const part = (id: string) => document.querySelector(`[data-testid=${id}]`) as HTMLElement | null;
    part("like-this")?.click();
    while (Number(part("like-progress")?.dataset.done ?? 0) < 2) await new Promise(requestAnimationFrame);
    part("like-cancel")?.click();
  });
  await expect(photos.cards.filter({ visible: true })).toHaveCount(30);
  await photos.card("1.jpg").getByTestId("like-this").click();
  const found = await results(page);
  expect(found).toHaveLength(29);
  expect(new Set(found.slice(0, 14).map(({ name }) => Number.parseInt(name, 10) % 2))).toEqual(new Set([1]));
});
