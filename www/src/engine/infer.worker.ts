/** Owns the `infer` module (tract): opens ONNX files and answers what is drawn. */
import { EngineError } from "./error";
import init, { Classifier } from "./pkg/infer/infer.js";
import type { InferCalls, Slot } from "./protocol";
import { serve } from "./serve";

// Started with the worker, so that the module compiles while the page still fetches its model.
const ready = init({ module_or_path: new URL("./pkg/infer/infer_bg.wasm", import.meta.url) });
const open = new Map<Slot, Classifier>();

serve<InferCalls>({
  async open({ slot, onnx }) {
    await ready;
    const classifier = new Classifier(onnx);
    open.get(slot)?.free();
    open.set(slot, classifier);
    return classifier.info();
  },

  predictDrawing({ slot, rgba, width, height }) {
    const classifier = open.get(slot);
    if (!classifier) throw new EngineError("no-model", "No model is open.");
    return classifier.predictDrawing(rgba, width, height);
  },

  close({ slot }) {
    open.get(slot)?.free();
    open.delete(slot);
    return null;
  },
});
