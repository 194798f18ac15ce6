import { expect, test, vi } from "vitest";
import { besideOf, readWhole, refuseTooLarge } from "./opening-files";

const named = (name: string) => ({ name, file: new Blob([name]) });

test("what a model asks for is found without its folders, and whatever the case of its letters", () => {
  const beside = ["MODEL.ONNX.DATA", "other.bin", "w1.bin"].map(named);
  const { found, missing } = besideOf(["model.onnx.data", "weights/w1.bin", "weights\\w2.bin"], beside);
  expect(found.map(({ name }) => name)).toEqual(["MODEL.ONNX.DATA", "w1.bin"]);
  expect(missing).toEqual(["w2.bin"]);
});

test("of two names that differ in the case of a letter each gets its own", () => {
  const { found } = besideOf(["w.bin", "W.bin"], ["W.bin", "w.bin"].map(named));
  expect(found.map(({ name }) => name)).toEqual(["w.bin", "W.bin"]);
});

test("of two of one name in different folders neither is taken for the other", () => {
  const names = ["a/w.bin", "b/w.bin"];
  expect(besideOf(names, ["w.bin"].map(named))).toEqual({ found: [], missing: ["w.bin", "w.bin"] });
  const { found, missing } = besideOf(names, ["net/b/w.bin", "net/a/w.bin"].map(named));
  expect(found.map(({ name }) => name)).toEqual(["net/a/w.bin", "net/b/w.bin"]);
  expect(missing).toEqual([]);
});

test("a file is read as a whole, and how far it is, is told to its end", async () => {
  const heard = vi.fn();
  const bytes = await readWhole(new Blob([new Uint8Array(100_000).fill(7)]), heard);
  expect(bytes).toEqual(new Uint8Array(100_000).fill(7));
  expect(heard).toHaveBeenLastCalledWith(100_000, 100_000);
});

test("a file that has gone since it was chosen is an error that says so", async () => {
  const gone = { size: 3, stream: () => new ReadableStream({ start: (to) => to.error(new Error("NotFoundError")) }) };
  await expect(readWhole(gone as Blob, () => {})).rejects.toMatchObject({ code: "file-unreadable" });
});

test("a model that is too large with its weights is refused before it is read", () => {
  const sized = (size: number) => ({ size }) as Blob;
  expect(() => refuseTooLarge([sized(1e6), sized(198e6)])).not.toThrow();
  expect(() => refuseTooLarge([sized(1e6), sized(200e6)])).toThrow(/200 MB/);
});
