/** Vectors in fewer dimensions, so that neighbours among thousands are found in seconds. Pure. */

/** Vectors from which the directions are taken: more would say the same. */
const LEARNED_FROM = 1500;
const ROUNDS = 2;

/** Numbers from 0 to 1, the same for a seed everywhere: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * `[row, dimension]` at length 1, less their mean, in the `values` directions in which they differ most (within rounding:
 * subspace iteration): `[row, values]`. Distances are those of the cosine as nearly as so few directions allow.
 */
export function reduced(
  vectors: Float32Array,
  dimension: number,
  values: number,
  random: () => number,
): { points: Float32Array; values: number } {
  const rows = vectors.length / dimension;
  const wide = Math.min(values, dimension, rows);
  const centred = ofLengthOne(vectors, dimension);
  const step = Math.max(1, Math.floor(rows / LEARNED_FROM));
  const some = Array.from({ length: Math.floor(rows / step) }, (_, i) => i * step);
  // Each row one direction.
  let directions: Float32Array[] = Array.from({ length: wide }, () =>
    Float32Array.from({ length: dimension }, () => random() - 0.5),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const next = directions.map(() => new Float32Array(dimension));
    for (const row of some) {
      const vector = centred.subarray(row * dimension, (row + 1) * dimension);
      for (const [i, direction] of directions.entries()) {
        const along = dot(vector, direction);
        const sum = next[i] as Float32Array;
        for (let d = 0; d < dimension; d++) sum[d] = (sum[d] ?? 0) + along * (vector[d] ?? 0);
      }
    }
    directions = orthonormal(next);
  }
  const points = new Float32Array(rows * directions.length);
  for (let row = 0; row < rows; row++) {
    const vector = centred.subarray(row * dimension, (row + 1) * dimension);
    for (const [i, direction] of directions.entries()) points[row * directions.length + i] = dot(vector, direction);
  }
  return { points, values: directions.length };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function ofLengthOne(vectors: Float32Array, dimension: number): Float32Array {
  const rows = vectors.length / dimension;
  const all = new Float32Array(vectors.length);
  const mean = new Float32Array(dimension);
  for (let row = 0; row < rows; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    const length = Math.sqrt(dot(vector, vector)) || 1;
    for (let d = 0; d < dimension; d++) {
      const value = (vector[d] as number) / length;
      all[row * dimension + d] = value;
      mean[d] = (mean[d] as number) + value / rows;
    }
  }
  for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) - (mean[i % dimension] as number);
  return all;
}

/** Gram and Schmidt's; what lies in the directions before is left out. */
function orthonormal(directions: readonly Float32Array[]): Float32Array[] {
  const made: Float32Array[] = [];
  for (const direction of directions) {
    const own = direction.slice();
    const before = Math.sqrt(dot(own, own));
    // Twice, since a single pass leaves rounding errors of what was taken away.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of made) {
        const along = dot(own, other);
        for (let d = 0; d < own.length; d++) own[d] = (own[d] as number) - along * (other[d] as number);
      }
    }
    const length = Math.sqrt(dot(own, own));
    if (length <= 1e-5 * before || length === 0) continue;
    for (let d = 0; d < own.length; d++) own[d] = (own[d] as number) / length;
    made.push(own);
  }
  return made;
}
