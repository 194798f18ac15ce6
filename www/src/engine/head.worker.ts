/**
 * Owns a `train` module of its own and fits heads with it: a training that is under way in `train.worker` is neither
 * stopped nor slowed by its queue, and what is fitted here in a second does not wait for an epoch there.
 */
import { EngineError } from "./error";
import type { HeadCalls, HeadFile, HeadNews, Lesson, LessonName } from "./learning-protocol";
import { HeldVectors, type LessonRows } from "./lesson";
import init, { type FittedHead, HeadTraining, LearningCurve } from "./pkg/train/train.js";
import { type Progress, pulled } from "./pulled";
import { serve } from "./serve";

const held = new HeldVectors();
let backbone: Uint8Array | null = null;
/** All kinds, as they were compared last. */
let compared: HeadTraining | null = null;

function opened(): Uint8Array {
  if (!backbone) throw new EngineError("no-model", "No model is open.");
  return backbone;
}

function forgetCompared(): void {
  compared?.free();
  compared = null;
}

/** What of the lesson goes with the rows that are there. */
function known({ labels, groups }: Lesson, { present }: LessonRows): { labels: Uint16Array; groups: Uint32Array } {
  return {
    labels: Uint16Array.from(present, (of) => labels[of] ?? 0),
    groups: Uint32Array.from(present, (of) => groups[of] ?? 0),
  };
}

async function training(lesson: Lesson): Promise<HeadTraining> {
  await ready;
  const rows = await held.read(lesson);
  const { labels, groups } = known(lesson, rows);
  const { features, dimension, samples, copies } = rows;
  return new HeadTraining(features, dimension, samples, copies, labels, groups, [...lesson.classes], lesson.seed);
}

function written(head: FittedHead, name: LessonName, ms: number): HeadFile {
  try {
    const onnx = head.onnx(opened(), name.dataset, name.datasetId);
    return { onnx, facts: head.facts(), reject: head.reject() ?? null, ms };
  } finally {
    head.free();
  }
}

const share = ({ done, total }: Progress) => tell({ share: done / total });

const tell = serve<HeadCalls, HeadNews>({
  async open({ onnx }) {
    await ready;
    backbone = onnx;
    return null;
  },

  hold({ dataset, backbone, rows }) {
    held.hold(dataset, backbone, rows);
    return null;
  },

  async quick({ lesson, name }) {
    const work = await training(lesson);
    try {
      const began = performance.now();
      const head = work.quick();
      return written(head, name, performance.now() - began);
    } finally {
      work.free();
    }
  },

  async compare({ lesson }, signal) {
    forgetCompared();
    const work = await training(lesson);
    try {
      await pulled(work, signal, share);
      const report = work.report();
      compared = work;
      return report;
    } finally {
      if (compared !== work) work.free();
    }
  },

  make({ head: kind, name }) {
    if (!compared) throw new EngineError("no-head", "The heads were let go of. Train again.");
    const began = performance.now();
    const head = compared.head(kind);
    return written(head, name, performance.now() - began);
  },

  async curve({ lesson }, signal) {
    await ready;
    const originals = { ...lesson, copies: lesson.copies.map((bits) => bits & 1) };
    const rows = await held.read(originals);
    const { labels, groups } = known(originals, rows);
    const work = new LearningCurve(rows.features, rows.dimension, labels, groups, [...lesson.classes], lesson.seed);
    try {
      await pulled(work, signal, share);
      return work.report();
    } finally {
      work.free();
    }
  },
});

const ready = init();
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
