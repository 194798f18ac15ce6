// Other software opens the files that Hearth writes: onnxruntime's logits for every kind of layer, against those of
// Hearth's own packages, on real digits. No page is opened.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import * as ort from "onnxruntime-web";
import initInfer, { Classifier } from "../src/engine/pkg/infer/infer.js";
import initTrain, {
  type LayerSpec,
  type ModelSpec,
  presets,
  Training,
  TrainingData,
} from "../src/engine/pkg/train/train.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const idx = (name: string) => gunzipSync(readFileSync(at(`../public/data/mnist/${name}.idx.gz`)));

/** Steps before the comparison, so that nothing is at its first value. */
const STEPS = 4;
const IMAGES = 32;
const SIZE = 28 * 28;
const TOLERANCE = 1e-3;

const dense: LayerSpec = { kind: "dense", units: 10 };
const conv: LayerSpec = { kind: "conv", filters: 4, kernel: 3, stride: 2, padding: 0 };
const layers: Record<string, LayerSpec[]> = {
  dense: [{ kind: "flatten" }, dense],
  convolution: [conv, { kind: "flatten" }, dense],
  "convolution, strided and padded": [
    { kind: "conv", filters: 3, kernel: 5, stride: 2, padding: 2 },
    { kind: "flatten" },
    dense,
  ],
  ReLU: [conv, { kind: "relu" }, { kind: "flatten" }, dense],
  "max pooling": [conv, { kind: "maxPool", size: 2, stride: 2 }, { kind: "flatten" }, dense],
  "max pooling, overlapping": [conv, { kind: "maxPool", size: 3, stride: 2 }, { kind: "flatten" }, dense],
  "batch normalisation": [conv, { kind: "batchNorm" }, { kind: "flatten" }, dense],
  dropout: [conv, { kind: "dropout", rate: 0.4 }, { kind: "flatten" }, dense],
  "depthwise convolution": [conv, { kind: "depthwise", kernel: 3, stride: 1, padding: 1 }, { kind: "flatten" }, dense],
  "depthwise convolution, strided": [
    conv,
    { kind: "depthwise", kernel: 5, stride: 2, padding: 1 },
    { kind: "flatten" },
    dense,
  ],
  "leaky ReLU": [conv, { kind: "leakyRelu", slope: 0.2 }, { kind: "flatten" }, dense],
  sigmoid: [conv, { kind: "sigmoid" }, { kind: "flatten" }, dense],
  tanh: [conv, { kind: "tanh" }, { kind: "flatten" }, dense],
  GELU: [conv, { kind: "gelu" }, { kind: "flatten" }, dense],
  "average pooling": [conv, { kind: "avgPool", size: 2, stride: 2 }, { kind: "flatten" }, dense],
  "average pooling, overlapping": [conv, { kind: "avgPool", size: 3, stride: 2 }, { kind: "flatten" }, dense],
  "global average pooling": [conv, { kind: "globalAvgPool" }, { kind: "flatten" }, dense],
};

test.describe("onnxruntime runs Hearth's files", () => {
  let data: TrainingData;
  let images: Uint8Array;

  test.beforeAll(async () => {
    ort.env.wasm.numThreads = 1;
    const wasm = (name: string) => readFileSync(at(`../src/engine/pkg/${name}/${name}_bg.wasm`));
    await initInfer({ module_or_path: wasm("infer") });
    await initTrain({ module_or_path: wasm("train") });
    const testImages = idx("test-images");
    images = testImages.subarray(16, 16 + IMAGES * SIZE);
    const classes = [..."0123456789"];
    const [trainImages, trainLabels] = [idx("train-images"), idx("train-labels")];
    data = TrainingData.fromIdx("mnist", classes, trainImages, trainLabels, testImages, idx("test-labels"));
  });

  const preset = (which: number) => () => presets()[which]?.spec;
  const specs: Record<string, () => ModelSpec | undefined> = {
    "the classic network": preset(0),
    "the digits network": preset(1),
    "the fashion network": preset(2),
    "the small MLP": preset(3),
    "the depthwise network": preset(4),
  };
  for (const [name, list] of Object.entries(layers)) {
    specs[name] = () => {
      const classic = presets()[0]?.spec;
      return classic && { ...classic, name, layers: list };
    };
  }

  for (const [name, spec] of Object.entries(specs)) {
    test(`${name}: the same logits within ${TOLERANCE}`, async () => {
      const recipe = presets()[0]?.recipe;
      const made = spec();
      if (!recipe || !made) throw new Error("the presets are there");
      const training = new Training(data, made, recipe);
      await training.advance(STEPS);
      const file = await training.onnx();
      training.free();
      expect(await largestDifference(file, images)).toBeLessThan(TOLERANCE);
    });
  }

  for (const name of ["digits", "fashion"]) {
    test(`the shipped ${name}.onnx: the same logits`, async () => {
      const file = readFileSync(at(`../public/models/${name}.onnx`));
      expect(await largestDifference(file, images)).toBeLessThan(TOLERANCE);
    });
  }
});

