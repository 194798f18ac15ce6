// TF.js's side, on one of its backends: the same network, loss and optimiser from its layers, and the quickest loop that
// its API has: `minimize` without reading the loss at every step, as `fit` would.
importScripts("watch.js", "answer.js");
// Not minified: kernels keep their names.
importScripts("/bench/node_modules/@tensorflow/tfjs/dist/tf.js");
importScripts("/bench/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.js");

const IDX_IMAGES = 16; // bytes before the first image
const IDX_LABELS = 8;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;

let model;
let optimizer;
let batch;
let images;
let labels;
let fixed;
let order;
let next = 0;

const conv = (filters, rest) =>
  tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu", kernelInitializer: "glorotUniform", ...rest });
const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });

/** The images at `places` as the network takes them: `[batch, 28, 28, 1]`, 0–1. */
function pixels(bytes, places) {
  const values = new Float32Array(places.length * PIXELS);
  for (const [i, place] of places.entries()) {
    const from = IDX_IMAGES + place * PIXELS;
    for (let p = 0; p < PIXELS; p++) values[i * PIXELS + p] = bytes[from + p] / 255;
  }
  return tf.tensor4d(values, [places.length, SIDE, SIDE, 1]);
}

function oneHot(places) {
  const values = new Float32Array(places.length * CLASSES);
  for (const [i, place] of places.entries()) values[i * CLASSES + labels[IDX_LABELS + place]] = 1;
  return tf.tensor2d(values, [places.length, CLASSES]);
}

/** One step on the next batch of the shuffled images → its loss, on the device. */
function step() {
  if (next + batch > order.length) next = 0;
  const places = order.subarray(next, next + batch);
  next += batch;
  return tf.tidy(() => {
    const x = pixels(images, places);
    const y = oneHot(places);
    const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
    return optimizer.minimize(loss, true);
  });
}

async function train(steps, every) {
  for (let done = 1; done <= steps; done++) {
    const loss = step();
    if (done % every === 0 || done === steps) await loss.data();
    loss.dispose();
  }
  await watch.finished();
}

/** The card behind WebGL. */
function renderer() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : null;
}

answer({
  async open({ device, batch: size, data, test, traceable }) {
    if (traceable) watch.makeTraceable();
    if (!(await tf.setBackend(device))) throw new Error(`TF.js has no backend ${device} here.`);
    await tf.ready();
    batch = size;
    [images, labels, fixed] = await Promise.all([data.images, data.labels, test.images].map(idx));
    order = Uint32Array.from({ length: labels.length - IDX_LABELS }, (_, i) => i);
    tf.util.shuffle(order);
    model = tf.sequential({
      layers: [
        conv(32, { inputShape: [SIDE, SIDE, 1] }),
        pool(),
        conv(64),
        pool(),
        tf.layers.flatten(),
        tf.layers.dense({ units: CLASSES, kernelInitializer: "glorotUniform" }),
      ],
    });
    optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-7);
    fixed = pixels(
      fixed,
      Uint32Array.from({ length: test.count }, (_, i) => i),
    );
    return {
      adapter: watch.adapter(),
      renderer: device === "webgl" ? renderer() : null,
      version: tf.version["tfjs-core"],
      parameters: model.countParams(),
    };
  },

  async train({ steps, every }) {
    await watch.finished();
    const began = performance.now();
    await train(steps, every);
    return performance.now() - began;
  },

  async probabilities() {
    const probabilities = tf.tidy(() => tf.softmax(model.apply(fixed, { training: false })));
    const values = await probabilities.data();
    probabilities.dispose();
    return values;
  },

  kernels: () => watch.trace(() => train(1, 1)),
});
