import { describe, expect, test } from "vitest";
import { isRubbish, placed, safePath } from "./paths";

describe("a path", () => {
  test.each([
    ["cats/1.jpg", "cats/1.jpg"],
    ["./cats//1.jpg", "cats/1.jpg"],
    ["cats\\1.jpg", "cats/1.jpg"],
    ["喵/一.jpg", "喵/一.jpg"],
    ["a..b/..c/d...jpg", "a..b/..c/d...jpg"],
  ])("%j is %j", (path, safe) => expect(safePath(path)).toBe(safe));

  test.each([
    "../1.jpg",
    "cats/../../1.jpg",
    "..\\1.jpg",
    "cats\\..\\..\\1.jpg",
    "/etc/passwd",
    "\\\\host\\share\\1.jpg",
  ])("%j leads out of its folder", (path) => expect(safePath(path)).toBeNull());

  test.each(["C:\\1.jpg", "c:/1.jpg", "a\0.jpg", "a\n.jpg", "", ".", "./"])("%j hides what it is", (path) =>
    expect(safePath(path)).toBeNull(),
  );
});

test("what systems leave behind is no file of anyone's", () => {
  const rubbish = [
    "__MACOSX/cats/._1.jpg",
    "cats/.DS_Store",
    "Thumbs.db",
    "cats/thumbs.DB",
    ".git/config",
    "a/desktop.ini",
  ];
  expect(rubbish.filter((path) => !isRubbish(path))).toEqual([]);
  const files = ["cats/1.jpg", "./cats/1.jpg", "../1.jpg", "a.b/c.jpg", "my.DS_Store.jpg"];
  expect(files.filter(isRubbish)).toEqual([]);
});

describe("folders say", () => {
  const read = (...paths: string[]) => placed(paths).map(({ label, split }) => `${label ?? "–"} ${split ?? "–"}`);

  test("the class", () => {
    expect(read("cats/1.jpg", "dogs/1.jpg", "2.jpg")).toEqual(["cats –", "dogs –", "– –"]);
    expect(read("cats/1.jpg", "cats/2.jpg")).toEqual(["cats –", "cats –"]);
  });

  test("the class, below a folder that everything lies in", () => {
    expect(read("pets/cats/1.jpg", "pets/dogs/1.jpg", "pets/3.jpg")).toEqual(["cats –", "dogs –", "– –"]);
    expect(read("pets-main/data/cats/1.jpg", "pets-main/data/dogs/1.jpg")).toEqual(["cats –", "dogs –"]);
  });

  test("the class of folders within a class's", () => {
    expect(read("cats/siamese/1.jpg", "dogs/1.jpg")).toEqual(["cats –", "dogs –"]);
  });

  test("the split above the class", () => {
    const paths = [
      "train/cats/1.jpg",
      "Validation/cats/2.jpg",
      "val/dogs/3.jpg",
      "valid/dogs/4.jpg",
      "test/cats/5.jpg",
    ];
    const expected = ["cats train", "cats validation", "dogs validation", "dogs validation", "cats test"];
    expect(read(...paths)).toEqual(expected);
    expect(read(...paths.map((path) => `set/${path}`))).toEqual(expected);
    expect(read("train/cats/1.jpg", "train/dogs/1.jpg")).toEqual(["cats train", "dogs train"]);
  });

  test("the split alone, where pictures lie in its folder", () => {
    expect(read("train/1.jpg", "test/2.jpg")).toEqual(["– train", "– test"]);
    expect(read("train/unlabelled/1.jpg", "train/cats/2.jpg")).toEqual(["– train", "cats train"]);
  });

  test("the class, of a train among cars and planes", () => {
    expect(read("car/1.jpg", "train/1.jpg", "plane/1.jpg")).toEqual(["car –", "train –", "plane –"]);
    expect(read("train/car/1.jpg", "train/train/1.jpg", "test/train/1.jpg")).toEqual([
      "car train",
      "train train",
      "train test",
    ]);
  });

  test("nothing, where they are called as any folder of pictures", () => {
    expect(read("photos/1.jpg", "photos/2.jpg")).toEqual(["– –", "– –"]);
    expect(read("photos/1.jpg", "drawings/2.jpg")).toEqual(["photos –", "drawings –"]);
    expect(read("unlabelled/1.jpg", "cats/2.jpg")).toEqual(["– –", "cats –"]);
  });

  test("what Hearth itself writes", () => {
    expect(read("images/cats/1.jpg", "images/dogs/1.jpg", "unlabelled/2.jpg")).toEqual(["cats –", "dogs –", "– –"]);
    expect(read("out/images/cats/1.jpg", "out/unlabelled/2.jpg")).toEqual(["cats –", "– –"]);
    expect(read("images/cats/1.jpg")).toEqual(["cats –"]);
  });
});
