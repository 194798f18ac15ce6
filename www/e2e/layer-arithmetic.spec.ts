// The arithmetic that the Layers page shows, against what tract computed, for every kind of layer. No page is opened.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import initInfer, { LayersView } from "../src/engine/pkg/infer/infer.js";
import initTrain, { type LayerSpec, presets, Training, TrainingData } from "../src/engine/pkg/train/train.js";
import { afterwards, arithmetic } from "../src/pages/layers/arithmetic";
import { type Cell, Net, place, Run } from "../src/pages/layers/net";
import { receptiveField } from "../src/pages/layers/receptive-field";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const idx = (name: string) => gunzipSync(readFileSync(at(`../public/data/mnist/${name}.idx.gz`)));

/** Steps before the comparison, so that nothing is at its first value. */
const STEPS = 4;
const SIZE = 28 * 28;
/** Cells of each layer that are worked out. */
const CELLS = 150;
const TOLERANCE = 1e-4;

const dense: LayerSpec = { kind: "dense", units: 10 };
const conv: LayerSpec = { kind: "conv", filters: 4, kernel: 3, stride: 2, padding: 0 };
const flat: LayerSpec[] = [{ kind: "flatten" }, dense];
const layers: Record<string, LayerSpec[]> = {
  dense: flat,
  convolution: [conv, ...flat],
  "convolution, strided and padded": [conv, { kind: "conv", filters: 3, kernel: 5, stride: 2, padding: 2 }, ...flat],
  "convolution, even kernel": [conv, { kind: "conv", filters: 3, kernel: 2, stride: 1, padding: 1 }, ...flat],
  "depthwise convolution": [conv, { kind: "depthwise", kernel: 3, stride: 1, padding: 1 }, ...flat],
  "depthwise convolution, strided": [conv, { kind: "depthwise", kernel: 2, stride: 2, padding: 0 }, ...flat],
  ReLU: [conv, { kind: "relu" }, ...flat],
  "leaky ReLU": [conv, { kind: "leakyRelu", slope: 0.2 }, ...flat],
  sigmoid: [conv, { kind: "sigmoid" }, ...flat],
  tanh: [conv, { kind: "tanh" }, ...flat],
  GELU: [conv, { kind: "gelu" }, ...flat],
  "average pooling": [conv, { kind: "avgPool", size: 2, stride: 2 }, ...flat],
  "average pooling, overlapping": [conv, { kind: "avgPool", size: 3, stride: 2 }, ...flat],
  "global average pooling": [conv, { kind: "globalAvgPool" }, ...flat],
  "max pooling": [conv, { kind: "maxPool", size: 2, stride: 2 }, ...flat],
  "max pooling, overlapping": [conv, { kind: "maxPool", size: 3, stride: 2 }, ...flat],
  "batch normalisation": [conv, { kind: "batchNorm" }, { kind: "relu" }, ...flat],
  "batch normalisation of a list": [{ kind: "flatten" }, { kind: "dense", units: 12 }, { kind: "batchNorm" }, dense],
  dropout: [conv, { kind: "dropout", rate: 0.4 }, ...flat],
};

let data: TrainingData;
let images: Uint8Array;

test.beforeAll(async () => {
  const wasm = (name: string) => readFileSync(at(`../src/engine/pkg/${name}/${name}_bg.wasm`));
  await initInfer({ module_or_path: wasm("infer") });
  await initTrain({ module_or_path: wasm("train") });
  const testImages = idx("test-images");
  images = testImages.subarray(16);
  const [trainImages, trainLabels] = [idx("train-images"), idx("train-labels")];
  data = TrainingData.fromIdx("mnist", [..."0123456789"], trainImages, trainLabels, testImages, idx("test-labels"));
});

async function trained(name: string, list?: LayerSpec[]): Promise<Uint8Array> {
  const [classic] = presets();
  const spec = list ? { ...classic?.spec, name, layers: list } : presets().find(({ id }) => id === name)?.spec;
  if (!classic || !spec) throw new Error("the presets are there");
  const training = new Training(data, spec as typeof classic.spec, classic.recipe);
  await training.advance(STEPS);
  const file = await training.onnx();
  training.free();
  return file;
}

