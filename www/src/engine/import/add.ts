/** Files of every kind, into a dataset. */

import type { Origin } from "../library/records";
import { newId } from "../new-id";
import type { DataNews, ImportReport, IncomingFile, Refusal } from "../protocol";
import type { Known } from "./known";
import { MOST_CLASSES, withManifest } from "./manifest";
import { inOrder } from "./ordered";
import { type Job, type Plan, planned, refusalOf } from "./plan";
import type { LookAt, Prepared } from "./prepare";
import { Refused } from "./refused";
import { Writing } from "./writing";

export interface Into {
  known: Known;
  writer: string;
  lookAt: LookAt;
  tell(news: DataNews): void;
  signal: AbortSignal;
}

export interface AddAsk {
  files: readonly IncomingFile[];
  label: string | null | undefined;
  origin: Origin;
}

/** Pictures that are under way at once: their files are read, hashed and decoded on other threads. */
const WIDTH = 8;
/** Progress is told no more often, in milliseconds. */
const TELL_MS = 100;

/** @throws EngineError `dataset-gone`, `dataset-elsewhere`, `disk-full` */
export async function addFiles({ files, ...ask }: AddAsk, into: Into): Promise<ImportReport> {
  return carriedOut(await planned(files, { ...ask, language: navigator.language, signal: into.signal }), into);
}

/** Does what was planned. A person who ends it keeps what has come in. */
export async function carriedOut(plan: Plan, { known, writer, lookAt, tell, signal }: Into): Promise<ImportReport> {
  const writing = new Writing(known, writer, tell, newId, signal);
  const refused: Refusal[] = [...plan.refused];
  const dataset = known.dataset.id;
  let done = 0;
  let told = Number.NEGATIVE_INFINITY;
  const progress = (last = false) => {
    const now = performance.now();
    if (!last && now - told < TELL_MS) return;
    told = now;
    const before = plan.refused.length;
    tell({ kind: "progress", dataset, done: done + before, total: plan.count + before });
  };
  const preparing = { lookAt, sameAs: (hash: string) => known.sameAs(hash), signal };
  const room = new ClassRoom(known);
  const prepare = async (job: Job): Promise<[Job, Prepared | Refused]> => {
    try {
      signal.throwIfAborted();
      room.admit(job);
      return [job, await job.prepare(preparing)];
    } catch (error) {
      if (error instanceof Refused) return [job, error];
      throw error;
    }
  };
  try {
    progress();
    for (const manifest of plan.manifests) {
      try {
        await writing.change((now) => withManifest(now, manifest, newId));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(refusalOf(manifest.name, error));
      }
    }
    for await (const [job, picture] of inOrder(plan.jobs, WIDTH, prepare)) {
      signal.throwIfAborted();
      try {
        if (picture instanceof Refused) throw picture;
        await writing.put(picture, job);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(refusalOf(job.shown, error));
      }
      done += 1;
      progress();
    }
    await writing.finish();
    // A dataset that comes back is as it was.
    if (writing.added > 0 && plan.manifests.length === 0) await writing.settle();
    progress(true);
    return { added: writing.added, refused, cancelled: false };
  } catch (error) {
    if (!signal.aborted) throw error;
    await writing.rest();
    return { added: writing.added, refused, cancelled: true };
  }
}

/** Refuses what would make one class too many. */
class ClassRoom {
  #names: Set<string>;

  constructor({ dataset }: Known) {
    this.#names = new Set(dataset.classes.map(({ name }) => name));
  }

  /** @throws Refused `too-many-classes` */
  admit({ label }: Job): void {
    if (label === null || "id" in label || this.#names.has(label.name)) return;
    if (this.#names.size >= MOST_CLASSES) throw new Refused("too-many-classes", label.name);
    this.#names.add(label.name);
  }
}
