/** The vectors that a head learns from, in the worker that fits it. */
import { EngineError } from "./error";
import type { FeatureRows, Lesson } from "./learning-protocol";
import { type FeatureRow, readFeatures } from "./library/features";
import type { OwnId } from "./library/records";

/** The rows of a lesson, sample by sample, copy by copy. `of`: the sample's place. */
export function rowsOf({ ids, copies }: Pick<Lesson, "ids" | "copies">): (FeatureRow & { of: number })[] {
  const rows: (FeatureRow & { of: number })[] = [];
  for (const [of, sample] of ids.entries()) {
    const bits = copies[of] ?? 0;
    for (let copy = 0; bits >> copy; copy++) if ((bits >> copy) & 1) rows.push({ of, sample, copy });
  }
  return rows;
}

export interface LessonRows {
  /** `[row, value]` */
  features: Float32Array;
  dimension: number;
  /** Of each row: its sample, by place. */
  samples: Uint32Array;
  copies: Uint8Array;
  /** The places of the samples that have rows at all, in the lesson. */
  present: number[];
}

/** Vectors that have been read already: of one dataset and network at a time. */
export class HeldVectors {
  #of = "";
  #vectors = new Map<number, Float32Array>();

  hold(dataset: OwnId, backbone: string, { samples, copies, features }: FeatureRows): void {
    this.#turnTo(dataset, backbone);
    const dimension = features.length / Math.max(1, samples.length);
    for (const [row, sample] of samples.entries()) {
      this.#vectors.set(keyOf(sample, copies[row] ?? 0), features.slice(row * dimension, (row + 1) * dimension));
    }
  }

  /**
   * The lesson's vectors, those that are not held from the library. What is nowhere is left out: a copy, or a sample.
   *
   * @throws EngineError `features-missing` where there is none at all
   */
  async read(lesson: Lesson): Promise<LessonRows> {
    const { dataset, backbone } = lesson;
    this.#turnTo(dataset, backbone);
    const rows = rowsOf(lesson);
    const missing = rows.filter(({ sample, copy }) => !this.#vectors.has(keyOf(sample, copy)));
    await readFeatures(dataset, backbone, missing, (place, vector) => {
      const row = missing[place];
      if (row) this.#vectors.set(keyOf(row.sample, row.copy), vector);
    });
    // A sample is its image first: its copies alone are not learned from.
    const there = rows.filter(
      ({ sample, copy }) => this.#vectors.has(keyOf(sample, copy)) && this.#vectors.has(keyOf(sample, 0)),
    );
    const [first] = there;
    if (!first) throw new EngineError("features-missing", "The images' features are gone. Train again.");
    const dimension = this.#vectors.get(keyOf(first.sample, first.copy))?.length ?? 0;
    const present = [...new Set(there.map(({ of }) => of))];
    const places = new Map(present.map((of, place) => [of, place]));
    const features = new Float32Array(there.length * dimension);
    for (const [row, { sample, copy }] of there.entries()) {
      const vector = this.#vectors.get(keyOf(sample, copy));
      if (vector) features.set(vector, row * dimension);
    }
    this.#forget(rows);
    return {
      features,
      dimension,
      samples: Uint32Array.from(there, ({ of }) => places.get(of) ?? 0),
      copies: Uint8Array.from(there, ({ copy }) => copy),
      present,
    };
  }

  /** What a dataset no longer has is not held for ever. */
  #forget(rows: readonly FeatureRow[]): void {
    if (this.#vectors.size < 2 * rows.length + 1000) return;
    const wanted = new Set(rows.map(({ sample, copy }) => keyOf(sample, copy)));
    for (const key of this.#vectors.keys()) if (!wanted.has(key)) this.#vectors.delete(key);
  }

  #turnTo(dataset: OwnId, backbone: string): void {
    const of = `${dataset} ${backbone}`;
    if (of !== this.#of) this.#vectors.clear();
    this.#of = of;
  }
}

function keyOf(sample: number, copy: number): number {
  return sample * 256 + copy;
}
