/** Owns an `infer` module of its own, in which a file is tried on samples under the preprocessings it may have meant. */
import { EngineError } from "./error";
import { fetchedInTurn } from "./fetched";
import init, { likeliest, Samples, Trial } from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import type { BuiltInId, Recognised, TrialCalls, TrialSample } from "./protocol";
import { serve } from "./serve";
import { labelOf, ofEachClass, type PickedSample, photoSamples, pickedFrom, pickedInTurn } from "./trial-samples";
import type { Proposal } from "./types";

/** Samples that are shown. */
const SHOWN = 6;

let trial: Trial | null = null;
let proposals: Proposal[] = [];
/** Of each sample of the built-in datasets: where it is among all, and its class there. */
let known: { dataset: BuiltInId; sample: number; label: number }[] = [];
let classes = new Map<BuiltInId, string[]>();

function begun(): Trial {
  if (!trial) throw new EngineError("no-model", "No model is on trial.");
  return trial;
}

/** `label`: −1 where it is not known. */
function add(to: Trial, { drawn, picture }: TrialSample, label: number, dataset = 0): void {
  to.add(new Uint8Array(picture.data.buffer), picture.width, picture.height, drawn, label, dataset);
}

serve<TrialCalls>({
  async begin({ onnx, info, base, photos }, signal) {
    await ready;
    trial?.free();
    trial = null;
    proposals = [];
    known = [];
    classes = new Map();
    const next = new Trial(onnx);
    trial = next;
    const samples: TrialSample[] = [];
    if (info.channels === 1) {
      const picked = await greySamples(ofEachClass(info), base, signal);
      for (const [sample, { dataset, index, ...each }] of picked.entries()) {
        known.push({ dataset, sample, label: index });
        samples.push(each);
        add(next, each, labelOf(dataset, index, info.labels.length), dataset === "mnist" ? 0 : 1);
      }
    } else {
      samples.push(...(await photoSamples(photos, base, info, signal)));
      for (const each of samples) add(next, each, -1);
    }
    proposals = next.proposals();
    return { proposals, samples: samples.slice(0, SHOWN) };
  },

  weigh: ({ preprocessing }) => begun().weigh(preprocessing),

  likeliest: ({ weighed }) => likeliest(proposals, [...weighed]),

  tryOut: ({ sample, preprocessing, top }) => begun().tryOut(sample, preprocessing, top),

  recognised({ preprocessing }) {
    const right = new Map<BuiltInId, { right: number; of: number }>();
    for (const { dataset, sample, label } of known) {
      const [best] = begun().tryOut(sample, preprocessing, 1).predictions;
      const so = right.get(dataset) ?? { right: 0, of: 0 };
      right.set(dataset, { right: so.right + (best?.index === label ? 1 : 0), of: so.of + 1 });
    }
    const shares: Recognised = {};
    for (const [dataset, { right: count, of }] of right) {
      shares[dataset] = { right: count / of, classes: classes.get(dataset) ?? [] };
    }
    return shares;
  },
});

/** Of both datasets in turn; of one alone where the other cannot be fetched. */
async function greySamples(each: number, base: string, signal: AbortSignal): Promise<PickedSample[]> {
  const read = (dataset: BuiltInId) =>
    pickedFrom(dataset, each, base, signal, (images, labels) => Samples.fromIdx(dataset, images, labels)).catch(() => {
      signal.throwIfAborted();
      return { samples: [], classes: [] };
    });
  const [digits, clothes] = await Promise.all([read("mnist"), read("fashion-mnist")]);
  classes = new Map([
    ["mnist", digits.classes],
    ["fashion-mnist", clothes.classes],
  ]);
  return pickedInTurn(digits.samples, clothes.samples);
}

const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), () => {}, { bytes }),
});
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
