// Pictures of every kind are given to the Photos page, and it says what is on them.
import type { Page } from "@playwright/test";
import { digits } from "./digits";
import { DrawPage } from "./pages/draw-page";
import { PhotosPage } from "./pages/photos-page";
import { Shell } from "./pages/shell";
import { bmp, encoded, fixture, grey, oriented, paper, picture, pixelsOf, plainPng, sample } from "./pictures";
import { expect, test } from "./quiet";

const EXPECTED = {
  chelsea: /^(tiger cat|Egyptian cat|tabby)/,
  coffee: /^espresso$/,
  rocket: /^(missile|projectile|space shuttle)/,
};

/** Gives the page a transfer with files, by an event of a kind that a person's hand or clipboard makes. */
async function give(page: Page, kind: "drop" | "paste", files: { name: string; type: string; buffer: Buffer }[]) {
  const content = files.map(({ name, type, buffer }) => ({ name, type, base64: buffer.toString("base64") }));
  await page.evaluate(
    ([event, list]) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of list) {
        data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type }));
      }
      const options = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        event === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data }),
      );
    },
    [kind, content] as const,
  );
}

test("the sample photos are named, and what they show is among the five likeliest labels", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await expect(photos.samples).toHaveCount(3);
  await page.getByTestId("photo-samples-all").click();
  await photos.reaches(3);
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const labels = await photos.labels(`${name}.jpg`);
    expect(labels).toHaveLength(5);
    expect(labels.map(({ p }) => p)).toEqual(labels.map(({ p }) => p).sort((a, b) => b - a));
    expect(
      labels.some(({ label }) => expected.test(label)),
      `${name}: ${labels.map(({ label }) => label)}`,
    ).toBe(true);
  }
  expect(await photos.best("chelsea.jpg")).toMatch(EXPECTED.chelsea);
  expect(await photos.best("coffee.jpg")).toMatch(EXPECTED.coffee);
});

test("each page begins with the network that suits it, until one is chosen; the choice then stands everywhere", async ({
  page,
}) => {
  const photos = new PhotosPage(page);
  const shell = new Shell(page);
  await photos.open();
  await expect(photos.model).toHaveValue("lite0");
  await expect(shell.model).toHaveValue("lite0");
  await shell.navDraw.click();
  const draw = new DrawPage(page);
  await expect(draw.model).toHaveValue("digits");
  await draw.waitUntilReady();
  await draw.drawStrokes(digits["7"] ?? []);
  expect(await draw.answer()).toBe("7");
  await page.reload();
  await expect(shell.model).toHaveValue("digits");
  await shell.navPhotos.click();
  await expect(photos.model).toHaveValue("lite0");
  await photos.model.selectOption("digits");
  await expect(photos.unsuited).toBeVisible();
  await page.reload();
  await expect(photos.model).toHaveValue("digits");
  await photos.add([picture("coffee.jpg", sample("coffee"))]);
  await page.getByTestId("photo-use-lite0").click();
  await expect(photos.model).toHaveValue("lite0");
  await photos.reaches(1);
  expect(await photos.best("coffee.jpg")).toBe("espresso");
});

