/**
 * The types that cross from Rust. Both packages declare the ones they share (specs, recipes, epochs) alike, from the same
 * Rust types.
 */
import type { EpochRecord } from "./pkg/train/train";

export type { DrawingPrediction, ModelInfo, Prediction } from "./pkg/infer/infer";
export type {
  DatasetSummary,
  LayerReport,
  LayerSpec,
  ModelSpec,
  Preset,
  Recipe,
  SpecReport,
} from "./pkg/train/train";

/**
 * What happened in a pull; epochs and steps count from 1 (`src/train/event.rs`). Written out here because the package's
 * declaration names a type that it does not declare, which makes the whole union `any`.
 */
export type TrainingEvent =
  | {
      kind: "step";
      epoch: number;
      step: number;
      stepsPerEpoch: number;
      totalSteps: number;
      loss: number;
      correct: number;
      images: number;
      seconds: number;
    }
  | { kind: "validation"; epoch: number; done: number; total: number }
  | ({ kind: "epoch" } & EpochRecord)
  | { kind: "done" };
