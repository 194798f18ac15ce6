/** What is said of models that come in as files. `zh-opened.ts` has the same shape. */
export const opened = {
  reading: (name: string, far: string) => `Reading ${name}: ${far}`,
  looking: (name: string) => `Opening ${name}…`,
  many: (count: string, name: string) => `${count} models are open; ${name} is in use.`,
  here: (name: string) => `This file is here already: it is ${name}, which is now in use.`,
  labelled: (name: string, count: string) => `The ${count} names of the list are now those of ${name}’s classes.`,
  labelsAlone: "A list of labels belongs to a model that you have opened. Open the model first, or both together.",
  imagenetNames: (name: string, count: string) =>
    `${name} has ${count} classes without names, as networks for ImageNet have: it is given ImageNet’s names.`,
  clothesNames: (name: string, share: string) =>
    `${name} tells ${share} of the Fashion-MNIST samples rightly: its ten classes are given those names.`,
  settledItself: (name: string) => `How ${name} is given pictures was settled by what it answered to samples.`,
  applied: (name: string) => `${name} is now given pictures in this way.`,
  outputChosen: (name: string, output: string) => `${name} now answers by its output “${output}”.`,
  sizeChosen: (name: string, size: string) => `${name} is now given pictures of ${size} pixels.`,
};

/** Why a file did not come in, by the errors' codes. */
export const openedErrors = {
  "opening-died": () =>
    "This file stopped the engine that opened it: it asks for more memory than there is, or it is damaged. Nothing else was touched.",
  "file-unreadable": () =>
    "This file could not be read: it may have been moved or changed since it was chosen. Choose it again.",
};
