import { type CallOptions, WorkerClient } from "./client";
import type { Origin, OwnId, SamplePatch } from "./library/records";
import { newId } from "./new-id";
import type { BuiltInId, DataCalls, DataNews, ImportReport, IncomingFile } from "./protocol";

export interface AddOptions {
  dataset: OwnId;
  writer: string;
  /** See `DataCalls.add`. */
  label: string | null | undefined;
  origin: Origin;
}

/** To hand over more in one task holds the page up: each takes the browser a sixth of a millisecond. */
const FILES_AT_ONCE = 100;

/** Own images in and out, in a worker of its own: nothing that is decoded, unpacked or hashed holds the page up. */
export class DataEngine {
  onNews: ((news: DataNews) => void) | undefined;
  #client = new WorkerClient<DataCalls, DataNews>({
    spawn: () => new Worker(new URL("./data.worker.ts", import.meta.url), { type: "module" }),
    // A picture of a hundred megapixels takes seconds on a slow phone.
    patience: 20,
    onNews: (news) => this.onNews?.(news),
  });

  async add(files: readonly IncomingFile[], options: AddOptions, call?: CallOptions): Promise<ImportReport> {
    const offer = newId();
    let from = 0;
    for (; files.length - from > FILES_AT_ONCE; from += FILES_AT_ONCE) {
      if (call?.signal?.aborted) return { added: 0, refused: [], cancelled: true };
      await this.#client.call("offer", { offer, files: files.slice(from, from + FILES_AT_ONCE) });
    }
    return this.#client.call("add", { offer, files: files.slice(from), ...options }, { ...call, answered: true });
  }

  copy(from: BuiltInId, dataset: OwnId, writer: string, perClass: number | null, call?: CallOptions) {
    const ask = { from, dataset, writer, perClass, base: document.baseURI };
    return this.#client.call("copy", ask, { ...call, answered: true });
  }

  exportZip(dataset: OwnId, call?: CallOptions): Promise<Blob> {
    return this.#client.call("exportZip", { dataset }, call);
  }

  /** One zip of files, and of whole datasets, each as `exportZip` makes it. */
  pack(parts: readonly IncomingFile[], datasets: readonly { dataset: OwnId; path: string }[]): Promise<Blob> {
    return this.#client.call("pack", { parts, datasets });
  }

  /** The files in a zip. */
  unpack(zip: Blob): Promise<IncomingFile[]> {
    return this.#client.call("unpack", { zip });
  }

  shuffleSplits(dataset: OwnId, writer: string, seed: number): Promise<ReadonlyMap<number, SamplePatch>> {
    return this.#client.call("shuffleSplits", { dataset, writer, seed });
  }

  /** Lets the worker go; the next call starts another. */
  rest(): void {
    this.#client.retire();
  }
}
