import type { ShippedBackbone } from "../store/own/features";
import type { HeadKind } from "../store/own/head";

const format = new Intl.NumberFormat("en");

function counted(n: number, one: string, many = `${one}s`): string {
  return `${format.format(n)} ${n === 1 ? one : many}`;
}

/** The Data page's models from a few images, in English. `zh-head.ts` has the same shape. */
export const head = {
  heading: "Model from these images",
  intro:
    "A network that has already seen over a million photos describes each image in 1,280 numbers. Only the last step, from these numbers to your classes, is learned here: a few images are enough.",

  next: {
    see: "See the model",
    wait: "A model is learning from these images and answers in a moment. A network of your own can be trained on them too.",
    use: "A model of these images answers already: show it something new, then use it. With some hundreds of images a network can also learn from scratch.",
    fit: "These images are enough for a model that learns in seconds. With some hundreds a network can also learn from scratch.",
  },

  missing: {
    classes: (least: number) =>
      `Two classes with ${least} labelled images each: then a model learns from them in seconds, and answers here.`,
    images: (label: string, least: number) =>
      `“${label}” still needs images: with ${least} in each class a model learns in seconds, and answers here.`,
  },
  state: {
    idle: "Not learned yet.",
    stale: "The images have changed since it learned.",
    loading: (network: string) => `Loading ${network}…`,
    features: (done: string, total: string) => `Looking at the images: ${done} of ${total}`,
    fitting: "Learning…",
    comparing: (done: string) => `It answers already. Finding the best kind of model: ${done}`,
    ready: "It has learned. Show it something new.",
    failed: "It could not learn from these images.",
  },
  train: "Learn from these images",
  trainAgain: "Learn again",
  cancel: "Cancel",
  auto: "Learn again by itself when images change",

  answer: {
    heading: "Answer",
    none: "none of these",
    nothing: "Nothing shown to it yet",
    of: { camera: "What the camera sees now", picture: "The picture that you tried" },
    bars: "All classes, the likeliest first",
    other: (n: number) => `and ${counted(n, "other class", "other classes")}`,
    noneHint: "This is unlike everything it has learned. Of its classes the nearest are:",
  },
  attempt: {
    with: "Try it with",
    file: "A picture",
    camera: "The camera",
    cameraHint: "Shows the camera to the model; no class is filled",
    hint: "Pictures can be dropped or pasted here too. What is tried does not join the dataset.",
    tried: "The picture that is tried",
    remove: "Take the picture away",
    view: "What the camera sees; nothing of it is kept",
    notPicture: "That is not a picture.",
  },

  use: "Use this model",
  export: "Download",
  exportHint: "One ONNX file with everything in it: onnxruntime, PyTorch tools and Netron open it too",

  facts: {
    learned: (images: number, seconds: string, held: number) =>
      held > 0
        ? `Learned from ${counted(images, "image")} in ${seconds}; ${counted(held, "test image")} kept aside.`
        : `Learned from ${counted(images, "image")} in ${seconds}.`,
    all: "Asked of each as if it were new, it was right every time.",
    accuracy: (accuracy: string) => `About ${accuracy} of new images right.`,
    between: (low: string, high: string) => `Between ${low} and ${high}, as far as so few images can tell.`,
    how: "Cross-validation",
    marks: { before: "(", colon: ": ", after: ")" },
    howHint: "each image was asked of a model that had not learned from it",
    unknown: "How good it is on new images is being measured…",
  },
  backbone: "Network that looks",
  backbones: {
    lite0: "Lite0: small and quick",
    lite2: "Lite2: sees more, takes about three times as long",
  } satisfies Record<ShippedBackbone, string>,
  backboneHint:
    "EfficientNet-Lite, which learned from 1.2 million photos (ImageNet). Change it and all images are looked at once more.",
  backboneOwn: "Your own models",
  backboneOwnHint: (name: string) =>
    `The images are described as “${name}” sees them, with whatever fine-tuning has changed in it.`,
  backboneLost: "Your model that looked at the images is gone or cannot be opened. Lite0 looks at them now.",

  compare: {
    heading: "How the model was chosen",
    fact: (kind: string) => `now: ${kind}`,
    intro:
      "All of these learn from the same numbers. The best on images it has not learned from is taken; another can be chosen.",
    kind: "Kind",
    accuracy: "Accuracy",
    range: "95% interval",
    time: "Time to learn",
    chosen: "answers now",
    choose: "Choose",
    chooseKind: (kind: string) => `Answer with: ${kind}`,
    only: "for comparison only",
    pending: "–",
    none: "Nothing to compare yet: the model has not learned.",
    of: (images: number) => `Accuracy by cross-validation on ${counted(images, "labelled image")}.`,
  },
  kinds: {
    logistic: "Logistic regression",
    mlp: "Small network (MLP)",
    prototype: "Nearest prototype",
    nearest: "k nearest neighbours",
    fineTuned: "Fine-tuned network",
  } satisfies Record<HeadKind, string>,
  kindSays: {
    logistic: "Weighs each number for and against each class.",
    mlp: "One hidden layer that combines the numbers first.",
    prototype: "Takes the class whose mean image is most alike.",
    nearest: "Lets the most similar images vote.",
    fineTuned: "The last layers of the big network have learned too.",
  } satisfies Record<HeadKind, string>,

  tune: {
    heading: "Fine-tune the network",
    intro:
      "So far the big network only looks, as it always did. Here its last blocks learn as well and adapt to your images. That takes minutes, pays off from some 50 images per class, and the model above is what it has to beat.",
    waits: "First the quick model has to be there: it is what this one has to beat.",
    blocks: "Blocks that learn",
    block: (blocks: number, parameters: string) =>
      `${blocks === 1 ? "the last block" : `the last ${blocks} blocks`} (${parameters} weights)`,
    epochs: "Epochs",
    start: "Fine-tune",
    progress: (epoch: string, epochs: string) => `Epoch ${epoch} of ${epochs}`,
    preparing: "Getting the images ready…",
    left: (time: string) => `about ${time} left`,
    now: "Fine-tuned so far",
    baseline: "Quick model",
    of: "Accuracy on the same images, which neither has learned from.",
    better: (accuracy: string, baseline: string) =>
      `Better than the quick model: ${accuracy} against ${baseline} on the same images. It answers from now on.`,
    notBetter: (accuracy: string, baseline: string) =>
      `Not better than the quick model: ${accuracy} against ${baseline} on the same images. The quick one stays.`,
    cancel: "Cancel",
  },

  curve: {
    heading: "What would more labels bring?",
    intro:
      "Learns again and again from more and more of your images, once in random order and once always taking those next of which it is least certain, and asks what was held back.",
    measure: "Measure it",
    again: "Measure again",
    measuring: (done: string) => `Measuring: ${done}`,
    cancel: "Cancel",
    random: "in random order",
    uncertain: "most uncertain first",
    labels: "Labels",
    accuracy: "Accuracy",
    chart: (last: string) => `Accuracy on held-out images against the number of labels; ${last}`,
    table: "The same as a table",
    more: (n: number) => `About ${counted(n, "more label")} for one more percentage point.`,
    moreUncertain: (n: number) =>
      `Labelling the most uncertain images first, about ${counted(n, "more label")} for one more percentage point.`,
    unclear: "More labels of this kind would hardly help now: the curve is flat.",
    labelUncertain: "Label the most uncertain ones",
    needs: "This needs a model: give two classes a few images first.",
  },

  alike: {
    open: "More like this",
    heading: "More like this",
    headingFor: (n: number) => (n === 1 ? "Most like this image" : `Most like these ${format.format(n)} images`),
    seeking: "Looking for similar images…",
    none: "There is no other image in this dataset.",
    took: (n: number, ms: string) => `${counted(n, "image")}, found in ${ms} ms`,
    results: "Similar images, the most similar first",
    result: (name: string, label: string, similarity: string) => `${label}, similarity ${similarity}, ${name}`,
    help: "Choose images, then give them a label. A class’s key does it too.",
    all: "Select all",
    unlabelled: "Select those without a label",
    nothing: "Select none",
    picked: (n: number) => `${format.format(n)} selected`,
    label: "Label as",
    show: "Show among all images",
    similarity: "similarity",
  },

  map: {
    heading: "Map",
    fact: "images that are alike lie close together",
    intro:
      "Each point is an image; those that the network finds alike lie close together. An image among another class’s may have the wrong label, and a heap without colour can be labelled in one go. The axes mean nothing by themselves.",
    features: "The images are looked at first.",
    pca: "A first, rough map. A better one is on its way",
    umap: "The map settles",
    done: "The map has settled.",
    methodPca: "PCA",
    methodUmap: "UMAP",
    legend: "Classes",
    canvas: (images: number) => `Map of ${counted(images, "image")}`,
    help: "Arrow keys move the map, plus and minus zoom, 0 shows all of it. Drag to move it, use the wheel or two fingers to zoom, tap a point to select it. Shift and drag, or the lasso, selects all points in an outline. Whoever cannot see it finds the same images in the list below.",
    hint: "Drag to move, wheel or two fingers to zoom. Tap an image to select it, double-click to open it. With the lasso, or Shift, draw around several: then label, move or remove them.",
    lasso: "Lasso",
    lassoHint: "Draw around points to select them",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    whole: "Show all",
    selected: (n: number) => (n === 0 ? "Nothing selected" : `${format.format(n)} selected`),
    failed: "There is no map: the images could not be looked at.",
    empty: "A map needs at least a few images.",
  },
};

