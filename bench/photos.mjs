// Photos, side by side: Hearth's package and onnxruntime-web in one Chromium, on the same files and pixels. Prints
// milliseconds for one image at one thread, photos a second with all cores, how long a file takes to open, and how many
// times quicker Hearth is.
//   node bench/photos.mjs          after `make wasm`
import { availableParallelism } from "node:os";
import { openBrowser } from "./browser.mjs";
import { loadBefore, machine, median, record, rounded } from "./results.mjs";

const SIDES = { lite0: 224, lite2: 260 };
const WARM_UP = 8;
const RUNS = 40;
const PHOTOS = 64;
const workers = Math.min(availableParallelism(), 8);

/** A worker that opens a model, answers image after image, and says how long each took. */
const hearth = `
import init, { Classifier } from "/www/src/engine/pkg/infer/infer.js";
let model;
const image = (side) => Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 31) % 256);
onmessage = async ({ data: { open, side, runs } }) => {
  if (open) {
    await init({ module_or_path: "/www/src/engine/pkg/infer/infer_bg.wasm" });
    const file = new Uint8Array(await (await fetch(open)).arrayBuffer());
    const began = performance.now();
    model = new Classifier(file);
    return postMessage({ value: performance.now() - began });
  }
  const pixels = image(side);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    model.predictPixels(pixels, 1);
    times.push(performance.now() - began);
  }
  postMessage({ value: times });
};`;

const other = `
import * as ort from "/www/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs";
let session;
onmessage = async ({ data: { open, side, runs, threads } }) => {
  if (open) {
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = "/www/node_modules/onnxruntime-web/dist/";
    const file = new Uint8Array(await (await fetch(open)).arrayBuffer());
    const began = performance.now();
    // Otherwise it unpacks the 8-bit weights again for every image.
    session = await ort.InferenceSession.create(file, { extra: { session: { disable_quant_qdq: "1" } } });
    return postMessage({ value: performance.now() - began });
  }
  const pixels = Float32Array.from({ length: 3 * side * side }, (_, i) => (((i * 31) % 256) - 127) / 128);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    const image = new ort.Tensor("float32", pixels, [1, 3, side, side]);
    await session.run({ image }, ["probabilities"]);
    times.push(performance.now() - began);
  }
  postMessage({ value: times });
};`;

const { page, version, close } = await openBrowser({
  made: { "/hearth.js": hearth, "/other.js": other },
});
if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error("onnxruntime-web would have one thread only");
console.log(`${machine}; Chromium ${version}; load ${loadBefore} before`);
const figures = {};

for (const [name, side] of Object.entries(SIDES)) {
  const open = `/www/public/models/${name}.onnx`;
  // One image: the two take turns, so that what else the machine does falls on both.
  const one = await page.evaluate(
    async ({ open, side, warmUp, runs }) => {
      const both = [start("/hearth.js"), start("/other.js")];
      const opened = [];
      for (const worker of both) opened.push(await ask(worker, { open, threads: 1 }));
      for (const worker of both) await ask(worker, { side, runs: warmUp });
      const times = [[], []];
      for (let i = 0; i < runs; i++) {
        for (const [w, worker] of both.entries()) times[w].push(...(await ask(worker, { side, runs: 1 })));
      }
      for (const worker of both) worker.terminate();
      return { opened, times };
    },
    { open, side, warmUp: WARM_UP, runs: RUNS },
  );
  const many = await page.evaluate(
    async ({ open, side, warmUp, photos, workers }) => {
      const rate = async (script, count, threads) => {
        const all = Array.from({ length: count }, () => start(script));
        await Promise.all(all.map((worker) => ask(worker, { open, threads })));
        await Promise.all(all.map((worker) => ask(worker, { side, runs: warmUp })));
        const began = performance.now();
        await Promise.all(all.map((worker) => ask(worker, { side, runs: photos / count })));
        const seconds = (performance.now() - began) / 1000;
        for (const worker of all) worker.terminate();
        return photos / seconds;
      };
      return [await rate("/hearth.js", workers, 1), await rate("/other.js", 1, workers)];
    },
    { open, side, warmUp: WARM_UP, photos: PHOTOS, workers },
  );
  const row = (what, [own, ort], unit, digits = 1) => {
    figures[name] = {
      ...figures[name],
      [`${what}, ${unit}`]: {
        hearth: rounded(own),
        onnxruntimeWeb: rounded(ort),
      },
    };
    console.log(
      `${name}  ${what.padEnd(34)} Hearth ${own.toFixed(digits)}  onnxruntime-web ${ort.toFixed(digits)}  ${unit}` +
        `  × ${(unit === "ms" ? ort / own : own / ort).toFixed(2)}`,
    );
  };
  row("one image, one thread, median", one.times.map(median), "ms");
  row(`many, ${workers} workers against threads`, many, "images/s");
  row("opening the file", one.opened, "ms", 0);
}
record("photos", machine, { chromium: version, ...figures });
await close();
