/** The images of a dataset that comes with Hearth, as files in a dataset of a person's own. */
import { DATASETS } from "../constants";
import { fetchFiles } from "../dataset-files";
import { SPLITS, type Split } from "../library/records";
import type { BuiltInId, ImportReport } from "../protocol";
import { carriedOut, type Into } from "./add";
import { IDX_HEAD_BYTES, readIdxHead } from "./idx";
import type { SplitTools } from "./known";
import type { Manifest } from "./manifest";
import type { Job } from "./plan";
import { prepareGrey } from "./prepare";

export interface CopyAsk {
  from: BuiltInId;
  /** Images of each class in each split; null: all. */
  perClass: number | null;
  base: string;
}

/** The names of a built-in dataset's classes, of its four files. */
export type ClassesOf = (from: BuiltInId, ...files: [Uint8Array, Uint8Array, Uint8Array, Uint8Array]) => string[];

/** @throws EngineError `data-missing`, and as `addFiles` */
export async function copyBuiltIn(
  { from, perClass, base }: CopyAsk,
  { classesOf, assignSplits }: { classesOf: ClassesOf } & Pick<SplitTools, "assignSplits">,
  into: Into,
): Promise<ImportReport> {
  const { signal } = into;
  const names = ["train-images", "train-labels", "test-images", "test-labels"] as const;
  const files = await fetchFiles(from, names, base, signal, () => {});
  const [trainImages, trainLabels, testImages, testLabels] = files;
  const classes = classesOf(from, ...files);
  const { dataset } = into.known;
  const { validation } = dataset.shares;
  const train = chosen(trainLabels, perClass);
  const test = chosen(testLabels, perClass);
  const labels = Uint16Array.from(train, (i) => labelAt(trainLabels, i));
  const open = new Uint8Array(train.length).fill(255);
  const groups = Uint32Array.from(train.keys());
  const splits = assignSplits(labels, groups, open, new Uint8Array(train.length), validation, 0, dataset.seed >>> 0);

  function* jobs(): Generator<Job> {
    for (const [at, i] of train.entries()) {
      yield job("train", trainImages, trainLabels, i, SPLITS[splits[at] ?? 0] ?? "train");
    }
    for (const i of test) yield job("test", testImages, testLabels, i, "test");
  }

  function job(part: string, images: Uint8Array, of: Uint8Array, i: number, split: Split): Job {
    const { sizes, start } = readIdxHead(images.subarray(0, IDX_HEAD_BYTES), images.length);
    const [, rows = 1, columns = 1] = sizes;
    const label = labelAt(of, i);
    const name = `${part}/${label}/${String(i).padStart(5, "0")}.png`;
    const at = start + i * rows * columns;
    return {
      name,
      shown: name,
      label: { name: classes[label] ?? String(label) },
      split,
      pinned: true,
      origin: "copy",
      prepare: (by) => prepareGrey(images.subarray(at, at + rows * columns), columns, rows, by),
    };
  }

  const { channels, width, fit } = DATASETS[from];
  const settings: Manifest = {
    hearth: 1,
    name: "",
    classes,
    input: { channels, side: width },
    fit,
    shares: dataset.shares,
    seed: dataset.seed,
    samples: [],
  };
  const plan = { manifests: [settings], count: train.length + test.length, jobs: jobs(), refused: [] };
  return carriedOut(plan, into);
}

function labelAt(labels: Uint8Array, i: number): number {
  const { start } = readIdxHead(labels.subarray(0, IDX_HEAD_BYTES), labels.length);
  return labels[start + i] ?? 0;
}

/** The places of the first `perClass` of each class. */
function chosen(labels: Uint8Array, perClass: number | null): number[] {
  const { sizes } = readIdxHead(labels.subarray(0, IDX_HEAD_BYTES), labels.length);
  const counts = new Map<number, number>();
  const places: number[] = [];
  for (let i = 0; i < (sizes[0] ?? 0); i++) {
    const label = labelAt(labels, i);
    const before = counts.get(label) ?? 0;
    counts.set(label, before + 1);
    if (perClass === null || before < perClass) places.push(i);
  }
  return places;
}
