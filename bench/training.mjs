// Training, side by side: Hearth and TF.js train the classic network at equal batch in one Chromium, in turns. Prints
// images a second of training steps alone, after warm-up, and what the loss on the same test images came to.
//   node bench/training.mjs                       after `make setup wasm`; WebGPU on the CPU (SwiftShader)
//   node bench/training.mjs --adapter real        on this machine's GPU
//   node bench/training.mjs --batch 32 --steps 4  only this batch (32,128); so many steps in each round (about 2 s)
//   node bench/training.mjs --sides hearth-cpu,tfjs-webgpu
//   node bench/training.mjs --kernels             instead: which shaders one WebGPU step spends its time in
//   node bench/training.mjs --soak 2000           instead: what memory so many steps take
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ADAPTERS, openBrowser } from "./browser.mjs";
import { megabytes } from "./memory.mjs";
import { loadBefore, machine, median, record, rounded, table } from "./results.mjs";

const { values: options } = parseArgs({
  options: {
    adapter: { type: "string", default: "swiftshader" },
    batch: { type: "string", default: "32,128" },
    steps: { type: "string" },
    sides: { type: "string", default: "hearth-cpu,hearth-webgpu,tfjs-webgpu,tfjs-webgl,tfjs-cpu" },
    kernels: { type: "boolean", default: false },
    soak: { type: "string" },
  },
});

const SIDES = {
  "hearth-cpu": { name: "Hearth, CPU", script: "hearth", device: "cpu" },
  "hearth-webgpu": { name: "Hearth, WebGPU", script: "hearth", device: "webgpu" },
  "tfjs-webgpu": { name: "TF.js, WebGPU", script: "tfjs", device: "webgpu" },
  "tfjs-webgl": { name: "TF.js, WebGL", script: "tfjs", device: "webgl" },
  "tfjs-cpu": { name: "TF.js, CPU", script: "tfjs", device: "cpu" },
};
const MEASURE_AGAINST = "tfjs-webgpu";
/** The loss is compared after these, which also compile the shaders. */
const FIRST_IMAGES = 320;
const WARM_UP_MS = 3000;
const ROUND_MS = 2000;
/** Between two reads of the loss, on either side: what Hearth's page takes. */
const PULL_MS = 75;
const ROUNDS = 5;
/** Slow sides get fewer rounds than ROUNDS, but these. */
const LEAST_ROUNDS = 2;
const ROUNDS_MS = 120_000;
const mnist = (set) => `/www/public/data/mnist/${set}.idx.gz`;
const data = { images: mnist("train-images"), labels: mnist("train-labels") };
/** Always the same images, none of them trained on. */
const TEST_IMAGES = 256;
const test = { images: mnist("test-images"), labels: mnist("test-labels"), count: TEST_IMAGES };

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(here("node_modules/@tensorflow/tfjs"))) {
  // In a package of its own: 300 MB that nothing else needs.
  console.error("installing TF.js into bench/node_modules");
  execFileSync("npm", ["ci", "--silent", "--ignore-scripts"], { cwd: here("."), stdio: "inherit" });
}

// Otherwise Chromium rounds time stamps to 0.1 ms, longer than most kernels take on a GPU.
const stamps = options.kernels ? ["--disable-dawn-features=timestamp_quantization"] : [];
const { page, pid, version, close } = await openBrowser({ args: [...ADAPTERS[options.adapter], ...stamps] });
const testLabels = await page.evaluate(async ({ labels, count }) => {
  const packed = (await fetch(labels)).body.pipeThrough(new DecompressionStream("gzip"));
  return [...new Uint8Array(await new Response(packed).arrayBuffer()).subarray(8, 8 + count)];
}, test);

/** One library on one device, in a worker of its own. */
class Side {
  constructor(id) {
    this.id = id;
    Object.assign(this, SIDES[id]);
  }

