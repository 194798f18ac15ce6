/** *None of these* as an answer, and finding photos by likeness. `zh-none.ts` has the same shape. */
export const none = {
  /** The answer itself; of a network whose classes are the ten digits, that it is no digit. */
  answer: "none of these",
  notDigit: "not a digit",
  /** What it comes nearest to. */
  nearest: (label: string) => `It comes nearest to ${label}.`,
  switch: "Say “none of these” when nothing fits",
  switchDigits: "Say “not a digit” when nothing fits",
  whyOpen: "What does that mean?",
  why: (kept: string) =>
    `An image that is unlike everything this network has learned gets no class; about ${kept} of images that do belong to a class keep theirs, and nothing is guaranteed: what looks like a class is still taken for it.`,
  filter: (n: string) => `none of these (${n})`,
  filterDigits: (n: string) => `not a digit (${n})`,

  test: {
    heading: "None of these",
    headingDigits: "Not a digit",
    refused: "Refused",
    answered: "Right among the answered",
    refusedOf: (refused: string, n: string) => `${refused} of ${n} images`,
    rightOf: (right: string, answered: string) => `${right} of ${answered} images`,
    noneAnswered: "no image was answered",
    says: (right: string, wrong: string) =>
      `The likeliest class of the refused images would have been right for ${right} and wrong for ${wrong}. All other figures on this page count it, whether an image was refused or not.`,
    nothing: "No image was refused. All other figures on this page count the likeliest class of every image.",
    off: "Turned off: every image is given its likeliest class.",
    images: "The refused images, the most unlike first",
    classes: "Refused, by class",
    thumb: (model: string, none: string, nearest: string) => `${model}: ${none}, nearest ${nearest}`,
    classOf: (name: string, refused: string, support: string) => `${name}: ${refused} of ${support}`,
  },

  alike: {
    button: "More like this",
    buttonOf: (name: string) => `More like ${name}`,
    select: (name: string) => `Choose ${name}`,
    selected: (n: number, counted: string) => `${counted} ${n === 1 ? "photo" : "photos"} chosen`,
    buttonSelected: "More like these",
    unselect: "Choose none",
    heading: (name: string) => `Most like ${name}`,
    headingMany: (counted: string) => `Most like the ${counted} chosen photos`,
    back: "Back to all photos",
    by: (model: string) =>
      `By the features of “${model}”: how much two photos have in common, not whether they are the same.`,
    looking: (done: string, total: string) => `Looking at the photos: ${done} of ${total}`,
    loading: "Getting ready…",
    cancel: "Cancel",
    cancelled: "Cancelled. The photos are in their usual order.",
    similarity: (share: string) => `likeness ${share}`,
    alone: "There is no other photo to compare with.",
    unread: (n: number, counted: string) =>
      `${counted} ${n === 1 ? "photo" : "photos"} could not be read and ${n === 1 ? "is" : "are"} left out.`,
    queryUnread: "The photo could not be read, so nothing can be compared with it.",
  },

  head: {
    /** Of a network's row in the list. */
    what: (images: number, imagesCounted: string, backbone: string) =>
      `from ${imagesCounted} ${images === 1 ? "image" : "images"}, on ${backbone}`,
    /** On Train, why it is not trained on there. */
    trainOn: (name: string) =>
      `“${name}” learned on the features of another network, which is not trained here. It trains on under Data: choose it there as the network that looks.`,
  },
};

/** Words of a test that explain themselves. */
export const noneTerms = {
  refusedShare: {
    name: "Refused",
    says: "The share of all N images to which the network gave no class, because they are too unlike what it learned; A is how many it answered.",
    note: "Of 100 images 5 are refused: 5%. Here all images do belong to a class, so every refusal is one too many; what it buys is that other things are refused too.",
    choose: "",
  },
  answeredAccuracy: {
    name: "Right among the answered",
    says: "Of the A images that the network answered, the share R that it answered with their true class.",
    note: "Of 100 images 5 are refused and 93 of the other 95 are right: 97.9%. With nothing refused it is the accuracy.",
    choose: "",
  },
};
