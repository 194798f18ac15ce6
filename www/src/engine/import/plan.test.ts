// @vitest-environment node
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { IncomingFile } from "../protocol";
import type { Manifest } from "./manifest";
import { type Job, type PlanOptions, planned } from "./plan";
import { gzipped, idx, incoming, noise, png, zipped } from "./testing/files";

beforeEach(() => {
  vi.stubGlobal("navigator", { language: "en" });
});

async function plan(files: readonly IncomingFile[], options: Partial<PlanOptions> = {}) {
  const { signal } = new AbortController();
  const made = await planned(files, { label: undefined, origin: "file", language: "en", signal, ...options });
  const jobs = [...made.jobs];
  expect(jobs).toHaveLength(made.count);
  return {
    ...made,
    jobs,
    said: jobs.map(inWords),
    refusals: made.refused.map(({ path, code, detail }) => [path, code, detail]),
  };
}

function inWords({ name, label, split, pinned }: Job): string {
  const called = label === null ? "–" : "id" in label ? `#${label.id}` : label.name;
  return `${name}: ${called} ${split ?? "–"}${pinned ? "!" : ""}`;
}

const picture = (path: string) => incoming(path, noise(1, 10));

describe("what comes together", () => {
  test("is labelled by its folders, those of an archive on their own", async () => {
    const zip = await zipped({ "pets/train/cats/1.jpg": "x", "pets/test/dogs/2.jpg": "x", "pets/.DS_Store": "x" });
    const { said, refusals } = await plan([picture("birds/3.jpg"), incoming("pets.zip", zip), picture(".DS_Store")]);
    expect(said).toEqual([
      "birds/3.jpg: birds –",
      "pets/train/cats/1.jpg: cats train!",
      "pets/test/dogs/2.jpg: dogs test!",
    ]);
    expect(refusals).toEqual([]);
  });

  test("goes where it is told to, whatever folders and lists say", async () => {
    const zip = await zipped({ "train/cats/1.jpg": "x", "labels.csv": "file,label\n1.jpg,dogs\n" });
    const files = [picture("birds/3.jpg"), incoming("a.zip", zip)];
    expect((await plan(files, { label: "c1" })).said).toEqual(["birds/3.jpg: #c1 –", "train/cats/1.jpg: #c1 –"]);
    expect((await plan(files, { label: null })).said).toEqual(["birds/3.jpg: – –", "train/cats/1.jpg: – –"]);
  });

  test("is refused one by one where it is nothing that Hearth takes", async () => {
    const { said, refusals } = await plan([
      incoming("notes.txt", "hello"),
      incoming("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      incoming("empty.jpg", ""),
      incoming("program", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)),
      incoming("pets.zip", "no zip"),
      incoming("../1.jpg", "x"),
      picture("fine.jpg"),
    ]);
    expect(refusals).toEqual([
      ["notes.txt", "wrong-type", undefined],
      ["drawing.svg", "wrong-type", undefined],
      ["empty.jpg", "empty", undefined],
      ["pets.zip", "zip-broken", undefined],
      ["../1.jpg", "unsafe-name", undefined],
    ]);
    // What is in it is looked at when its turn comes.
    expect(said).toEqual(["program: – –", "fine.jpg: – –"]);
  });

  test("is known as an archive by what is in it", async () => {
    const { said } = await plan([incoming("download", await zipped({ "cats/1.jpg": "x" }))]);
    expect(said).toEqual(["cats/1.jpg: cats –"]);
  });
});

describe("a list", () => {
  test("labels the files that it names, and the folders the others; splits stay", async () => {
    const { said, refusals } = await plan([
      incoming("set/labels.csv", "file,label,split\na/1.jpg,cat,test\n2.jpg,,\n9.jpg,dog,train\n"),
      ...["set/a/1.jpg", "set/b/2.jpg", "set/c/3.jpg"].map(picture),
    ]);
    expect(said).toEqual(["set/a/1.jpg: cat test!", "set/b/2.jpg: – –", "set/c/3.jpg: c –"]);
    expect(refusals).toEqual([["set/labels.csv", "csv-no-file", "9.jpg"]]);
  });

  test("beside an archive names what is in it", async () => {
    const { said } = await plan([
      incoming("labels.csv", "id,class\n1,cat\n2,dog\n"),
      incoming("a.zip", await zipped({ "all/1.jpg": "x", "all/2.jpg": "x" })),
    ]);
    expect(said).toEqual(["all/1.jpg: cat –", "all/2.jpg: dog –"]);
  });

  test("that cannot be read is refused, and the pictures come in", async () => {
    const { said, refusals } = await plan([incoming("labels.csv", "nothing"), picture("cats/1.jpg")]);
    expect(said).toEqual(["cats/1.jpg: cats –"]);
    expect(refusals).toEqual([["labels.csv", "csv-broken", undefined]]);
  });
});

