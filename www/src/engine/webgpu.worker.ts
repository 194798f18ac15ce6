/**
 * Owns the `webgpu` module (Burn on the GPU) and the device. It is started only where there is an adapter to train on,
 * and let go when its run is over, which gives the GPU's memory back.
 */
import { fetched, throttled } from "./fetched";
import { unlessFaulty } from "./gpu-watch";
import init, { Gpu, render, type Training, TrainingData } from "./pkg/webgpu/webgpu.js";
import bytes from "./pkg/webgpu/webgpu_bg.wasm?bytes";
import type { GpuCalls, TrainNews } from "./protocol";
import type { Pulled } from "./puller";
import { RunRoom } from "./run-room";
import { serve } from "./serve";

let opened: Promise<Gpu> | undefined;

/** Opened once: a device that fails goes with its worker. */
function device(): Promise<Gpu> {
  opened ??= ready.then(() => Gpu.open());
  return opened;
}

async function watched(make: (gpu: Gpu) => Training): Promise<Pulled> {
  const gpu = await device();
  const training = make(gpu);
  return {
    advance: (steps) => unlessFaulty(gpu, training.advance(steps)),
    onnx: () => unlessFaulty(gpu, training.onnx()),
    checkpoint: () => unlessFaulty(gpu, training.checkpoint()),
    free: () => training.free(),
    watchedLabels: () => training.watchedLabels(),
    watchedPixels: () => training.watchedPixels(),
  };
}

const room = new RunRoom(
  {
    async data(dataset, ...files) {
      await ready;
      return TrainingData.builtin(dataset, ...files);
    },
    async own({ dataset, classes, channels, height, width, pixels, labels, splits }) {
      await ready;
      return TrainingData.fromImages(dataset.name, classes, channels, height, width, pixels, labels, splits);
    },
    async render() {
      await ready;
      return render;
    },
    start: (data, spec, recipe) => watched((gpu) => gpu.start(data, spec, recipe)),
    startFrom: (data, onnx, recipe) => watched((gpu) => gpu.startFrom(data, onnx, recipe)),
    resume: (data, onnx, epochs) => watched((gpu) => gpu.resume(data, onnx, epochs)),
  },
  (news) => tell(news),
);

const tell = serve<GpuCalls, TrainNews>({
  ...room.calls,

  async selfTest({ spec, recipe, most }) {
    const gpu = await device();
    return unlessFaulty(gpu, gpu.selfTest(room.data(), spec, recipe, most));
  },
});

// Last: what is told of the download goes by way of `tell`.
const loading = throttled((loaded, total) => tell({ kind: "loading", what: "package", loaded, total }));
const ready = init({
  module_or_path: fetched(new URL("./pkg/webgpu/webgpu_bg.wasm", import.meta.url), loading, { bytes }),
});
