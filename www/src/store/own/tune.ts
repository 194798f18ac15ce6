/** Fine-tuning: the last blocks of the backbone learn too, with the head on frozen features as what is to be beaten. */
import { batch, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { FeatureEngine } from "../../engine/features";
import { Pace } from "../../engine/fetched";
import type { TailCut } from "../../engine/learning-protocol";
import { rowsOf } from "../../engine/lesson";
import { TailEngine } from "../../engine/tail";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { backbone, openedBackbone, unreadable } from "./features";
import { takeTuned } from "./head";
import { bitsFor, contentId, copiesFor, type HeadPlan, lessonOf } from "./head-plan";
import { fitted, headPlan } from "./head-state";
import { onClose, openDataset } from "./open";

export interface Tuning {
  epoch: number;
  epochs: number;
  /** 0–1, of all that is to be done. */
  share: number;
  secondsLeft: number | null;
  /** On held-out images, 0–1; null before there is one. */
  accuracy: number | null;
  /** Of the frozen head on the same images. */
  baseline: number | null;
}

/** What is under way; null while nothing is. */
export const tuning = signal<Tuning | null>(null);
/** What the last one came to. */
export const tuned = signal<{ accuracy: number; baseline: number; better: boolean } | null>(null);
/** How many blocks may learn: what the backbone offers. */
export const tuneChoices = signal<readonly { blocks: number; parameters: number }[]>([]);

/** Maps are held in memory alone: as many copies of each image as fit. */
const MOST_MAP_BYTES = 400_000_000;
/** Of what is to be done the maps' part. */
const MAPS_SHARE = 0.3;
const SEED = 1;

const engine = new TailEngine();
let cuts: readonly TailCut[] = [];
let cutsOf = "";
let abort: AbortController | null = null;

onClose(() => {
  cancelTuning();
  tuned.value = null;
});

// Once there is a head to be beaten it is known what could be tuned.
effect(() => {
  if (fitted.value && cutsOf !== backbone.value) void lookAtCuts().catch(() => {});
});

async function lookAtCuts(): Promise<void> {
  const of = backbone.peek();
  cutsOf = of;
  try {
    const { onnx } = await openedBackbone();
    const found = await engine.cuts(onnx);
    if (of !== backbone.peek()) return;
    cuts = found;
    tuneChoices.value = found.map(({ blocks, parameters }) => ({ blocks, parameters }));
  } catch (error) {
    if (cutsOf === of) cutsOf = "";
    throw error;
  } finally {
    if (!tuning.peek()) engine.rest();
  }
}

/** The maps of each image and copy at a tensor, row by row; null where a picture cannot be read. */
async function mapsOf(
  plan: HeadPlan,
  onnx: Uint8Array,
  cut: TailCut,
  bits: number,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Map<number, Float32Array>> {
  const size = cut.channels * cut.height * cut.width;
  const copies = [...Array(32 - Math.clz32(bits)).keys()];
  const works = plan.samples.map(({ id, type }) => ({ sample: id, type, copies }));
  const maps = new Map<number, Float32Array>();
  const eyes = new FeatureEngine(cut.tensor);
  try {
    await eyes.run(onnx, plan.dataset, works, {
      signal,
      keep: false,
      onRows: ({ samples, copies, features }) => {
        for (const [row, sample] of samples.entries()) {
          maps.set(sample * 256 + (copies[row] ?? 0), features.slice(row * size, (row + 1) * size));
        }
        onShare(maps.size / (works.length * copies.length));
      },
    });
    return maps;
  } finally {
    eyes.rest();
  }
}

export async function fineTune({ blocks, epochs }: { blocks: number; epochs: number }): Promise<void> {
  const plan = headPlan.peek();
  if (!plan || plan.obstacle || tuning.peek()) return;
  const mine = new AbortController();
  abort = mine;
  const { signal } = mine;
  const pace = new Pace();
  const tell = (share: number, more: Partial<Tuning> = {}) => {
    if (abort !== mine || !tuning.peek()) return;
    pace.hear(share, performance.now());
    tuning.value = { ...(tuning.peek() as Tuning), ...more, share, secondsLeft: pace.secondsLeft(1) };
  };
  batch(() => {
    tuned.value = null;
    tuning.value = { epoch: 0, epochs, share: 0, secondsLeft: null, accuracy: null, baseline: null };
  });
  try {
    await lookAtCuts();
    const cut = cuts.find((each) => each.blocks === blocks);
    if (!cut) throw new EngineError("no-cut", "This network cannot be tuned so.");
    const { onnx, id } = await openedBackbone();
    const most = Math.floor(MOST_MAP_BYTES / (4 * cut.channels * cut.height * cut.width));
    if (plan.samples.length > most) {
      throw new EngineError(
        "too-many-images",
        `So many images do not fit into memory: at most ${most} can be tuned on.`,
      );
    }
    const copies = Math.min(copiesFor(plan.samples.length), Math.floor(most / plan.samples.length) - 1);
    const bits = bitsFor(copies);
    const maps = await mapsOf(plan, onnx, cut, bits, signal, (share) => tell(share * MAPS_SHARE));
    const lesson = lessonOf(
      plan,
      id,
      (sample) => (maps.has(sample * 256) && !unreadable.peek().has(sample) ? bits : 0),
      bits,
      SEED,
    );
    const rows = rowsOf(lesson);
    const size = cut.channels * cut.height * cut.width;
    const all = new Float32Array(rows.length * size);
    for (const [row, { sample, copy }] of rows.entries()) {
      const map = maps.get(sample * 256 + copy);
      if (map) all.set(map, row * size);
    }
    maps.clear();
    const name = { dataset: openDataset.peek()?.name ?? "", datasetId: contentId(plan) };
    const ask = { onnx, lesson, name, tensor: cut.tensor, maps: all, epochs };
    const began = performance.now();
    const result = await engine.tail(ask, {
      signal,
      onNews: ({ share, ...news }) => tell(MAPS_SHARE + share * (1 - MAPS_SHARE), news),
    });
    if (abort !== mine) return;
    const { accuracy, baseline, facts, reject } = result;
    // Without images to hold out nobody knows: it can be chosen, but does not take the other's place by itself.
    const better = accuracy !== null && baseline !== null && accuracy > baseline;
    if (accuracy !== null && baseline !== null) tuned.value = { accuracy, baseline, better };
    const file = { onnx: result.onnx, facts, reject, ms: performance.now() - began };
    await takeTuned(file, accuracy, plan, better);
  } catch (error) {
    if (!signal.aborted && EngineError.from(error).code !== "aborted") toast("error", explain(error));
  } finally {
    if (abort === mine) cancelTuning();
  }
}

/** Ends it; the head on frozen features stays. */
export function cancelTuning(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
  abort = null;
  tuning.value = null;
  engine.rest();
}
