// Hearth's side: package `train` (CPU) or `webgpu`, as any page would use it. What the network has learned is asked of
// package `infer`, from the file that the training writes.
import "./watch.js";
import "./answer.js";

const packages = "/www/src/engine/pkg";
let training;
let fixed;

/** One pull after the other until `steps` are done, `every` in each: an epoch's end stops a pull short. */
async function train(steps, every) {
  for (let done = 0; done < steps; ) {
    const events = await training.advance(Math.min(every, steps - done));
    done += events.filter(({ kind }) => kind === "step").length;
  }
  await watch.finished();
}

answer({
  async open({ device, batch, data, test, traceable }) {
    if (traceable) watch.makeTraceable();
    const name = device === "cpu" ? "train" : "webgpu";
    const hearth = await import(`${packages}/${name}/${name}.js`);
    await hearth.default({ module_or_path: `${packages}/${name}/${name}_bg.wasm` });
    const classes = Array.from({ length: 10 }, (_, digit) => `${digit}`);
    const images = await Promise.all([data.images, data.labels, test.images, test.labels].map(idx));
    fixed = images[2].subarray(16, 16 + test.count * 28 * 28);
    const samples = hearth.TrainingData.fromIdx("MNIST", classes, ...images);
    const { spec, recipe } = hearth.presets().find(({ id }) => id === "classic");
    Object.assign(recipe, { batchSize: batch, epochs: 1000, validationShare: 0 });
    if (device === "cpu") training = new hearth.Training(samples, spec, recipe);
    else training = (await hearth.Gpu.open()).start(samples, spec, recipe);
    return { adapter: watch.adapter(), recipe };
  },

  async train({ steps, every }) {
    await watch.finished();
    const began = performance.now();
    await train(steps, every);
    return performance.now() - began;
  },

  async probabilities() {
    const { default: init, Classifier } = await import(`${packages}/infer/infer.js`);
    await init({ module_or_path: `${packages}/infer/infer_bg.wasm` });
    const classifier = new Classifier(await training.onnx());
    const probabilities = classifier.predictPixels(fixed, fixed.length / (28 * 28));
    classifier.free();
    return probabilities;
  },

  kernels: () => watch.trace(() => train(1, 1)),
});
