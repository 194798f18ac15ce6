// Written by `cargo run --features cli -- constants` from the Rust sources: change it there.

/** The presets' ids, the one to begin with first. */
export const PRESETS = ["classic", "digits", "fashion", "mlp", "depthwise", "photos"] as const;

/** The datasets that come with Hearth: sizes in pixels, counts of images. */
export const DATASETS = {
  mnist: { classes: 10, channels: 1, height: 28, width: 28, fit: "digit", train: 60000, test: 10000 },
  "fashion-mnist": { classes: 10, channels: 1, height: 28, width: 28, fit: "whole", train: 60000, test: 10000 },
} as const;

/** The least and the most that a recipe's numbers may be. */
export const RECIPE_LIMITS = {
  learningRate: { least: 1e-9, most: 10 },
  batchSize: { least: 1, most: 4096 },
  epochs: { least: 1, most: 10000 },
  validationShare: { least: 0, most: 0.9 },
  seed: { least: 0, most: 9007199254740991 },
  momentum: { least: 0, most: 0.9999999 },
  weightDecay: { least: 0, most: 1 },
} as const;

/** The optimisers as they begin, each with the learning rate that suits it. */
export const OPTIMIZERS = {
  adam: { optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, learningRate: 0.001 },
  adamW: {
    optimizer: { kind: "adamW", beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 },
    learningRate: 0.001,
  },
  sgd: { optimizer: { kind: "sgd", momentum: 0.9, weightDecay: 0 }, learningRate: 0.05 },
} as const;

/** How the learning rate may go. */
export const SCHEDULES = ["constant", "cosine"] as const;

export const LOSSES = ["crossEntropy", "meanSquaredError"] as const;

/** Every kind of layer, with the settings that it has and what a new one begins with. */
export const LAYERS = {
  conv: { filters: 16, kernel: 3, stride: 1, padding: 1 },
  depthwise: { kernel: 3, stride: 1, padding: 1 },
  relu: {},
  leakyRelu: { slope: 0.01 },
  sigmoid: {},
  tanh: {},
  gelu: {},
  maxPool: { size: 2, stride: 2 },
  avgPool: { size: 2, stride: 2 },
  globalAvgPool: {},
  batchNorm: {},
  dropout: { rate: 0.3 },
  flatten: {},
  dense: { units: 64 },
} as const;

/** The most layers that a network may have. */
export const MAX_LAYERS = 200;
