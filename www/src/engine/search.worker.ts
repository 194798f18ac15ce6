/** Owns an `infer` module of its own: finds images by their features. */
import { EngineError } from "./error";
import { fetchedInTurn } from "./fetched";
import type { FoundAlike, SearchCalls } from "./learning-protocol";
import { readFeatures } from "./library/features";
import init, { LikenessIndex } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import { serve } from "./serve";

let index: LikenessIndex | null = null;
/** By place in the index: who it is. */
let ids: number[] = [];
let places = new Map<number, number>();

function begun(): LikenessIndex {
  if (!index) throw new EngineError("no-index", "There is nothing to search in.");
  return index;
}

function add(id: number, vector: Float32Array): void {
  // What is there already stays: an image never changes.
  if (places.has(id)) return;
  begun().add(vector);
  places.set(id, ids.length);
  ids.push(id);
}

/** The places of what is not to be found. */
function without(among: Uint32Array | null): Uint32Array {
  if (!among) return new Uint32Array(0);
  const may = new Set(among);
  return Uint32Array.from([...ids.keys()].filter((place) => !may.has(ids[place] ?? -1)));
}

function found(asked: Uint32Array, count: number, not: Uint32Array): FoundAlike {
  const began = performance.now();
  const { places: found, similarities } = begun().alike(asked, count, not);
  const ms = performance.now() - began;
  return { ids: found.map((place) => ids[place] ?? 0), similarities, ms };
}

serve<SearchCalls>({
  async begin({ dimension }) {
    await ready;
    index?.free();
    index = new LikenessIndex(dimension);
    ids = [];
    places = new Map();
    return null;
  },

  add({ ids, features }) {
    const dimension = features.length / Math.max(1, ids.length);
    for (const [row, id] of ids.entries()) add(id, features.subarray(row * dimension, (row + 1) * dimension));
    return null;
  },

  async addKept({ dataset, backbone, ids }) {
    const rows = Array.from(ids, (sample) => ({ sample, copy: 0 }));
    let found = 0;
    await readFeatures(dataset, backbone, rows, (place, vector) => {
      add(ids[place] ?? 0, vector);
      found += 1;
    });
    return rows.length - found;
  },

  alike({ ids, count, among }) {
    const asked = Array.from(ids, (id) => places.get(id)).filter((place) => place !== undefined);
    if (asked.length === 0) throw new EngineError("features-missing", "This image has no features yet.");
    return found(Uint32Array.from(asked), count, without(among));
  },

  plane({ among }) {
    const points = begun().plane();
    const hidden = new Set(without(among));
    const shown = [...ids.keys()].filter((place) => !hidden.has(place));
    return {
      ids: Uint32Array.from(shown, (place) => ids[place] ?? 0),
      points: Float32Array.from(shown.flatMap((place) => [points[2 * place] ?? 0, points[2 * place + 1] ?? 0])),
    };
  },
});

const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), () => {}, { bytes }),
});
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
