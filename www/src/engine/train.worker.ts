/** Owns the `train` module (Burn): holds the data and the run, and pulls it forward. */
import { EngineError } from "./error";
import { fetchMnist } from "./mnist";
import init, { describe as describeSpec, presets, Training, TrainingData } from "./pkg/train/train.js";
import type { DatasetId, TrainCalls, TrainNews } from "./protocol";
import { Puller } from "./puller";
import { serve } from "./serve";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** Progress of a download is said at most this often. */
const PROGRESS_EVERY_MS = 100;

const ready = init({ module_or_path: new URL("./pkg/train/train_bg.wasm", import.meta.url) });
let loaded: { id: DatasetId; data: TrainingData } | null = null;
let puller: Puller | null = null;

function running(): Puller {
  if (!puller) throw new EngineError("no-run", "No training has been started.");
  return puller;
}

const tell = serve<TrainCalls, TrainNews>({
  async presets() {
    await ready;
    return presets();
  },

  async describe({ spec }) {
    await ready;
    return describeSpec(spec);
  },

  async load({ dataset, base }, signal) {
    if (loaded?.id === dataset) return loaded.data.summary();
    let said = 0;
    const files = await fetchMnist(base, signal, (bytes, total) => {
      if (bytes < total && performance.now() - said < PROGRESS_EVERY_MS) return;
      said = performance.now();
      tell({ kind: "loading", loaded: bytes, total });
    });
    await ready;
    signal.throwIfAborted();
    const data = TrainingData.fromIdx(
      dataset,
      DIGITS,
      files.trainImages,
      files.trainLabels,
      files.testImages,
      files.testLabels,
    );
    loaded?.data.free();
    loaded = { id: dataset, data };
    return data.summary();
  },

  async start({ run, spec, recipe }) {
    if (!loaded) throw new EngineError("no-data", "No data has been loaded.");
    await puller?.drop();
    puller = null;
    puller = new Puller(new Training(loaded.data, spec, recipe), {
      onEvents: (events) => tell({ kind: "progress", run, events }),
      onError: (error) => tell({ kind: "failed", run, error }),
    });
    puller.go();
    return null;
  },

  pause() {
    running().hold();
    return null;
  },

  resume() {
    running().go();
    return null;
  },

  stop() {
    running().hold();
    return null;
  },

  snapshot() {
    return running().onnx();
  },
});
