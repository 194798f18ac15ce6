// Own images in and out: every kind of file, what is refused one by one, and a zip that other tools read.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { gzipped, idx, noise, zipped } from "../src/engine/import/testing/files";
import { faultsOf, type KeptDataset, keptDataset, keptDatasets } from "./kept-images";
import { DataPage } from "./pages/data-page";
import type { TestPicture } from "./pages/photos-page";
import { encoded, fixture, oriented, plainPng, png, sample } from "./pictures";
import { expect, test } from "./quiet";

/** A picture that is like no other. */
function speckled(seed: number, side = 24): Buffer {
  return png(noise(seed, 3 * side * side), side, side);
}

function file(name: string, content: Buffer | string): TestPicture {
  return { name, mimeType: "", buffer: Buffer.from(content) };
}

async function zipFile(name: string, files: Record<string, Buffer | string>, options = {}): Promise<TestPicture> {
  const bytes = Object.entries(files).map(([path, content]) => [path, new Uint8Array(Buffer.from(content))]);
  const zip = await zipped(Object.fromEntries(bytes), options);
  return file(name, Buffer.from(await zip.arrayBuffer()));
}

/** Opens a new dataset. */
async function begin(page: Page): Promise<DataPage> {
  const data = new DataPage(page);
  await data.begin();
  return data;
}

async function bringIn(data: DataPage, files: TestPicture[], added: number, refused = 0): Promise<KeptDataset> {
  await data.import.setInputFiles(files);
  await expect(data.report).toHaveAttribute("data-added", String(added), { timeout: 60_000 });
  await expect(data.report).toHaveAttribute("data-refused", String(refused));
  const kept = await keptDataset(data.page);
  expect(faultsOf(kept)).toEqual([]);
  return kept;
}

const said = ({ images }: KeptDataset) =>
  images.map(({ name, label, split, pinned }) => `${name}: ${label ?? "–"} ${split}${pinned ? "!" : ""}`);

test("a zip of class folders below splits comes in with its classes and splits", async ({ page }) => {
  const data = await begin(page);
  const zip = await zipFile("pets.zip", {
    "pets/train/cats/1.png": speckled(1),
    "pets/train/dogs/2.png": speckled(2),
    "pets/validation/cats/3.png": speckled(3),
    "pets/test/dogs/4.png": speckled(4),
    "pets/.DS_Store": "x",
    "__MACOSX/pets/train/cats/._1.png": "x",
  });
  const kept = await bringIn(data, [zip], 4);
  expect(said(kept)).toEqual([
    "pets/train/cats/1.png: cats train!",
    "pets/train/dogs/2.png: dogs train!",
    "pets/validation/cats/3.png: cats validation!",
    "pets/test/dogs/4.png: dogs test!",
  ]);
  // The classes that a new dataset begins with make room.
  await expect(data.classes).toHaveCount(2);
  await data.hasImages("cats", 2);
  await data.hasImages("dogs", 2);
  await data.has(4);
});

test("a folder comes in by the button, for those who cannot drop one", async ({ page }) => {
  const data = await begin(page);
  const folder = await mkdtemp(join(tmpdir(), "hearth-"));
  try {
    for (const [i, path] of ["pets/cats/1.png", "pets/dogs/1.png", "pets/dogs/deep/2.png"].entries()) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), speckled(i));
    }
    await page.getByTestId("dataset-folder").setInputFiles(join(folder, "pets"));
    await data.has(3);
    await data.hasImages("cats", 1);
    await data.hasImages("dogs", 2);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a list labels the files that come with it", async ({ page }) => {
  const data = await begin(page);
  const kept = await bringIn(
    data,
    [
      file("labels.csv", "image;class;set\na.png;cat;test\nb.png;猫;\nc;dog;val\nnone.png;dog;train\n"),
      ...["a", "b", "c", "d"].map((name, i) => file(`${name}.png`, speckled(i))),
    ],
    4,
    1,
  );
  expect(said(kept)).toEqual([
    "a.png: cat test!",
    expect.stringMatching(/^b\.png: 猫 (train|validation|test)$/),
    "c.png: dog validation!",
    "d.png: – train",
  ]);
  await data.has(4, 3);
});

