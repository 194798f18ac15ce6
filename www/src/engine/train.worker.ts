/** Owns the `train` module (Burn on the CPU), and answers what is asked about networks. */
import { fetched, throttled } from "./fetched";
import init, {
  describe as describeSpec,
  presets,
  readNetwork as readFile,
  render,
  Training,
  TrainingData,
} from "./pkg/train/train.js";
import bytes from "./pkg/train/train_bg.wasm?bytes";
import type { TrainCalls, TrainNews } from "./protocol";
import { RunRoom } from "./run-room";
import { serve } from "./serve";

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
    start: async (data, spec, recipe) => new Training(data, spec, recipe),
    startFrom: async (data, onnx, recipe) => Training.fromFile(data, onnx, recipe),
    resume: async (data, onnx, epochs) => Training.resume(data, onnx, epochs),
  },
  (news) => tell(news),
);

const tell = serve<TrainCalls, TrainNews>({
  ...room.calls,

  async presets() {
    await ready;
    return presets();
  },

  async describe({ spec }) {
    await ready;
    return describeSpec(spec);
  },

  async readNetwork({ onnx }) {
    await ready;
    return readFile(onnx);
  },
});

// Last: what is told of the download goes by way of `tell`.
const loading = throttled((loaded, total) => tell({ kind: "loading", what: "package", loaded, total }));
const ready = init({
  module_or_path: fetched(new URL("./pkg/train/train_bg.wasm", import.meta.url), loading, { bytes }),
});
