/** Looking through a dataset for what may be wrong with it, and saving everything. `zh-check.ts` has the same shape. */
export const check = {
  heading: "Check the images",
  intro: "Look through what may be wrong before a network learns from it.",
  kinds: {
    label: "Likely wrong labels",
    leak: "The same image in two splits",
    duplicate: "Near duplicates",
    small: "Too small",
    dark: "Too dark or empty",
    blurred: "Blurred",
  },
  /** What each kind does to a network. */
  why: {
    label: "A network learns mistakes as eagerly as truth.",
    leak: "A network that has seen a test image looks better than it is.",
    duplicate: "Twenty nearly equal images teach hardly more than one.",
    small: "They are enlarged for the network, and show it less than the others.",
    dark: "There is hardly anything to see on them.",
    blurred: "They are much less sharp than the others.",
  },
  splits: { train: "training", validation: "validation", test: "test" },
  found: (count: number, counted: string) => `${counted} ${count === 1 ? "finding" : "findings"}`,
  none: "Nothing found.",
  through: (count: number, counted: string) => `Go through ${count === 1 ? "it" : `all ${counted}`}`,
  fewImages: (name: string, count: number, counted: string, least: string) =>
    `“${name}” has ${counted} ${count === 1 ? "image" : "images"}; give it at least ${least}.`,
  unbalanced: (name: string, counted: string, most: string) =>
    `“${name}” has ${counted} images, the largest class ${most}: a network will seldom answer it.`,
  findLabels: "Find wrong labels",
  findLabelsHint:
    "Small networks learn from a part of the images and are asked about the rest, in turn. Labels that they firmly contradict are listed.",
  finding: (done: string) => `Asking small networks: ${done}`,
  tooFew: "For this each class needs at least 5 labelled images.",
  cancel: "Cancel",
  review: {
    of: (at: string, count: string) => `${at} of ${count}`,
    label: (given: string, suggested: string) => `Labelled “${given}”; networks that never saw it say “${suggested}”.`,
    leak: (split: string, other: string) => `Nearly the same image is in ${split} and in ${other}.`,
    duplicate: "Nearly the same image is there already.",
    small: (size: string, side: string) => `It is ${size} pixels; networks are given ${side}.`,
    dark: "Hardly anything can be seen on it.",
    blurred: "It is much less sharp than the others.",
    like: "The one it is like",
    relabel: (name: string) => `Label it “${name}”`,
    together: "Put both in one split",
    remove: "Remove it",
    fine: "It is all right",
    later: "Later",
    undo: "Undo",
    done: "That was the last one.",
    close: "Close",
    keys: "Keys: Enter does the first, Delete removes, F keeps it as it is, the arrows go on and back, Backspace takes back.",
    stepRelabel: "A label was put right",
    stepRemove: "An image was removed",
    stepFine: "An image was found to be all right",
    stepTogether: "Like images were put in one split",
  },
  everything: {
    heading: "Everything in one file",
    hint: "Datasets, networks and the last trainings, for another browser or machine.",
    save: "Save everything",
    saving: "Packing…",
    restore: "Bring back…",
    restoring: "Bringing back…",
    restored: ({ datasets, models, runs, failed }: Restored) =>
      [
        `${datasets} ${datasets === 1 ? "dataset" : "datasets"}, ${models} ${models === 1 ? "network" : "networks"} and ${runs} ${runs === 1 ? "training" : "trainings"} came in; what was here already stayed.`,
        ...(failed.length > 0 ? [`Not readable: ${failed.join(", ")}.`] : []),
      ].join(" "),
  },
};

interface Restored {
  datasets: number;
  models: number;
  runs: number;
  failed: readonly string[];
}
