import { expect, test } from "vitest";
import { isList, isModel, isOnnx, isPartOfModel } from "./model-names";

const named = (names: string) => names.split(" ").map((name) => ({ name }));

test("files are sorted by their names, whatever the case of their letters", () => {
  expect(named("net.onnx NET.ONNX").every(isOnnx)).toBe(true);
  expect(named("net.onnx.data net.txt onnx").some(isOnnx)).toBe(false);
  expect(named("labels.txt LABELS.CSV id2label.json a.tsv").every(isList)).toBe(true);
});

test("models of other programs are taken for models, to be told what they are", () => {
  expect(named("a.keras b.h5 c.tflite d.pt e.pth f.safetensors saved_model.pb").every(isModel)).toBe(true);
  expect(named("photo.jpg labels.txt images.zip").some(isModel)).toBe(false);
});

test("weights and labels are parts of a model, pictures and collections of them are not", () => {
  expect(named("net.onnx net.onnx.data group1-shard1of1.bin labels.txt").every(isPartOfModel)).toBe(true);
  expect(named("photo.jpg images.zip train-images-idx3-ubyte").some(isPartOfModel)).toBe(false);
});
