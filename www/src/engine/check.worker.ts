/** Looks for wrong labels: small networks learn from a part of the images and are asked about the rest, in turn. */
import { SPLITS } from "./library/records";
import { rendered } from "./library/render";
import { macrotask } from "./macrotask";
import init, { likelyWrong, OutOfFold, render, TrainingData } from "./pkg/train/train.js";
import type { CheckCalls, CheckNews } from "./protocol";
import { serve } from "./serve";

/** Parts: with four each network learns from three quarters of the images. */
const FOLDS = 4;
const SEED = 1;
/** Steps between two looks at the messages. */
const PULL = 4;

const tell = serve<CheckCalls, CheckNews>({
  async findWrongLabels({ dataset: id }, signal) {
    await ready;
    const images = await rendered(id, SPLITS, render, () => {}, signal);
    const { dataset, classes, channels, height, width, pixels, labels, splits, samples } = images;
    const data = TrainingData.fromImages(dataset.name, classes, channels, height, width, pixels, labels, splits);
    const folds = new OutOfFold(data, FOLDS, SEED);
    try {
      for (;;) {
        signal.throwIfAborted();
        const { done, total } = await folds.advance(PULL);
        tell({ share: done / total });
        if (done >= total) break;
        await macrotask();
      }
      const doubted = likelyWrong(folds.probabilities(), labels, classes.length);
      return doubted.map(({ sample, suggested, score }) => ({
        sample: samples[sample] ?? -1,
        suggested: dataset.classes[suggested]?.id ?? "",
        score,
      }));
    } finally {
      folds.free();
      data.free();
    }
  },
});

const ready = init();
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