test("whatever the browser decodes is labelled: JPEG, PNG, WebP, AVIF, BMP, SVG, and the first frame of a GIF", async ({
  page,
}) => {
  const photos = new PhotosPage(page);
  await photos.open();
  const coffee = sample("coffee");
  const { rgba, width, height } = await pixelsOf(page, coffee);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="data:image/jpeg;base64,${coffee.toString("base64")}"/></svg>`;
  const same = [
    picture("coffee.jpg", coffee),
    picture("coffee.png", await encoded(page, coffee, "image/png")),
    picture("coffee.webp", await encoded(page, coffee, "image/webp")),
    picture("coffee.bmp", bmp(rgba, width, height)),
    picture("coffee.svg", Buffer.from(svg)),
  ];
  // The second frame of the GIF is red all over.
  const other = [fixture("coffee.avif"), fixture("coffee-then-red.gif")];
  await photos.add([...same, ...other]);
  await photos.reaches(7);
  const [jpeg] = await photos.labels("coffee.jpg");
  for (const { name } of same) {
    const [best] = await photos.labels(name);
    expect(best?.label, name).toBe("espresso");
    expect(Math.abs((best?.p ?? 0) - (jpeg?.p ?? 1)), name).toBeLessThan(0.1);
  }
  for (const { name } of other) expect(await photos.best(name), name).toBe("espresso");
});

test("a photo that its camera held sideways is labelled and shown upright", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  const { width, height } = await pixelsOf(page, sample("chelsea"));
  // Orientation 6: what is stored lies on its left side, and is turned to the right to be seen.
  const sideways = await encoded(page, sample("chelsea"), "image/jpeg", 1);
  const upright = await encoded(page, sample("chelsea"), "image/jpeg");
  await photos.add([picture("upright.jpg", upright), picture("held.jpg", oriented(sideways, 6))]);
  await photos.reaches(2);
  const [one, other] = [await photos.labels("upright.jpg"), await photos.labels("held.jpg")];
  expect(other.slice(0, 3).map(({ label }) => label)).toEqual(one.slice(0, 3).map(({ label }) => label));
  for (const [rank, { p }] of one.entries()) expect(Math.abs(p - (other[rank]?.p ?? 0))).toBeLessThan(0.03);
  const { photos: list } = JSON.parse(await photos.exported("json"));
  expect(list[1]).toMatchObject({ name: "held.jpg", width, height });
});

test("a WebP is turned as its EXIF says, and a JPEG that was cut is answered and says so", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  const names = ["orientation-6.png", "orientation-6.webp", "plain.jpg", "no-end.jpg", "cut.jpg"];
  await photos.add(names.map((name) => fixture(name, "decoding")));
  await photos.reaches(5);
  // The same pixels, stored without loss.
  expect(await photos.labels("orientation-6.webp")).toEqual(await photos.labels("orientation-6.png"));
  expect(await photos.labels("no-end.jpg")).toEqual(await photos.labels("plain.jpg"));
  expect(await photos.labels("cut.jpg")).toHaveLength(5);
  await expect(page.getByTestId("photo-incomplete")).toHaveCount(2);
  const { photos: list } = JSON.parse(await photos.exported("json"));
  expect(list.slice(0, 2)).toMatchObject([
    { width: 64, height: 96 },
    { width: 64, height: 96 },
  ]);
});

test("what is transparent lies on white", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([
    picture("clear.png", plainPng(300, 200, [20, 40, 60, 0])),
    picture("white.png", plainPng(300, 200, [255, 255, 255, 255])),
    picture("black.png", plainPng(300, 200, [0, 0, 0, 255])),
  ]);
  await photos.reaches(3);
  expect(await photos.labels("clear.png")).toEqual(await photos.labels("white.png"));
  expect(await photos.labels("clear.png")).not.toEqual(await photos.labels("black.png"));
});

test("a picture of one pixel and one of 100 megapixels are labelled", async ({ page }) => {
  test.setTimeout(180_000);
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([
    picture("one.png", plainPng(1, 1, [200, 30, 30, 255])),
    picture("thin.png", plainPng(3000, 1, [30, 200, 30, 255])),
    picture("vast.png", plainPng(10_000, 10_000, [128])),
  ]);
  await photos.reaches(3);
  for (const name of ["one.png", "thin.png", "vast.png"]) {
    await expect(photos.card(name), name).toHaveAttribute("data-state", "done");
    expect(await photos.labels(name), name).toHaveLength(5);
  }
  const { photos: list } = JSON.parse(await photos.exported("json"));
  expect(list[2]).toMatchObject({ width: 10_000, height: 10_000 });
});

test("a broken file gets a card that says so, and the rest goes on", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([
    picture("notes.txt", Buffer.from("these are words")),
    picture("cut.png", plainPng(200, 200, [1, 2, 3, 255]).subarray(0, 60)),
    picture("empty.jpg", Buffer.alloc(0)),
    fixture("coffee.heic"),
    picture("coffee.jpg", sample("coffee")),
  ]);
  await photos.reaches(5);
  for (const name of ["notes.txt", "empty.jpg"]) {
    await expect(photos.card(name), name).toHaveAttribute("data-state", "failed");
    await expect(photos.card(name)).toContainText("cannot read this file as a picture");
  }
  await expect(photos.card("cut.png")).toHaveAttribute("data-state", /done|failed/);
  await expect(photos.card("coffee.heic")).toContainText("Save it as JPEG");
  expect(await photos.best("coffee.jpg")).toBe("espresso");
});

test.describe("a drawing", () => {
  // Playwright's trace asks again for what could not be decoded, and the page's policy forbids that.
  test.use({ expected: [/^Connecting to 'blob:/] });

  test("that is broken gets such a card as well", async ({ page }) => {
    const photos = new PhotosPage(page);
    await photos.open();
    await photos.add([picture("broken.svg", Buffer.from("<svg"))]);
    await expect(photos.card("broken.svg")).toHaveAttribute("data-state", "failed");
  });
});

test("of many photos the order is kept, the work can be cancelled, and taken up where it stood", async ({ page }) => {
  test.setTimeout(180_000);
  const photos = new PhotosPage(page);
  await photos.open();
  const kinds = ["chelsea", "coffee", "rocket"] as const;
  const all = Array.from({ length: 60 }, (_, i) => {
    const kind = kinds[i % 3] ?? "coffee";
    return picture(`${i}-${kind}.jpg`, sample(kind));
  });
  await photos.add(all);
  await expect(photos.progress).toHaveAttribute("data-total", "60");
  // From within the page: by the time that a test has noticed, a quick machine may be through with them.
  await page.evaluate(async () => {
    const part = (id: string) => document.querySelector(`[data-testid=${id}]`) as HTMLElement;
    while (Number(part("photo-progress").dataset.done) <= 2) await new Promise(requestAnimationFrame);
    part("photo-cancel").focus();
    part("photo-cancel").click();
  });
  await expect(photos.resume).toBeFocused();
  const done = Number(await photos.progress.getAttribute("data-done"));
  expect(done).toBeLessThan(60);
  await expect(photos.cards).toHaveCount(60);
  await photos.resume.click();
  await photos.reaches(60);
  expect(await photos.names()).toEqual(all.map(({ name }) => name));
  for (const place of [0, 1, 29, 31, 57, 58]) {
    const { name } = all[place] ?? { name: "" };
    expect(await photos.best(name), name).toMatch(EXPECTED[kinds[place % 3] ?? "coffee"]);
  }
  await photos.clear.click();
  await expect(photos.cards).toHaveCount(0);
  await expect(photos.samples).toHaveCount(3);
});

test("the work goes on while another page with another model is shown", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add(Array.from({ length: 60 }, (_, i) => picture(`${i}.jpg`, sample("coffee"))));
  // As above, from within: to Draw, which opens the network for digits, and back when that has answered.
  await page.evaluate(async () => {
    const part = (id: string) => document.querySelector(`[data-testid=${id}]`) as HTMLElement | null;
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise(requestAnimationFrame);
    };
    await until(() => Number(part("photo-progress")?.dataset.done ?? 0) > 2);
    location.hash = "#/draw";
    await until(() => part("draw-top")?.dataset.state === "blank");
    location.hash = "#/photos";
  });
  await photos.reaches(60);
  // One piece of work to the end: what had been broken off would have been begun again with those that were left.
  await expect(photos.progress).toContainText("60 photos in");
  expect(await photos.best("59.jpg")).toBe("espresso");
});

test("in Chinese the labels are Chinese, and what is exported stays as the network has it", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([picture("coffee.jpg", sample("coffee"))]);
  await photos.reaches(1);
  const label = photos.card("coffee.jpg").getByTestId("photo-label").first();
  await expect(label).toContainText("espresso");
  await new Shell(page).lang.click();
  await expect(label).toContainText("意式浓缩咖啡");
  await expect(label).toHaveAttribute("data-label", "espresso");
  await expect(photos.filter).toContainText("意式浓缩咖啡");
  expect(await photos.exported("csv")).toContain(",espresso,");
  await new Shell(page).lang.click();
  await expect(label).toContainText("espresso");
});

test("photos are filtered by label, and exported with every answer", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  const odd = 'my "best", cup.jpg';
  await photos.add([
    picture("chelsea.jpg", sample("chelsea")),
    picture(odd, sample("coffee")),
    picture("咖啡.jpg", sample("coffee")),
    picture("broken.jpg", Buffer.from("no picture")),
  ]);
  await photos.reaches(4);
  const seen = photos.cards.filter({ visible: true });
  await photos.filter.selectOption({ label: "espresso (2)" });
  await expect(seen).toHaveCount(2);
  await photos.filter.selectOption({ label: "not readable (1)" });
  await expect(seen).toHaveCount(1);
  await photos.filter.selectOption("");
  await expect(seen).toHaveCount(4);

  const csv = await photos.exported("csv");
  expect(csv.split("\r\n")).toHaveLength(6);
  expect(csv).toMatch(/^\ufeffname,path,state,width,height,model,ms,label1,p1,.*,label5,p5\r\n/);
  const [best] = await photos.labels(odd);
  expect(csv).toContain(`"my ""best"", cup.jpg","my ""best"", cup.jpg",done,`);
  expect(csv).toContain(`,espresso,${best?.p},`);
  expect(csv).toContain("broken.jpg,broken.jpg,failed,,,,,,,,,,,,,,\r\n");
  const { photos: list } = JSON.parse(await photos.exported("json"));
  expect(list.map(({ name }: { name: string }) => name)).toEqual(["chelsea.jpg", odd, "咖啡.jpg", "broken.jpg"]);
  expect(list[1].predictions).toEqual(await photos.labels(odd));
  expect(list[3].error).toContain("cannot read this file as a picture");
});

test("a card opens large, in the file's own size, and the arrow keys go on to its neighbours", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await page.getByTestId("photo-samples-all").click();
  await photos.reaches(3);
  await photos.card("chelsea.jpg").getByTestId("photo-open").click();
  await expect(photos.dialog).toBeVisible();
  const whole = page.getByTestId("photo-whole");
  const { width } = await pixelsOf(page, sample("chelsea"));
  await expect.poll(() => whole.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(width);
  await expect(photos.dialog.getByTestId("photo-large-label")).toHaveCount(5);
  await page.keyboard.press("ArrowRight");
  await expect(photos.dialog).toContainText("coffee.jpg");
  await page.keyboard.press("Escape");
  await expect(photos.dialog).toBeHidden();
  await expect(photos.card("chelsea.jpg").getByTestId("photo-open")).toBeFocused();
});

test("a picture that is dropped on any page opens on Photos, and one can be pasted there", async ({ page }) => {
  const photos = new PhotosPage(page);
  await new DrawPage(page).openReady();
  await give(page, "drop", [{ name: "dropped.jpg", type: "image/jpeg", buffer: sample("chelsea") }]);
  await expect(page).toHaveURL(/#\/photos$/);
  await photos.reaches(1);
  expect(await photos.best("dropped.jpg")).toMatch(EXPECTED.chelsea);
  await give(page, "paste", [{ name: "image.png", type: "image/jpeg", buffer: sample("coffee") }]);
  await photos.reaches(2);
  expect(await photos.best("image.png")).toBe("espresso");
});

test("another network answers the same photos anew, and going back asks nothing twice", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  await photos.add([picture("coffee.jpg", sample("coffee")), picture("chelsea.jpg", sample("chelsea"))]);
  await photos.reaches(2);
  const first = await photos.labels("coffee.jpg");
  await photos.model.selectOption("lite2");
  await expect(photos.card("coffee.jpg")).toContainText("more accurate");
  await photos.reaches(2);
  expect(await photos.best("coffee.jpg")).toBe("espresso");
  expect(await photos.labels("coffee.jpg")).not.toEqual(first);
  await photos.model.selectOption("lite0");
  expect(await photos.labels("coffee.jpg")).toEqual(first);
});

test("the network for digits reads a digit on a photograph of paper, and says so where there is none", async ({
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
  await photos.add([...sheets, picture("blank.png", plainPng(200, 200, [230, 230, 230, 255]))]);
  await photos.reaches(4);
  for (const digit of read) expect(await photos.best(`${digit}.bmp`)).toBe(digit);
  await expect(photos.card("blank.png")).toContainText("Nothing dark on light paper");
});

test("openly licensed photos get their class, and those that come meanwhile are next in line", async ({ page }) => {
  const photos = new PhotosPage(page);
  await photos.open();
  const dot = plainPng(1, 1, [200, 0, 0]).toString("base64");
  const last = [fixture("camera.jpg"), fixture("flower.jpg")].map(({ name, buffer }) => ({
    name,
    base64: buffer.toString("base64"),
  }));
  // Both in one task, so that the second lot comes while most of the first still wait for their cards.
  await page.evaluate(
    ([first, second]) => {
      const input = document.querySelector("[data-testid=photo-input]") as HTMLInputElement;
      const give = (list: { name: string; base64: string }[]) => {
        const data = new DataTransfer();
        for (const { name, base64 } of list) {
          data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name));
        }
        input.files = data.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      };
      give(first ?? []);
      give(second ?? []);
    },
    [Array.from({ length: 90 }, (_, i) => ({ name: `${i}.png`, base64: dot })), last],
  );
  await photos.reaches(92);
  expect(await photos.names()).toEqual([...Array(90).keys()].map((i) => `${i}.png`).concat("camera.jpg", "flower.jpg"));
  const labels = async (name: string) => (await photos.labels(name)).map(({ label }) => label);
  expect(await labels("camera.jpg")).toContain("tripod");
  expect(await labels("flower.jpg")).toContain("daisy");
});