function opened(file: Uint8Array): { net: Net; look(pixels: Uint8Array): Run } {
  const view = new LayersView(file);
  const net = new Net(view.info(), view.weights());
  const all = net.stages.map((_, i) => i);
  const look = (pixels: Uint8Array) => {
    view.pixels(pixels);
    return new Run(view.overview(), net.cut(all, view.values(Uint32Array.from(all))));
  };
  return { net, look };
}

function* someCells(net: Net, stage: number): Generator<Cell> {
  const { channels, height, width } = net.shape(stage);
  const size = channels * height * width;
  const step = Math.max(1, Math.floor(size / CELLS));
  for (let index = 0; index < size; index += step) yield { stage, index };
  yield { stage, index: size - 1 };
}

/** How far the arithmetic of a cell is from its value, and the parts of its sum from the sum. */
function largestError(net: Net, run: Run, cell: Cell): number {
  const value = run.values(cell.stage)[cell.index] ?? Number.NaN;
  const why = arithmetic(net, run, cell);
  const error = Math.abs(why.result - value);
  if (!("bias" in why)) return error;
  const parts = why.terms.reduce((sum, { product }) => sum + product, 0);
  return Math.max(error, Math.abs(why.sum + why.bias - value), Math.abs(parts - why.sum));
}

const files: Record<string, () => Promise<Uint8Array>> = {
  "the shipped digits.onnx": async () => readFileSync(at("../public/models/digits.onnx")),
};
for (const [name, list] of Object.entries(layers)) files[name] = () => trained(name, list);
for (const id of ["classic", "mlp", "depthwise"]) files[`the preset ${id}`] = () => trained(id);
for (const name of ["every-layer", "residual"]) {
  files[`a file of PyTorch's, ${name}`] = async () => readFileSync(at(`../../tests/fixtures/pytorch-${name}.onnx`));
}

for (const [name, file] of Object.entries(files)) {
  test(`${name}: what is shown adds up to what tract computed, within ${TOLERANCE}`, async () => {
    const { net, look } = opened(await file());
    const run = look(images.subarray(0, SIZE));
    for (let stage = 0; stage < net.stages.length; stage++) {
      const errors = [...someCells(net, stage)].map((cell) => largestError(net, run, cell));
      expect(Math.max(...errors), `stage ${stage}, ${net.layer(stage)?.kind}`).toBeLessThan(TOLERANCE);
    }
  });

  test(`${name}: a cell depends on nothing outside its receptive field`, async () => {
    const { net, look } = opened(await file());
    const image = images.slice(SIZE, 2 * SIZE);
    const run = look(image);
    for (let stage = 1; stage < net.stages.length; stage++) {
      if (net.isList(stage)) break;
      const { channels, height, width } = net.shape(stage);
      const middle = Math.floor(height / 2) * width + Math.floor(width / 2);
      const cell = { stage, index: (channels - 1) * height * width + middle };
      const box = receptiveField(net, cell);
      if (!box) throw new Error("a cell of a map has a place on the image");
      const elsewhere = image.map((byte, i) => {
        const { row, column } = place({ channels: 1, height: 28, width: 28 }, i);
        const inside = row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
        return inside ? byte : 255 - byte;
      });
      const [before, after] = [run, look(elsewhere)].map((values) => values.values(stage)[cell.index] ?? 0);
      expect(Math.abs((after ?? 0) - (before ?? 0)), `stage ${stage}`).toBeLessThan(TOLERANCE);
    }
  });
}

test("after a convolution come its batch norm and its ReLU, and nothing further", async () => {
  const { net, look } = opened(readFileSync(at("../public/models/digits.onnx")));
  const run = look(images.subarray(0, SIZE));
  const steps = afterwards(net, run, { stage: 1, index: 300 });
  expect(steps.map(({ activates }) => activates)).toEqual([false, true]);
  expect(steps.map(({ value }) => value)).toEqual([run.values(2)[300], run.values(3)[300]]);
  expect(afterwards(net, run, { stage: 4, index: 0 })).toEqual([]);
});