/** Words that explain themselves on the Data page. */
export const headTerms = {
  logisticRegression: {
    name: "Logistic regression",
    says: "Each class has a weight for every number; the weighted sums become probabilities by softmax, and the weights are learned so that the labels become likely.",
    note: "Large weights are punished (L2), so that a few images are not learned by heart. How strongly, is chosen by cross-validation.",
    choose: "Mostly the best one with few images: it cannot learn much by heart.",
  },
  mlpHead: {
    name: "Small network (MLP)",
    says: "A layer of hidden units with ReLU combines the numbers before the classes are weighed.",
    note: "MLP: multilayer perceptron, the oldest kind of neural network.",
    choose: "When there are some dozens of images per class, and classes that come in several looks.",
  },
  prototypeHead: {
    name: "Nearest prototype",
    says: "A class is the mean of its images’ numbers; the class whose mean points in the most similar direction is the answer.",
    note: "",
    choose: "With one to five images per class: there is nothing to learn but the mean.",
  },
  nearestHead: {
    name: "k nearest neighbours",
    says: "The k labelled images that are most alike vote for their classes.",
    note: "It has to keep every image’s numbers, so no file is made of it: it is here to compare with.",
    choose: "",
  },
  fineTuning: {
    name: "Fine-tuning",
    says: "The weights of the last blocks start from what they have learned from a million photos, and go on learning from yours in small steps.",
    note: "The first blocks stay as they are: edges and textures are the same everywhere.",
    choose: "When there are more images and the quick model has stopped getting better.",
  },
  crossValidation: {
    name: "Cross-validation",
    says: "The images are dealt into parts. Each part is asked of a model that learned from the other parts, so that every image is tested, and never by a model that knows it.",
    note: "Near-duplicates stay in the same part; otherwise the figure would be too good.",
    choose: "",
  },
  cosineSimilarity: {
    name: "Cosine similarity",
    says: "How much two images’ numbers point the same way: 1 is the same direction, 0 nothing in common.",
    note: "",
    choose: "",
  },
  umap: {
    name: "UMAP",
    says: "Puts images on a plane so that those that are neighbours in 1,280 dimensions stay neighbours: p is how near they are there, q on the plane.",
    note: "Only who is near whom can be read from it. Distances between heaps, and their sizes, mean little.",
    choose: "",
  },
  uncertainFirst: {
    name: "Most uncertain first",
    says: "The images of which the model is least certain are labelled next, because they teach it most. As a measure: how close its two best answers are.",
    note: "Known as active learning. It can be worse than chance with very few labels.",
    choose: "",
  },
};