test("an IDX pair comes in, packed or not", async ({ page }) => {
  const data = await begin(page);
  const images = idx([4, 28, 28], noise(1, 4 * 28 * 28));
  const labels = await gzipped(idx([4], Uint8Array.of(7, 0, 7, 3)));
  const kept = await bringIn(
    data,
    [
      file("t10k-images-idx3-ubyte", Buffer.from(images)),
      file("t10k-labels-idx1-ubyte.gz", Buffer.from(await labels.arrayBuffer())),
    ],
    4,
  );
  expect(kept.classes).toEqual(["7", "0", "3"]);
  expect(said(kept)[3]).toBe("test/3/00003.png: 3 test!");
  // The pixels are those of the file.
  const drawn = await page.evaluate(async (id) => {
    const request = indexedDB.open("hearth-images");
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const got = request.result.transaction("originals").objectStore("originals").get([id, 0]);
    await new Promise((resolve) => {
      got.onsuccess = resolve;
    });
    request.result.close();
    const bitmap = await createImageBitmap(new Blob([got.result], { type: "image/png" }));
    const context = new OffscreenCanvas(28, 28).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return [...(context?.getImageData(0, 0, 28, 28).data ?? [])].filter((_, i) => i % 4 === 0);
  }, kept.id);
  expect(drawn).toEqual([...noise(1, 4 * 28 * 28).subarray(0, 28 * 28)]);
});

test("pictures of every kind come in byte for byte, upright, whatever they are called", async ({ page }) => {
  const data = await begin(page);
  const jpeg = sample("chelsea");
  const webp = await encoded(page, jpeg, "image/webp");
  const files = [
    file("turned.jpg", oriented(await encoded(page, jpeg, "image/jpeg", 1), 6)),
    file("a.webp", webp),
    file("really-a-webp.png", await encoded(page, sample("coffee"), "image/webp")),
    file("no-end", sample("rocket")),
    fixture("coffee-then-red.gif"),
    fixture("coffee.avif"),
  ];
  const kept = await bringIn(data, files, files.length);
  expect(kept.images.map(({ type }) => type)).toEqual([
    "image/jpeg",
    "image/webp",
    "image/webp",
    "image/jpeg",
    "image/gif",
    "image/avif",
  ]);
  for (const [i, { sha256 }] of kept.images.entries()) {
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(files[i]?.buffer ?? []));
    expect(sha256).toBe(Buffer.from(digest).toString("hex"));
  }
});

