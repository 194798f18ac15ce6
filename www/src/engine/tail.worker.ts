/**
 * Owns a `train` module of its own, in which the last blocks of a network learn: heads are fitted and answer meanwhile. It
 * learns from maps, what the network makes of each image before those blocks, so the rest is run once for each.
 */
import type { TailCalls, TailNews } from "./learning-protocol";
import { rowsOf } from "./lesson";
import init, { TailTraining, tailCuts } from "./pkg/train/train.js";
import { pulled } from "./pulled";
import { serve } from "./serve";

const tell = serve<TailCalls, TailNews>({
  async cuts({ onnx }) {
    await ready;
    return tailCuts(onnx);
  },

  async tail({ onnx, lesson, name, tensor, maps, epochs }, signal) {
    await ready;
    const rows = rowsOf(lesson);
    const work = new TailTraining(
      onnx,
      tensor,
      maps,
      Uint32Array.from(rows, ({ of }) => of),
      Uint8Array.from(rows, ({ copy }) => copy),
      lesson.labels,
      lesson.groups,
      [...lesson.classes],
      epochs,
      lesson.seed,
    );
    try {
      let last: { accuracy: number | null; baseline: number | null } = { accuracy: null, baseline: null };
      await pulled(work, signal, ({ done, total, epoch, epochs, accuracy, baseline }) => {
        last = { accuracy: accuracy ?? last.accuracy, baseline: baseline ?? last.baseline };
        tell({ share: done / total, epoch, epochs, ...last });
      });
      const head = work.head();
      const [facts, reject] = [head.facts(), head.reject() ?? null];
      head.free();
      return { onnx: work.onnx(name.dataset, name.datasetId), facts, reject, ...last };
    } finally {
      work.free();
    }
  },
});

const ready = init();
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
