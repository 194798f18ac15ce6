import { WorkerClient } from "./client";
import type { FeatureRows, FoundAlike, Plane, SearchCalls } from "./learning-protocol";
import type { OwnId } from "./library/records";

/** Vectors that are handed over in one message: 1,000 are 5 MB. */
const AT_ONCE = 1000;

/** One index of features in a worker of its own, and what is alike in it. */
export class SearchEngine {
  /** What the index has, so that the page knows what is missing. */
  readonly has = new Set<number>();
  #of = "";
  #client = new WorkerClient<SearchCalls>({
    spawn: () => new Worker(new URL("./search.worker.ts", import.meta.url), { type: "module" }),
    patience: 20,
    onDeath: () => this.#forget(),
  });

  /** An empty index, but where it is one of `of` (any name) already. */
  async begin(of: string, dimension: number): Promise<void> {
    if (this.#of === of) return;
    this.#forget();
    await this.#client.call("begin", { dimension });
    this.#of = of;
  }

  /** Of several copies of an image only the image itself is taken. */
  async add({ samples, copies, features }: FeatureRows): Promise<void> {
    const dimension = features.length / Math.max(1, samples.length);
    const own = [...samples.keys()].filter((row) => copies[row] === 0);
    for (let from = 0; from < own.length; from += AT_ONCE) {
      const some = own.slice(from, from + AT_ONCE);
      const vectors = new Float32Array(some.length * dimension);
      for (const [place, row] of some.entries()) {
        vectors.set(features.subarray(row * dimension, (row + 1) * dimension), place * dimension);
      }
      const ids = Uint32Array.from(some, (row) => samples[row] ?? 0);
      await this.#client.call("add", { ids, features: vectors }, { transfer: [vectors.buffer] });
      for (const id of ids) this.has.add(id);
    }
  }

  /** Those that the library has of a dataset's images. */
  async addKept(dataset: OwnId, backbone: string, ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !this.has.has(id));
    if (missing.length === 0) return;
    await this.#client.call("addKept", { dataset, backbone, ids: Uint32Array.from(missing) });
    for (const id of missing) this.has.add(id);
  }

  /** The `count` most alike to all of `ids` together, without them. `among`: those that may be found. */
  alike(ids: readonly number[], count: number, among: readonly number[] | null): Promise<FoundAlike> {
    return this.#client.call("alike", { ids: Uint32Array.from(ids), count, among: among && Uint32Array.from(among) });
  }

  /** Where they lie in the plane of the largest variance. */
  plane(among: readonly number[] | null): Promise<Plane> {
    return this.#client.call("plane", { among: among && Uint32Array.from(among) });
  }

  /** Lets the worker go with its index. */
  rest(): void {
    this.#client.retire();
    this.#forget();
  }

  #forget(): void {
    this.#of = "";
    this.has.clear();
  }
}