describe("IDX", () => {
  const images = idx([3, 2, 2], noise(1, 12));
  const labels = idx([3], Uint8Array.of(7, 0, 7));

  test("pairs give pictures with labels and splits, packed or not, in an archive or alone", async () => {
    const said = ["train/7/00000.png: 7 train!", "train/0/00001.png: 0 train!", "train/7/00002.png: 7 train!"];
    const loose = [
      incoming("train-images-idx3-ubyte", images),
      incoming("train-labels-idx1-ubyte.gz", await gzipped(labels)),
    ];
    expect((await plan(loose)).said).toEqual(said);
    const zip = await zipped({
      "train-images-idx3-ubyte.gz": await gzipped(images),
      "train-labels-idx1-ubyte": labels,
    });
    expect((await plan([incoming("mnist.zip", zip)])).said).toEqual(said);
    expect((await plan([incoming("images.idx", images), incoming("digits.idx", labels)])).said[0]).toBe(
      "images/7/00000.png: 7 –",
    );
  });

  test("without its other half is refused, but for images that are told where to go", async () => {
    expect((await plan([incoming("train-images.idx", images)])).refusals).toEqual([
      ["train-images.idx", "idx-alone", undefined],
    ]);
    expect((await plan([incoming("train-labels.idx", labels)])).refusals).toEqual([
      ["train-labels.idx", "idx-alone", undefined],
    ]);
    expect((await plan([incoming("train-images.idx", images)], { label: null })).said).toHaveLength(3);
  });

  test("that is cut, or of which the halves do not match, is refused", async () => {
    const pair = (labelled: Uint8Array<ArrayBuffer>, of = images) =>
      plan([incoming("a-images.idx", of), incoming("a-labels.idx", labelled)]).then(({ refusals }) => refusals);
    expect(await pair(idx([2], Uint8Array.of(1, 2)))).toEqual([["a-images.idx", "idx-broken", undefined]]);
    expect(await pair(labels, images.slice(0, 20))).toEqual([
      ["a-images.idx", "idx-broken", undefined],
      ["a-labels.idx", "idx-alone", undefined],
    ]);
  });

  test("that unpacks to far more than it is, or to something else, is refused", async () => {
    const bomb = await gzipped(new Uint8Array(70_000_000));
    const { refusals } = await plan([incoming("a-images.gz", bomb), incoming("b.gz", await gzipped(noise(1, 99)))]);
    expect(refusals).toEqual([
      ["a-images.gz", "zip-bomb", undefined],
      ["b.gz", "wrong-type", undefined],
    ]);
  });
});

describe("a dataset of Hearth's", () => {
  const sample = { split: "test", pinned: false, origin: "camera" } as const;
  const manifest: Manifest = {
    hearth: 1,
    name: "Pets",
    classes: ["dogs", "cats/wild"],
    input: { channels: 1, side: 28 },
    fit: "whole",
    shares: { validation: 0.1, test: 0.2 },
    seed: 7,
    samples: [
      { ...sample, file: "images/cats_wild/1.png", label: "cats/wild", name: "zoo/1.png" },
      { ...sample, file: "unlabelled/2.png", label: null, name: "2.png", split: "train", pinned: true },
      { ...sample, file: "images/dogs/gone.png", label: "dogs", name: "gone.png" },
    ],
  };
  const files = async () => ({
    "images/cats_wild/1.png": await png(1),
    "images/cats_wild/new.png": await png(2),
    "unlabelled/2.png": await png(3),
    "labels.csv": "file,label,split\nimages/dogs/gone.png,dogs,test\n",
    "dataset.json": JSON.stringify(manifest),
  });

  test("comes back as it was, in a zip or a folder; what was put beside is taken as its folder says", async () => {
    const said = ["zoo/1.png: cats/wild test", "images/cats_wild/new.png: cats/wild –", "2.png: – train!"];
    const zip = await plan([incoming("a.zip", await zipped(await files()))]);
    expect(zip.said).toEqual(said);
    expect(zip.jobs[0]?.origin).toBe("camera");
    expect(zip.manifests).toEqual([manifest]);
    expect(zip.refusals).toEqual([["a.zip/dataset.json", "csv-no-file", "images/dogs/gone.png"]]);
    const folder = await plan(
      Object.entries(await files()).map(([path, content]) => incoming(`Pets/${path}`, content)),
    );
    expect(folder.said).toEqual(said.map((each) => each.replace("images/", "Pets/images/")));
  });

  test.each([
    ["is no JSON", "{"],
    ["has no classes", JSON.stringify({ ...manifest, classes: "cats" })],
    ["has an absurd size", JSON.stringify({ ...manifest, input: { channels: 3, side: 1e9 } })],
    ["has an absurd crop", JSON.stringify({ ...manifest, fit: { photo: { crop: 0 } } })],
    ["has shares of more than all", JSON.stringify({ ...manifest, shares: { validation: 0.9, test: 0.9 } })],
    ["is of a later time", JSON.stringify({ ...manifest, hearth: 2 })],
  ])("whose description %s comes in by its folders", async (_, json) => {
    const { said, refusals, manifests } = await plan([
      incoming(
        "a.zip",
        await zipped({ ...(await files()), "dataset.json": json, "labels.csv": "file,label\n2.png,x\n" }),
      ),
    ]);
    expect(manifests).toEqual([]);
    expect(refusals).toEqual([["a.zip/dataset.json", "csv-broken", undefined]]);
    expect(said).toEqual([
      "images/cats_wild/1.png: cats_wild –",
      "images/cats_wild/new.png: cats_wild –",
      "unlabelled/2.png: x –",
    ]);
  });

  test("with more classes than a network tells apart is refused", async () => {
    const many = { ...manifest, classes: Array.from({ length: 1001 }, (_, i) => `c${i}`) };
    const { refusals } = await plan([incoming("a.zip", await zipped({ "dataset.json": JSON.stringify(many) }))]);
    expect(refusals).toEqual([["a.zip/dataset.json", "too-many-classes", undefined]]);
  });

  test("samples that lie outside of it are left out", async () => {
    const samples = [
      { ...sample, file: "../../1.png", label: null, name: "1.png" },
      null,
      5,
      { file: "1.png", split: "x" },
    ];
    const json = JSON.stringify({ ...manifest, samples });
    const { refusals, manifests } = await plan([incoming("a.zip", await zipped({ "dataset.json": json }))]);
    expect(manifests[0]?.samples).toEqual([]);
    expect(refusals).toEqual([]);
  });
});
