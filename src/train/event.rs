use serde::Serialize;

use crate::model::EpochRecord;

/// What happened while training. Epochs and steps count from 1.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum TrainingEvent {
    /// One optimiser step.
    Step {
        epoch: usize,
        /// Over the whole run.
        step: usize,
        steps_per_epoch: usize,
        total_steps: usize,
        /// The batch's mean.
        loss: f64,
        /// Images of the batch classified rightly before the step.
        correct: usize,
        images: usize,
        seconds: f64,
    },
    /// Some of the held-out images have been classified.
    Validation {
        epoch: usize,
        done: usize,
        total: usize,
    },
    Epoch(EpochRecord),
    /// The recipe is fulfilled.
    Done,
}
