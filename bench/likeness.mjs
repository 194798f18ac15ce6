// Find by likeness: how long a query takes among 50,000 vectors of 1,280 values, in WebAssembly on one core, and how
// often what is found is of the same class, by a network's features and by raw pixels. After `make wasm`:
//   node bench/likeness.mjs [images]
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const www = new URL("../www/", import.meta.url);
const hearth = await import(new URL("src/engine/pkg/infer/infer.js", www));
await hearth.default({ module_or_path: readFileSync(new URL("src/engine/pkg/infer/infer_bg.wasm", www)) });

const MANY = 50_000;
const NEAREST = 10;
const QUERIES = 60;
const SIDE = 28;
const images = Number(process.argv[2] ?? 1000);

const read = (name) => gunzipSync(readFileSync(new URL(`public/data/fashion-mnist/test-${name}.idx.gz`, www)));
const labels = read("labels").subarray(8);
const pixels = read("images").subarray(16);

const onnx = readFileSync(new URL("public/models/lite0.onnx", www));
const embedder = new hearth.Embedder(onnx, 1);
const { channels, height, width, preprocessing } = embedder.info();
const { dimension } = embedder;
const features = new Float32Array(images * dimension);
const raw = new Float32Array(images * SIDE * SIDE);
const rgba = new Uint8Array(SIDE * SIDE * 4).fill(255);
let began = performance.now();
for (let i = 0; i < images; i++) {
  const own = pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
  raw.set(own, i * SIDE * SIDE);
  own.forEach((value, at) => {
    rgba.fill(value, 4 * at, 4 * at + 3);
  });
  const seen = hearth.render(rgba, SIDE, SIDE, channels, height, width, preprocessing.fit);
  features.set(embedder.embed(seen, 1), i * dimension);
}
console.log(`${images} images of Fashion-MNIST's test, features in ${seconds(began)} s`);

function seconds(since) {
  return ((performance.now() - since) / 1000).toFixed(1);
}

/** Of the ten most alike, the share of the image's own class; the mean over all images. */
function precision(index, vectors, values) {
  let same = 0;
  for (let i = 0; i < images; i++) {
    const query = vectors.subarray(i * values, (i + 1) * values);
    const { places } = index.search(query, NEAREST, Uint32Array.of(i));
    same += places.filter((place) => labels[place] === labels[i]).length;
  }
  return same / (images * NEAREST);
}

/** The places a comparison with every vector finds, in 64 bits. */
function brute(vectors, values, i) {
  const length = (a) => Math.hypot(...vectors.subarray(a * values, (a + 1) * values));
  const cosine = (a) => {
    let sum = 0;
    for (let at = 0; at < values; at++) sum += vectors[a * values + at] * vectors[i * values + at];
    return sum / length(a) / length(i);
  };
  const all = Array.from({ length: images }, (_, a) => ({ a, cosine: a === i ? -2 : cosine(a) }));
  return all.sort((a, b) => b.cosine - a.cosine || a.a - b.a).slice(0, NEAREST);
}

for (const [name, vectors, values] of [
  ["features", features, dimension],
  ["raw pixels", raw, SIDE * SIDE],
]) {
  const index = new hearth.LikenessIndex(values);
  index.add(vectors);
  const share = precision(index, vectors, values);
  console.log(`precision@${NEAREST} by ${name}: ${(100 * share).toFixed(2)} %`);
  let equal = 0;
  const asked = 50;
  for (let i = 0; i < asked; i++) {
    const one = Math.floor((i * images) / asked);
    const query = vectors.subarray(one * values, (one + 1) * values);
    const { places } = index.search(query, NEAREST, Uint32Array.of(one));
    const wanted = brute(vectors, values, one);
    equal += wanted.every(({ a }, at) => places[at] === a) ? 1 : 0;
  }
  console.log(`  the same ${NEAREST} places as a comparison in 64 bits: ${equal} of ${asked} queries`);
  index.free();
}

// As many as a large dataset has: those images' features, each value up to a tenth larger or smaller.
const index = new hearth.LikenessIndex(dimension);
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
began = performance.now();
for (let done = 0; done < MANY; done += images) {
  const count = Math.min(images, MANY - done);
  index.add(features.subarray(0, count * dimension).map((value) => value * (0.9 + 0.2 * random())));
}
console.log(`${index.length} vectors of ${dimension} values added in ${seconds(began)} s`);
const times = [];
for (let i = 0; i < QUERIES; i++) {
  const image = Math.floor((i * images) / QUERIES);
  const query = features.subarray(image * dimension, (image + 1) * dimension);
  began = performance.now();
  index.search(query, 60, new Uint32Array());
  times.push(performance.now() - began);
}
// The engine compiles what is hot a second time, better: the first queries are slower.
const sorted = times.slice(10).sort((a, b) => a - b);
const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
console.log(`a query among them: ${at(0.5)} ms (${at(0)} at best, ${at(1)} at worst; the first ${times[0].toFixed(1)})`);
index.free();

const some = new hearth.LikenessIndex(dimension);
for (let done = 0; done < 20_000; done += images) {
  const count = Math.min(images, 20_000 - done);
  some.add(features.subarray(0, count * dimension).map((value) => value * (0.9 + 0.2 * random())));
}
began = performance.now();
some.plane();
console.log(`the plane of ${some.length}: ${seconds(began)} s`);
