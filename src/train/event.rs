use serde::Serialize;

use crate::model::EpochRecord;

/// What a network holds most probable.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The class, as an index.
    pub index: usize,
    /// Its probability, 0–1.
    pub p: f64,
}

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
    /// The sample of the held-out images has been classified, as the recipe asks: with the weights after `step`.
    RollingValidation {
        /// In progress, or just at its end.
        epoch: usize,
        step: usize,
        /// The sample's mean.
        loss: f64,
        /// 0–1.
        accuracy: f64,
        /// In the sample.
        images: usize,
        /// To the watched images, in their order.
        answers: Vec<Answer>,
    },
    Epoch(EpochRecord),
    /// The recipe is fulfilled.
    Done,
}
