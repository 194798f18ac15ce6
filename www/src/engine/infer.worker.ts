/** Owns the `infer` module (tract): opens ONNX files and answers what is drawn. */
import { EngineError } from "./error";
import { fetchedInTurn, throttled } from "./fetched";
import { SPLITS } from "./library/records";
import { type Rendered, rendered } from "./library/render";
import { pixelsOf } from "./picture";
import init, { Classifier, LayersView, render, Samples } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import type { InferCalls, InferNews, LookedThrough, Slot } from "./protocol";
import { serve } from "./serve";

const open = new Map<Slot, Classifier>();
let layers: LayersView | null = null;
/** A dataset's images: of one that comes with Hearth, or of a person's own. */
let samples: Samples | null = null;
let ownSamples: Rendered | null = null;

function classifierIn(slot: Slot): Classifier {
  const classifier = open.get(slot);
  if (!classifier) throw new EngineError("no-model", "No model is open.");
  return classifier;
}

function opened(): LayersView {
  if (!layers) throw new EngineError("no-model", "No model is open.");
  return layers;
}

function lookedThrough(view: LayersView, stages: readonly number[]): LookedThrough {
  return { overview: view.overview(), values: view.values(Uint32Array.from(stages)) };
}

const tell = serve<InferCalls, InferNews>({
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
    const { predictions, novelty = null } = classifierIn(slot).predictPhoto(rgba, pixels.width, pixels.height, top);
    return { predictions, novelty, ms: performance.now() - began, ...rest };
  },

  async openLayers({ onnx, mostWeights }) {
    await ready;
    const view = new LayersView(onnx);
    layers?.free();
    layers = view;
    const info = view.info();
    const count = info.parts.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
    return { info, weights: count <= mostWeights ? view.weights() : new Float32Array(0) };
  },

  lookAtDrawing({ rgba, width, height, stages }) {
    const view = opened();
    return view.drawing(rgba, width, height) ? lookedThrough(view, stages) : null;
  },

  async lookAtPhoto({ picture, stages }) {
    const { pixels } = await pixelsOf(picture, 0);
    const view = opened();
    const rgba = new Uint8Array(pixels.data.buffer);
    return view.photo(rgba, pixels.width, pixels.height) ? lookedThrough(view, stages) : null;
  },

  lookAtPixels({ pixels, stages }) {
    const view = opened();
    view.pixels(pixels);
    return lookedThrough(view, stages);
  },

  stageValues({ stages }) {
    return opened().values(Uint32Array.from(stages));
  },

  layerWeights({ layer }) {
    return opened().weightsOf(layer);
  },

  async openSamples({ dataset, images, labels }) {
    await ready;
    const read = Samples.fromIdx(dataset, images, labels);
    samples?.free();
    samples = read;
    ownSamples = null;
    return read.count;
  },

  async openOwnSamples({ dataset }) {
    await ready;
    const never = new AbortController().signal;
    const made = (splits: typeof SPLITS | readonly ["test"]) => rendered(dataset, splits, render, () => {}, never);
    // A small dataset may have no test images yet.
    ownSamples = await made(["test"]).catch((error) => {
      if (EngineError.from(error).code !== "dataset-empty") throw error;
      return made(SPLITS);
    });
    return ownSamples.labels.length;
  },

  sample({ index }) {
    if (ownSamples) {
      const { channels, height, width, classes, labels, pixels } = ownSamples;
      const size = channels * height * width;
      const label = labels[index] ?? 0;
      const image = pixels.slice(index * size, (index + 1) * size);
      return { index, label, name: classes[label] ?? "", pixels: image, height, width };
    }
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

// Started with the worker, so that the module compiles while the page still fetches its model; last, because what is told
// of the download goes by way of `tell`.
const loading = throttled((loaded, total) => tell({ kind: "loading", loaded, total }));
const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), loading, { bytes }),
});