test.describe("onnxruntime runs the shipped networks for photos", () => {
  for (const [name, side] of [
    ["lite0", 224],
    ["lite2", 260],
  ] as const) {
    test(`${name}.onnx: the same logits within ${TOLERANCE}`, async () => {
      ort.env.wasm.numThreads = 1;
      await initInfer({ module_or_path: readFileSync(at("../src/engine/pkg/infer/infer_bg.wasm")) });
      const file = readFileSync(at(`../public/models/${name}.onnx`));
      const session = await ort.InferenceSession.create(file);
      const classifier = new Classifier(file);
      for (const photo of ["chelsea", "coffee"]) {
        const image = planes(readFileSync(at(`../../tests/fixtures/photos/${photo}-128.rgb`)), 128, side);
        const input = Float32Array.from(image, (byte) => (byte - 127) / 128);
        const feeds = { image: new ort.Tensor("float32", input, [1, 3, side, side]) };
        const { logits } = await session.run(feeds, ["logits"]);
        const own = classifier.predictPixels(image, 1);
        expect(largestGap(own, logits?.data as Float32Array)).toBeLessThan(TOLERANCE);
      }
      classifier.free();
    });
  }
});

/** Pixels of three bytes → `[3, side, side]`, each pixel the nearest of the photo's. */
function planes(rgb: Uint8Array, from: number, side: number): Uint8Array {
  const image = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)].map((place) => Math.floor((place * from) / side)) as [
      number,
      number,
    ];
    for (let c = 0; c < 3; c++) image[c * side * side + i] = rgb[(y * from + x) * 3 + c] ?? 0;
  }
  return image;
}

/** Between the logarithms of probabilities and logits less their logarithmic sum, where a probability is not vanishing. */
function largestGap(probabilities: Float32Array, logits: Float32Array): number {
  // Not a number is larger than nothing.
  if (![...probabilities, ...logits].every(Number.isFinite)) return Number.NaN;
  const top = Math.max(...logits);
  const logSum = top + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - top), 0));
  let largest = 0;
  probabilities.forEach((p, c) => {
    if (p > 1e-12) largest = Math.max(largest, Math.abs(Math.log(p) - ((logits[c] ?? 0) - logSum)));
  });
  return largest;
}

/**
 * The largest difference between onnxruntime's log-probabilities (from its logits) and Hearth's, over all classes
 * that are not vanishingly unlikely, and between the probabilities themselves.
 */
async function largestDifference(file: Uint8Array, images: Uint8Array): Promise<number> {
  const session = await ort.InferenceSession.create(file);
  expect(session.outputNames).toEqual(expect.arrayContaining(["logits", "probabilities", "features"]));
  const input = Float32Array.from(images, (byte) => byte / 255);
  const feeds = { image: new ort.Tensor("float32", input, [IMAGES, 1, 28, 28]) };
  const out = await session.run(feeds, ["logits", "probabilities"]);
  const logits = out.logits?.data as Float32Array;
  const probabilities = out.probabilities?.data as Float32Array;
  const classifier = new Classifier(file);
  const own = classifier.predictPixels(images, IMAGES);
  classifier.free();
  let largest = 0;
  for (let image = 0; image < IMAGES; image++) {
    const row = logits.subarray(image * 10, image * 10 + 10);
    const top = Math.max(...row);
    const logSum = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
    for (let c = 0; c < 10; c++) {
      const p = own[image * 10 + c] ?? Number.NaN;
      largest = Math.max(largest, Math.abs(p - (probabilities[image * 10 + c] ?? Number.NaN)));
      // Below this a probability in 32 bits says little of its logarithm.
      if (p > 1e-12) largest = Math.max(largest, Math.abs(Math.log(p) - ((row[c] ?? 0) - logSum)));
    }
  }
  return largest;
}
