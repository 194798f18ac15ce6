import { expect, test } from "vitest";
import { rememberPath } from "../engine/file-path";
import { incoming, isCollection } from "./incoming";

function file(path: string): File {
  return rememberPath(new File(["x"], path.split("/").at(-1) ?? ""), path);
}

test("files come with the folders they lie in, and without what systems leave there", () => {
  const files = ["pets/cat/1.jpg", "pets/.DS_Store", "pets/cat/Thumbs.db", "__MACOSX/pets/cat/._1.jpg", "2.jpg"];
  expect(incoming(files.map(file)).map(({ path }) => path)).toEqual(["2.jpg", "pets/cat/1.jpg"]);
});

test("folders come in the order of their names, whatever the disk's", () => {
  const files = ["set/10/a.jpg", "set/9/b.jpg", "set/10/c.jpg", "set/9/a.jpg", "list.csv"];
  const order = ["list.csv", "set/9/b.jpg", "set/9/a.jpg", "set/10/a.jpg", "set/10/c.jpg"];
  expect(incoming(files.map(file)).map(({ path }) => path)).toEqual(order);
});

test("archives, lists and IDX files hold many images", () => {
  const collections = ["pets.zip", "labels.CSV", "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte", "x.idx"];
  for (const name of collections) expect(isCollection(file(name)), name).toBe(true);
  for (const name of ["cat.jpg", "net.onnx", "notes.txt"]) expect(isCollection(file(name)), name).toBe(false);
});
