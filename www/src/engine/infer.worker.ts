/** Owns the `infer` module (tract): opens ONNX files and answers what is drawn. */
import { EngineError } from "./error";
import { pixelsOf } from "./picture";
import init, { Classifier, LayersView, Samples } from "./pkg/infer/infer.js";
import type { InferCalls, Slot } from "./protocol";
import { serve } from "./serve";

// Started with the worker, so that the module compiles while the page still fetches its model.
const ready = init({ module_or_path: new URL("./pkg/infer/infer_bg.wasm", import.meta.url) });
const open = new Map<Slot, Classifier>();
let layers: LayersView | null = null;
let samples: Samples | null = null;

function classifierIn(slot: Slot): Classifier {
  const classifier = open.get(slot);
  if (!classifier) throw new EngineError("no-model", "No model is open.");
  return classifier;
}

function opened(): LayersView {
  if (!layers) throw new EngineError("no-model", "No model is open.");
  return layers;
}

serve<InferCalls>({
  async open({ slot, onnx }) {
    await ready;
    const classifier = new Classifier(onnx);
    open.get(slot)?.free();
    open.set(slot, classifier);
    return classifier.info();
  },

  predictDrawing({ slot, rgba, width, height }) {
    return classifierIn(slot).predictDrawing(rgba, width, height);
  },

  async predictPhoto({ slot, picture, top, thumbnail }) {
    const { pixels, ...rest } = await pixelsOf(picture, thumbnail);
    // A view of the same bytes; `data` counts them clamped, which Rust does not ask for.
    const rgba = new Uint8Array(pixels.data.buffer);
    const began = performance.now();
    const { predictions } = classifierIn(slot).predictPhoto(rgba, pixels.width, pixels.height, top);
    return { predictions, ms: performance.now() - began, ...rest };
  },

  async openLayers({ onnx }) {
    await ready;
    const view = new LayersView(onnx);
    layers?.free();
    layers = view;
    return { info: view.info(), weights: view.weights() };
  },

  layersOfDrawing({ rgba, width, height }) {
    return opened().drawing(rgba, width, height);
  },

  layersOfPixels({ pixels }) {
    return opened().pixels(pixels);
  },

  async openSamples({ dataset, images, labels }) {
    await ready;
    const read = Samples.fromIdx(dataset, images, labels);
    samples?.free();
    samples = read;
    return read.count;
  },

  sample({ index }) {
    if (!samples) throw new EngineError("no-data", "No data has been loaded.");
    const { height, width } = samples;
    return {
      index,
      label: samples.label(index),
      name: samples.className(index),
      pixels: samples.image(index),
      height,
      width,
    };
  },

  close({ slot }) {
    open.get(slot)?.free();
    open.delete(slot);
    return null;
  },
});