  /** Opens the library and its device. */
  async open(batch) {
    await page.evaluate(
      ({ id, script }) => {
        globalThis.workers ??= {};
        workers[id]?.terminate();
        workers[id] = start(`/bench/workers/${script}.js`, script === "tfjs" ? "classic" : "module");
      },
      { id: this.id, script: this.script },
    );
    this.batch = batch;
    this.steps = 0;
    this.rates = [];
    this.facts = await this.ask("open", { device: this.device, batch, data, test, traceable: options.kernels });
  }

  ask(what, question = {}) {
    return page.evaluate(({ id, ...asked }) => ask(workers[id], asked), { id: this.id, what, ...question });
  }

  /** → ms for each step. */
  async train(steps, every = steps) {
    this.steps += steps;
    return (await this.ask("train", { steps, every })) / steps;
  }

  /** Mean cross-entropy on the test images. */
  async loss() {
    const found = Object.values(await this.ask("probabilities"));
    const classes = found.length / testLabels.length;
    const each = testLabels.map((label, i) => -Math.log(Math.max(found[i * classes + label], 1e-30)));
    return each.reduce((sum, one) => sum + one) / each.length;
  }

  async warmUp() {
    this.lossBefore = await this.loss();
    // One by one first: a slow adapter should not be asked for much before its speed is known.
    const first = Math.ceil(FIRST_IMAGES / this.batch);
    let ms = 0;
    for (let i = 0; i < first; i++) ms = await this.train(1);
    this.lossAfter = await this.loss();
    this.stepsBetween = first;
    const began = Date.now();
    while (Date.now() - began < WARM_UP_MS && ms < WARM_UP_MS) ms = await this.train(stepsIn(PULL_MS, ms));
    this.every = stepsIn(PULL_MS, ms);
    this.round = Number(options.steps ?? stepsIn(ROUND_MS, ms));
  }

  async measure() {
    this.rates.push((this.batch / (await this.train(this.round, this.every))) * 1000);
  }

  async close() {
    await page.evaluate((id) => workers[id].terminate(), this.id);
  }
}

const stepsIn = (ms, perStep) => Math.max(1, Math.round(ms / perStep));

/** The sides that can be opened here; of the others it says why not. */
async function openSides(ids, batch) {
  const sides = [];
  for (const id of ids) {
    const side = new Side(id);
    try {
      await side.open(batch);
      sides.push(side);
    } catch (error) {
      console.log(`${side.name}: not here (${error.message.split("\n")[0]})`);
    }
  }
  return sides;
}

const described = ({ vendor, architecture, device, description }) =>
  [...new Set([vendor, architecture, device, description])].filter(Boolean).join(" ");

async function compare(batch) {
  const sides = await openSides(options.sides.split(","), batch);
  for (const side of sides) await side.warmUp();
  const began = Date.now();
  // In turns, so that what else the machine does falls on all.
  for (let round = 0; round < ROUNDS && (round < LEAST_ROUNDS || Date.now() - began < ROUNDS_MS); round++) {
    for (const side of sides) await side.measure();
  }
  for (const side of sides) await side.close();

  const reference = sides.find(({ id }) => id === MEASURE_AGAINST);
  const figures = {};
  const rows = [["", "images/s", "lowest–highest", "against TF.js WebGPU", "loss before", "after", "steps", "on"]];
  for (const side of sides) {
    const rate = median(side.rates);
    const ratio = reference && rate / median(reference.rates);
    const on = side.facts.adapter ? described(side.facts.adapter) : (side.facts.renderer ?? "");
    rows.push([
      side.name,
      rate.toFixed(1),
      `${Math.min(...side.rates).toFixed(1)}–${Math.max(...side.rates).toFixed(1)}`,
      ratio ? `× ${ratio.toFixed(2)}` : "",
      side.lossBefore.toFixed(3),
      side.lossAfter.toFixed(3),
      `${side.stepsBetween}`,
      on,
    ]);
    figures[side.id] = {
      imagesPerSecond: rounded(rate),
      rounds: side.rates.map(rounded),
      stepsPerRound: side.round,
      ...(ratio && { againstTfjsWebgpu: rounded(ratio) }),
      loss: { before: rounded(side.lossBefore), after: rounded(side.lossAfter), steps: side.stepsBetween },
      ...(side.facts.adapter && { adapter: side.facts.adapter }),
      ...(side.facts.renderer && { renderer: side.facts.renderer }),
    };
  }
  console.log(
    `\nThe classic network, batch ${batch}: training steps alone, medians of ${sides[0].rates.length} rounds in turn`,
  );
  table(rows);
  return { figures, sides };
}