test.describe("what cannot be taken", () => {
  test("is refused one by one, in a list that can be saved, and the rest comes in", async ({ page }) => {
    const data = await begin(page);
    const jpeg = sample("chelsea");
    const absurd = plainPng(1, 1, [0]);
    // It claims to have 60,000 × 60,000 pixels.
    absurd.writeUInt32BE(60_000, 16);
    absurd.writeUInt32BE(60_000, 20);
    const archive = await zipFile("mixed.zip", {
      "cats/fine.png": speckled(1),
      "cats/notes.txt": "no picture",
      "cats/inner.zip": Buffer.from("PK\x03\x04rest", "latin1"),
      "cats/bomb.png": Buffer.alloc(90_000_000),
    });
    // Names that lead elsewhere are as long as those in the archive.
    const hostile = await zipFile("hostile.zip", { "aa/evil.png": speckled(2), "dogs/fine.png": speckled(3) });
    const named = Buffer.from(hostile.buffer.toString("latin1").replaceAll("aa/evil.png", "../evil.png"), "latin1");
    const files = [
      file("broken.jpg", "this is no picture"),
      file("cut.jpg", jpeg.subarray(0, jpeg.length / 2)),
      file("absurd.png", absurd),
      file("empty.png", ""),
      file("notes.txt", "hello"),
      file("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      fixture("coffee.heic"),
      file("once.png", speckled(4)),
      file("again.png", speckled(4)),
      archive,
      { ...hostile, buffer: named },
      await zipFile("secret.zip", { "1.png": speckled(5) }, { password: "x" }),
      { ...archive, name: "cut.zip", buffer: archive.buffer.subarray(0, 1000) },
      file("list.csv", "nothing"),
      file("train-images.idx", Buffer.from(idx([1, 2, 2], noise(1, 4)))),
      file("fine.png", speckled(6)),
    ];
    const kept = await bringIn(data, files, 4, 16);
    expect(kept.images.map(({ name }) => name).sort()).toEqual([
      "cats/fine.png",
      "dogs/fine.png",
      "fine.png",
      "once.png",
    ]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("dataset-report-save").click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/).slice(1);
    const refused = Object.fromEntries(lines.map((line) => line.replaceAll('"', "").split(",").slice(0, 2)));
    expect(refused).toEqual({
      "broken.jpg": "wrong-type",
      "cut.jpg": "unreadable",
      "absurd.png": "too-large",
      "empty.png": "empty",
      "notes.txt": "wrong-type",
      "drawing.svg": "wrong-type",
      "coffee.heic": "heic",
      "again.png": "duplicate",
      "mixed.zip/cats/notes.txt": "wrong-type",
      "mixed.zip/cats/inner.zip": "wrong-type",
      "mixed.zip/cats/bomb.png": "zip-bomb",
      "hostile.zip/../evil.png": "unsafe-name",
      "secret.zip": "zip-encrypted",
      "cut.zip": "zip-broken",
      "list.csv": "csv-broken",
      "train-images.idx": "idx-alone",
    });
  });

  test("a cancelled import keeps what has come in, and says so", async ({ page }) => {
    const data = await begin(page);
    const files: Record<string, Buffer> = {};
    for (let i = 0; i < 400; i++) files[`cats/${i}.png`] = speckled(i, 64);
    await data.import.setInputFiles([await zipFile("many.zip", files, { level: 0 })]);
    await expect.poll(async () => Number(await data.count.getAttribute("data-total"))).toBeGreaterThan(20);
    await page.getByTestId("dataset-import-cancel").click();
    await expect(data.report).toBeVisible();
    const added = Number(await data.report.getAttribute("data-added"));
    expect(added).toBeLessThan(400);
    await data.has(added);
    const kept = await keptDataset(page);
    expect(kept.images).toHaveLength(added);
    expect(faultsOf(kept)).toEqual([]);
    // What was under way spoils nothing: the rest comes in, and only the rest.
    await data.import.setInputFiles([await zipFile("many.zip", files, { level: 0 })]);
    await expect(data.report).toHaveAttribute("data-added", String(400 - added), { timeout: 80_000 });
    await data.has(400);
  });

  test.describe("on a full disk", () => {
    test("it is said, what was shown is kept, and nothing is half there", async ({ page }) => {
      await page.goto("./");
      const session = await page.context().newCDPSession(page);
      const { origin } = new URL(page.url());
      // Before anything is written: the browser remembers for a while how much room there was.
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 6_000_000 });
      const data = await begin(page);
      const files: Record<string, Buffer> = {};
      for (let i = 0; i < 80; i++) files[`cats/${i}.png`] = speckled(i, 200);
      await data.import.setInputFiles([await zipFile("many.zip", files, { level: 0 })]);
      await expect(page.locator("[data-testid=toast][data-kind=error]")).toContainText(/room/i, { timeout: 60_000 });
      const shown = Number(await data.count.getAttribute("data-total"));
      const kept = await keptDataset(page);
      expect(kept.images).toHaveLength(shown);
      expect(faultsOf(kept)).toEqual([]);
      await session.detach();
    });
  });
});

