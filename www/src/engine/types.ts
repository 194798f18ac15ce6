/**
 * The types that cross from Rust. The packages declare the ones they share (specs, recipes, epochs, all that is about
 * training) alike, from the same Rust types.
 */
export type {
  Cell,
  ClassReport,
  Comparison,
  CostReport,
  Costs,
  DrawingPrediction,
  Interval,
  LayersInfo,
  MistakeCost,
  ModelInfo,
  PhotoPrediction,
  Prediction,
  Report,
  Stage,
} from "./pkg/infer/infer";
export type {
  Augmentation,
  Compared,
  DatasetSummary,
  Fit,
  ImageShape,
  LayerReport,
  LayerSpec,
  Loss,
  Misfit,
  ModelSpec,
  NetworkInfo,
  OptimizerSpec,
  Preset,
  Recipe,
  RollingValidation,
  Schedule,
  SpecProblem,
  SpecReport,
  TrainingEvent,
  Trial,
} from "./pkg/train/train";