/** Where one step's time goes on the GPU, kernel by kernel. */
async function kernels(batch) {
  const ids = options.sides.split(",").filter((id) => SIDES[id].device === "webgpu");
  for (const side of await openSides(ids, batch)) {
    for (let i = 0; i < 3; i++) await side.train(1);
    const untraced = [];
    for (let i = 0; i < 3; i++) untraced.push(await side.train(1));
    const { dispatches, calls, wall } = await side.ask("kernels");
    await side.close();
    const total = dispatches.reduce((sum, { ms }) => sum + ms, 0);
    console.log(`\n${side.name}, one step of batch ${batch} on ${described(side.facts.adapter)}:`);
    console.log(
      `${dispatches.length} dispatches, ${total.toFixed(1)} ms on the GPU; the step takes ${median(untraced).toFixed(1)} ms` +
        ` (${wall.toFixed(1)} ms while it is watched)`,
    );
    console.log(
      Object.entries(calls)
        .map(([method, count]) => `${method} ${count}`)
        .join(", "),
    );
    const share = (ms) => `${((100 * ms) / total).toFixed(1)} %`;
    const sums = new Map();
    for (const { kernel, ms } of dispatches) {
      const sum = sums.get(kernel) ?? { count: 0, ms: 0 };
      sums.set(kernel, { count: sum.count + 1, ms: sum.ms + ms });
    }
    const most = [...sums].sort(([, a], [, b]) => b.ms - a.ms);
    table([
      ["kernel", "dispatches", "ms", "share"],
      ...most.map(([kernel, { count, ms }]) => [kernel, `${count}`, ms.toFixed(2), share(ms)]),
    ]);
    console.log("\nthe longest, with their place in the step:");
    const places = dispatches.map((dispatch, place) => ({ ...dispatch, place }));
    const longest = places.sort((a, b) => b.ms - a.ms).slice(0, 24);
    table([
      ["kernel", "place", "workgroups", "ms", "share"],
      ...longest.map(({ kernel, place, workgroups, ms }) => [kernel, `${place}`, workgroups, ms.toFixed(2), share(ms)]),
    ]);
  }
}

/** The browser's memory, all its processes together, over a long run: on a software adapter the GPU's is among it. */
async function soak(batch, steps) {
  const figures = {};
  for (const side of await openSides(
    options.sides.split(",").filter((id) => SIDES[id].script === "hearth"),
    batch,
  )) {
    await side.train(1);
    const found = [];
    for (let done = 0; done < steps; done += steps / 10) {
      await side.train(steps / 10, 10);
      found.push(megabytes(pid));
    }
    await side.close();
    console.log(
      `${side.name}, batch ${batch}, MB after each tenth of ${steps} steps: ${found.map((mb) => mb.toFixed(0)).join(" ")}`,
    );
    figures[side.id] = { batch, steps, megabytes: found.map(rounded) };
  }
  return figures;
}

const batches = options.batch.split(",").map(Number);
console.log(`${machine}; Chromium ${version}; load ${loadBefore} before`);
if (options.kernels) {
  for (const batch of batches) await kernels(batch);
} else if (options.soak) {
  record("soak", machine, { chromium: version, ...(await soak(batches[0], Number(options.soak))) });
} else {
  const figures = {};
  let adapter;
  for (const batch of batches) {
    const run = await compare(batch);
    figures[`batch ${batch}`] = run.figures;
    adapter ??= run.sides.map(({ facts }) => facts.adapter).find(Boolean);
  }
  record("training", adapter ? described(adapter) : machine, { chromium: version, ...figures });
}
await close();
