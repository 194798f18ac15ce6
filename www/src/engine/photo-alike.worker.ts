/** Owns an `infer` module for likeness: what a network makes of photos before its last layer, and which are alike. */
import { EngineError } from "./error";
import { fetchedInTurn } from "./fetched";
import type { AlikeCalls } from "./photo-alike";
import { pixelsOf } from "./picture";
import init, { Embedder, type EmbedderInfo, LikenessIndex, render } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import { serve } from "./serve";

let network: { embedder: Embedder; info: EmbedderInfo } | null = null;

serve<AlikeCalls, never>({
  async open({ onnx }) {
    await ready;
    const embedder = new Embedder(onnx, 1);
    network?.embedder.free();
    network = { embedder, info: embedder.info() };
    return { id: embedder.id, dimension: embedder.dimension };
  },

  async embed({ picture }) {
    const { pixels } = await pixelsOf(picture, 0);
    if (!network) throw new EngineError("no-model", "No model is open.");
    const { channels, height, width, preprocessing } = network.info;
    const rgba = new Uint8Array(pixels.data.buffer);
    const image = render(rgba, pixels.width, pixels.height, channels, height, width, preprocessing.fit);
    return network.embedder.embed(image, 1);
  },

  async search({ features, dimension, places }) {
    await ready;
    const index = new LikenessIndex(dimension);
    try {
      index.add(features);
      return index.alike(places, index.length, new Uint32Array(0));
    } finally {
      index.free();
    }
  },
});

const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), () => {}, { bytes }),
});
