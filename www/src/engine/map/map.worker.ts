/**
 * Lays a dataset out as a map by UMAP (McInnes, Healy and Melville 2018), step by step. No package of Rust is needed for
 * that: umap-js works on the 50 directions in which the features differ most.
 *
 * At most 5,000 images are laid out so, spread evenly over the dataset; of a larger one each other image stands beside the
 * one of them that it is nearest to.
 */
import { UMAP } from "umap-js";
import { EngineError } from "../error";
import type { FeatureRows, MapCalls, MapNews, Plane } from "../learning-protocol";
import { readFeatures } from "../library/features";
import type { OwnId } from "../library/records";
import { macrotask } from "../macrotask";
import { serve } from "../serve";
import { evenly, nearestMapped, placedAll } from "./place";
import { randomOf, reduced } from "./reduce";

const MOST_MAPPED = 5000;
const DIRECTIONS = 50;
const NEIGHBOURS = 15;
/** Fewer have no neighbourhoods to speak of. */
const LEAST = 5;
/** So often positions are told of, and for so long it works between two looks at the messages. */
const TELL_EVERY_MS = 150;

async function read(dataset: OwnId, backbone: string, ids: Uint32Array, given: FeatureRows | null) {
  const vectors: (Float32Array | undefined)[] = [];
  const rows = Array.from(ids, (sample) => ({ sample, copy: 0 }));
  await readFeatures(dataset, backbone, rows, (place, vector) => {
    vectors[place] = vector;
  });
  const dimension = given ? given.features.length / Math.max(1, given.samples.length) : 0;
  const places = new Map(Array.from(ids, (id, place) => [id, place]));
  for (const [row, sample] of given?.samples.entries() ?? []) {
    const place = places.get(sample);
    if (place === undefined || given?.copies[row] !== 0) continue;
    vectors[place] = given.features.subarray(row * dimension, (row + 1) * dimension);
  }
  return vectors;
}

const tell = serve<MapCalls, MapNews>({
  async layOut({ dataset, backbone, ids, given, seed }, signal): Promise<Plane> {
    const read_ = await read(dataset, backbone, ids, given);
    const there = [...ids.keys()].filter((place) => read_[place]);
    const own = Uint32Array.from(there, (place) => ids[place] ?? 0);
    if (own.length < LEAST) throw new EngineError("features-missing", "There are too few images for a map.");
    const dimension = read_[there[0] ?? 0]?.length ?? 0;
    const vectors = new Float32Array(there.length * dimension);
    for (const [row, place] of there.entries()) vectors.set(read_[place] ?? [], row * dimension);
    read_.length = 0;
    const random = randomOf(seed);
    const { points, values } = reduced(vectors, dimension, DIRECTIONS, random);
    await macrotask();
    signal.throwIfAborted();
    const mapped = evenly(own.length, MOST_MAPPED);
    const umap = new UMAP({ random, nNeighbors: Math.min(NEIGHBOURS, mapped.length - 1), minDist: 0.1 });
    const epochs = umap.initializeFit(mapped.map((row) => [...points.subarray(row * values, (row + 1) * values)]));
    const nearest = nearestMapped(points, values, mapped);
    // The same places beside their neighbours each time.
    const place = () => placedAll(own.length, mapped, umap.getEmbedding(), nearest, randomOf(seed));
    let told = performance.now();
    for (let epoch = 0; epoch < epochs; epoch++) {
      umap.step();
      const now = performance.now();
      if (now - told < TELL_EVERY_MS) continue;
      tell({ ids: own.slice(), points: place(), share: (epoch + 1) / epochs });
      await macrotask();
      signal.throwIfAborted();
      told = performance.now();
    }
    return { ids: own, points: place() };
  },
});
