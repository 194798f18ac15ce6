/** Owns an `infer` module of its own: looks at own images and keeps what the network makes of them. */
import { EngineError } from "./error";
import { fetchedInTurn } from "./fetched";
import type { ComputedRows, FeatureCalls, FeatureWork } from "./learning-protocol";
import { keepFeatures } from "./library/features";
import { originals } from "./library/library";
import type { OwnId } from "./library/records";
import { inTurns } from "./library/render";
import { pixelsOf } from "./picture";
import init, { Embedder, type EmbedderInfo, render, renderCopy } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import { serve } from "./serve";

/** Images that the network takes at once. */
const BATCH = 1;

let open: { embedder: Embedder; info: EmbedderInfo } | null = null;

function opened(): { embedder: Embedder; info: EmbedderInfo } {
  if (!open) throw new EngineError("no-model", "No model is open.");
  return open;
}

/** What the network is given of a picture and of its copies, one after the other. */
function rendered(pixels: ImageData, sample: number, copies: readonly number[]): Uint8Array {
  const { channels, height, width, preprocessing } = opened().info;
  const size = channels * height * width;
  const images = new Uint8Array(copies.length * size);
  const rgba = new Uint8Array(pixels.data.buffer);
  for (const [place, copy] of copies.entries()) {
    const image =
      copy === 0
        ? render(rgba, pixels.width, pixels.height, channels, height, width, preprocessing.fit)
        : renderCopy(rgba, pixels.width, pixels.height, channels, height, width, preprocessing.fit, sample, copy);
    images.set(image, place * size);
  }
  return images;
}

async function lookedAt(dataset: OwnId, works: readonly FeatureWork[], signal: AbortSignal) {
  const { embedder } = opened();
  const files = await originals(works.map(({ sample, type }) => ({ dataset, id: sample, type })));
  const broken: number[] = [];
  const parts: { work: FeatureWork; features: Float32Array }[] = [];
  await inTurns(works, async (work) => {
    const place = works.indexOf(work);
    signal.throwIfAborted();
    const file = files[place];
    const decoded = file && (await pixelsOf(file, 0).catch(() => null));
    if (!decoded) {
      broken.push(work.sample);
      return;
    }
    try {
      const images = rendered(decoded.pixels, work.sample, work.copies);
      parts.push({ work, features: embedder.embed(images, work.copies.length) });
    } catch (error) {
      // A trap is the end of the module; everything else is about this picture alone.
      if (error instanceof WebAssembly.RuntimeError) throw error;
      broken.push(work.sample);
    }
  });
  const rows = parts.flatMap(({ work }) => work.copies.map((copy) => [work.sample, copy] as const));
  const features = new Float32Array(rows.length * embedder.dimension);
  let at = 0;
  for (const part of parts) {
    features.set(part.features, at);
    at += part.features.length;
  }
  return {
    samples: Uint32Array.from(rows, ([sample]) => sample),
    copies: Uint8Array.from(rows, ([, copy]) => copy),
    features,
    broken: Uint32Array.from(broken),
  };
}

serve<FeatureCalls>({
  async open({ onnx, tensor }) {
    await ready;
    const embedder = tensor === null ? new Embedder(onnx, BATCH) : Embedder.at(onnx, BATCH, tensor);
    open?.embedder.free();
    const info = embedder.info();
    open = { embedder, info };
    const { channels, height, width, preprocessing } = info;
    return { id: embedder.id, dimension: embedder.dimension, channels, height, width, fit: preprocessing.fit };
  },

  async compute({ dataset, works, keep }, signal): Promise<ComputedRows> {
    const { embedder } = opened();
    const rows = await lookedAt(dataset, works, signal);
    // What a full disk has no room for is used all the same.
    const kept =
      keep &&
      (await keepFeatures(dataset, embedder.id, rows).then(
        () => true,
        () => false,
      ));
    return { ...rows, kept };
  },
});

const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), () => {}, { bytes }),
});
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
