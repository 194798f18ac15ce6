/**
 * The types that cross from Rust. Both packages declare the ones they share (specs, recipes, epochs) alike, from the same
 * Rust types.
 */
export type { DrawingPrediction, ModelInfo, Prediction } from "./pkg/infer/infer";
export type {
  DatasetSummary,
  LayerReport,
  LayerSpec,
  ModelSpec,
  Preset,
  Recipe,
  SpecReport,
  TrainingEvent,
} from "./pkg/train/train";