test.describe("out and in again", () => {
  /** Without what another place gives anew. */
  const essence = ({ id: _, images, ...rest }: KeptDataset) => ({
    ...rest,
    images: images.map(({ id: _, group: __, ...image }) => image),
  });

  async function filled(page: Page): Promise<DataPage> {
    const data = await begin(page);
    const list =
      "file,label,split\nb/1.png,鸟 / birds,train\nb/2.png,鸟 / birds,test\nc/3.png,cats,validation\n4.png,,\n";
    await bringIn(
      data,
      [
        await zipFile("a.zip", {
          "b/1.png": speckled(1),
          "b/2.png": speckled(2),
          "c/3.png": speckled(3),
          "d/3.png": speckled(5),
          "4.png": speckled(4),
          "labels.csv": list,
        }),
        file("photo.jpg", sample("chelsea")),
      ],
      6,
    );
    await data.name.fill("Pets: 一");
    await data.name.press("Enter");
    await data.isSaved();
    return data;
  }

  test("a dataset loses nothing", async ({ page }) => {
    const data = await filled(page);
    const before = await keptDataset(page);
    const { name, bytes } = await data.exported();
    await data.select.selectOption("mnist");
    await data.begin();
    await bringIn(data, [file(name, bytes)], 6);
    const [first, second] = await keptDatasets(page);
    expect(essence(second as KeptDataset)).toEqual(essence(before));
    expect(essence(first as KeptDataset)).toEqual(essence(before));
  });

  const python = process.env.HEARTH_PYTHON ?? join(homedir(), ".cache/hearth/python/bin/python");

  test("scikit-learn reads it: the classes, the files, their labels", async ({ page }) => {
    test.skip(!existsSync(python), "There is no Python with scikit-learn here.");
    const data = await filled(page);
    const kept = await keptDataset(page);
    const { bytes } = await data.exported();
    const folder = await mkdtemp(join(tmpdir(), "hearth-"));
    try {
      const zip = join(folder, "pets.zip");
      await writeFile(zip, bytes);
      const script = fileURLToPath(new URL("../../tests/read_export.py", import.meta.url));
      const { stdout } = await promisify(execFile)(python, [script, zip]);
      const read = JSON.parse(stdout) as {
        classes: string[];
        files: Record<string, { class: string; sha256: string }>;
        listed: { file: string; label: string; split: string }[];
      };
      expect(read.classes).toEqual(["cats", "d", "鸟 _ birds"]);
      const labelled = kept.images.filter(({ label }) => label !== null);
      const hashes = (images: { sha256: string | null }[]) => images.map(({ sha256 }) => sha256).sort();
      expect(hashes(Object.values(read.files))).toEqual(hashes(labelled));
      expect(read.listed.map(({ label, split }) => `${label || "–"} ${split}`)).toEqual(
        kept.images.map(({ label, split }) => `${label ?? "–"} ${split}`),
      );
      for (const { file: path, label } of read.listed) {
        if (label) expect(read.files[path]?.class).toBe(label.replace("/", "_"));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("digits that come with Hearth can be made one's own", async ({ page }) => {
  const data = new DataPage(page);
  await data.open();
  await data.select.selectOption("mnist");
  await page.getByTestId("dataset-copy").click();
  // A hundred of each class to train on, and a hundred to test on.
  await data.has(2000);
  const kept = await keptDataset(page);
  expect(faultsOf(kept)).toEqual([]);
  expect(kept.classes).toHaveLength(10);
  expect(kept.input).toEqual({ channels: 1, side: 28 });
  expect(kept.images[0]).toMatchObject({
    name: "train/5/00000.png",
    label: kept.classes[5],
    origin: "copy",
    pinned: true,
  });
  expect(kept.images.filter(({ split }) => split === "test")).toHaveLength(1000);
  expect(kept.images.filter(({ split }) => split === "validation")).toHaveLength(150);
});
