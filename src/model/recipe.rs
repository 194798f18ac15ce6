//! How a network is trained.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::older::reads_older;
use crate::pixels::augment::Augmentation;

pub const LEARNING_RATES: RangeInclusive<f64> = 1e-9..=10.0;
pub const BATCH_SIZES: RangeInclusive<usize> = 1..=4096;
pub const EPOCHS: RangeInclusive<usize> = 1..=10_000;
pub const MAX_VALIDATION_SHARE: f64 = 0.9;
/// JavaScript's largest safe integer: beyond it, two seeds would be one.
pub const MAX_SEED: u64 = (1 << 53) - 1;
pub const MAX_WEIGHT_DECAY: f64 = 1.0;
/// Also of Adam's betas. All are used as `f32`, in which more than this is 1.
pub const MAX_MOMENTUM: f64 = 0.999_999_9;
/// The smallest epsilon that is not lost in `f32`, times the smallest factor that Adam's first step has for it (2^-12).
const MIN_EPSILON: f64 = 1e-30;

/// Everything that, with the spec, the data and the build, decides a run.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Recipe {
    pub optimizer: OptimizerSpec,
    /// Of the first step; `schedule` says how it goes on.
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub batch_size: usize,
    pub epochs: usize,
    pub loss: Loss,
    /// Decides the first weights, the order of the samples, dropout and augmentation. At most [`MAX_SEED`]; files from
    /// before that was checked may have more.
    pub seed: u64,
    /// The share of the training samples held out to validate on, 0 to below 1.
    pub validation_share: f64,
    pub rolling_validation: RollingValidation,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub augmentation: Option<Augmentation>,
}

/// Of the classic network; for a field that is added: what was done before there was one.
impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            optimizer: OptimizerSpec::ADAM,
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            batch_size: 32,
            epochs: 5,
            loss: Loss::CrossEntropy,
            seed: 1,
            validation_share: 0.0,
            augmentation: None,
            rolling_validation: RollingValidation::default(),
        }
    }
}

/// How often it is asked, within an epoch, how well the network does on a fixed sample of the held-out images. The
/// weights do not depend on it.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RollingValidation {
    /// In steps, and at the end of each epoch; in the first interval also at a tenth, a fifth and half of it. 0: never.
    pub every: usize,
    /// In the sample: fewer if fewer are held out.
    pub images: usize,
}

impl Default for RollingValidation {
    /// In batches of 32, a forward pass of 256 images for 3,200 that are trained on.
    fn default() -> Self {
        RollingValidation {
            every: 100,
            images: 256,
        }
    }
}

reads_older!(Recipe {
    optimizer: "optimizer",
    learning_rate: "learningRate",
    schedule: "schedule",
    batch_size: "batchSize",
    epochs: "epochs",
    loss: "loss",
    seed: "seed",
    validation_share: "validationShare",
    rolling_validation: "rollingValidation",
    augmentation: "augmentation",
});

reads_older!(RollingValidation {
    every: "every",
    images: "images",
});

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum OptimizerSpec {
    /// Stochastic gradient descent with momentum (Polyak 1964): `v ← momentum × v + g`, `θ ← θ − rate × v`.
    Sgd {
        /// 0 (none) to below 1.
        momentum: f64,
        /// L2: `weight_decay × θ` is added to the gradient of weights (not of biases or normalisation).
        weight_decay: f64,
    },
    /// Kingma & Ba 2014, <https://arxiv.org/abs/1412.6980>.
    Adam {
        beta1: f64,
        beta2: f64,
        epsilon: f64,
    },
    /// Adam with decoupled L2 (Loshchilov & Hutter 2017, <https://arxiv.org/abs/1711.05101>): before each step
    /// `θ ← θ × (1 − rate × weight_decay)`.
    AdamW {
        beta1: f64,
        beta2: f64,
        epsilon: f64,
        /// Of weights, not of biases or normalisation.
        weight_decay: f64,
    },
}

impl OptimizerSpec {
    pub const SGD: OptimizerSpec = OptimizerSpec::Sgd {
        momentum: 0.9,
        weight_decay: 0.0,
    };

    /// As in Keras (Burn's own epsilon is 1e-5).
    pub const ADAM: OptimizerSpec = OptimizerSpec::Adam {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
    };

    pub const ADAM_W: OptimizerSpec = OptimizerSpec::AdamW {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weight_decay: 0.01,
    };

    /// Each as it begins, the one to begin with first.
    pub const ALL: [OptimizerSpec; 3] = [
        OptimizerSpec::ADAM,
        OptimizerSpec::ADAM_W,
        OptimizerSpec::SGD,
    ];

    /// The learning rate that suits it.
    pub fn usual_rate(self) -> f64 {
        match self {
            OptimizerSpec::Sgd { .. } => 0.05,
            OptimizerSpec::Adam { .. } | OptimizerSpec::AdamW { .. } => 1e-3,
        }
    }

    /// # Errors
    /// The first value outside its range, with the range.
    fn check(self) -> Result<(), RecipeError> {
        let refuse = |sentence: String| Err(RecipeError(sentence));
        let (betas, weight_decay) = match self {
            OptimizerSpec::Sgd {
                momentum,
                weight_decay,
            } => {
                if !(0.0..=MAX_MOMENTUM).contains(&momentum) {
                    return refuse(format!(
                        "A momentum of {momentum} is outside 0 to {MAX_MOMENTUM}; 0.9 is usual."
                    ));
                }
                (None, weight_decay)
            }
            OptimizerSpec::Adam {
                beta1,
                beta2,
                epsilon,
            } => (Some((beta1, beta2, epsilon)), 0.0),
            OptimizerSpec::AdamW {
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => (Some((beta1, beta2, epsilon)), weight_decay),
        };
        if let Some((beta1, beta2, epsilon)) = betas {
            for (name, beta, usual) in [("beta1", beta1, "0.9"), ("beta2", beta2, "0.999")] {
                if !(0.0..=MAX_MOMENTUM).contains(&beta) {
                    return refuse(format!(
                        "Adam's {name} {beta} is outside 0 to {MAX_MOMENTUM}; {usual} is usual."
                    ));
                }
            }
            if !(MIN_EPSILON..=1.0).contains(&epsilon) {
                return refuse(format!(
                    "Adam's epsilon {epsilon:e} is outside {MIN_EPSILON:e} to 1; 1e-7 is usual."
                ));
            }
        }
        if !(0.0..=MAX_WEIGHT_DECAY).contains(&weight_decay) {
            return refuse(format!(
                "A weight decay of {weight_decay} is outside 0 to {MAX_WEIGHT_DECAY}; 0.0001 to 0.01 is usual."
            ));
        }
        Ok(())
    }
}

/// The learning rate over the run.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Schedule {
    Constant,
    /// Half a cosine from the full rate to 0 at the last step (Loshchilov & Hutter 2016,
    /// <https://arxiv.org/abs/1608.03983>, without restarts).
    Cosine,
}

impl Schedule {
    /// The factor on the learning rate at `step` of `total` (from 0).
    pub fn factor(self, step: usize, total: usize) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine => {
                let done = step as f64 / total.max(1) as f64;
                0.5 * (1.0 + (std::f64::consts::PI * done.min(1.0)).cos())
            }
        }
    }
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Loss {
    /// The mean over the batch of −ln(probability of the true class).
    CrossEntropy,
    /// Between the probabilities (softmax) and 1 for the true class, 0 for the others: the mean over classes and
    /// batch.
    MeanSquaredError,
}

/// A recipe no training can follow, in one sentence.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{0}")]
pub struct RecipeError(String);

impl RecipeError {
    pub fn code(&self) -> &'static str {
        "recipe-impossible"
    }
}

impl Recipe {
    /// Optimiser steps in an epoch of so many samples. A last batch of one image would have a variance of 0 in batch
    /// normalisation: it joins the batch before it.
    pub fn steps_per_epoch(&self, samples: usize) -> usize {
        // A recipe from a file may say 0.
        let size = self.batch_size.max(1);
        let steps = samples.div_ceil(size);
        let single = steps > 1 && samples % size == 1;
        steps - usize::from(single)
    }

    /// The samples of the step `index` (from 0) of such an epoch.
    pub fn batch(&self, index: usize, samples: usize) -> std::ops::Range<usize> {
        let start = index * self.batch_size;
        let last = index + 1 == self.steps_per_epoch(samples);
        start..if last {
            samples
        } else {
            start + self.batch_size
        }
    }

    /// As JavaScript can have it: a seed from before there was a limit becomes the largest. The training that goes on
    /// from a file takes the seed that the file has.
    pub fn for_javascript(mut self) -> Self {
        self.seed = self.seed.min(MAX_SEED);
        self
    }

    /// # Errors
    /// The first value outside its range, with the range.
    pub fn check(&self) -> Result<(), RecipeError> {
        if self.seed > MAX_SEED {
            return Err(RecipeError(format!(
                "The seed {} is outside 0 to {MAX_SEED}.",
                self.seed
            )));
        }
        self.check_begun()
    }

    /// The same for a training that has begun: its seed stands, and may be from a time when there was no limit.
    ///
    /// # Errors
    /// The first other value outside its range, with the range.
    pub fn check_begun(&self) -> Result<(), RecipeError> {
        let refuse = |sentence: String| Err(RecipeError(sentence));
        if !LEARNING_RATES.contains(&self.learning_rate) {
            return refuse(format!(
                "The learning rate {} is outside {:e} to {}; 0.001 suits Adam.",
                self.learning_rate,
                LEARNING_RATES.start(),
                LEARNING_RATES.end()
            ));
        }
        if !BATCH_SIZES.contains(&self.batch_size) {
            return refuse(format!(
                "The batch size {} is outside {} to {}; 32 to 128 is usual.",
                self.batch_size,
                BATCH_SIZES.start(),
                BATCH_SIZES.end()
            ));
        }
        if !EPOCHS.contains(&self.epochs) {
            return refuse(format!(
                "{} epochs is outside {} to {}.",
                self.epochs,
                EPOCHS.start(),
                EPOCHS.end()
            ));
        }
        if !(0.0..=MAX_VALIDATION_SHARE).contains(&self.validation_share) {
            return refuse(format!(
                "A validation share of {} is outside 0 to {MAX_VALIDATION_SHARE}.",
                self.validation_share
            ));
        }
        self.optimizer.check()?;
        if let Some(augmentation) = &self.augmentation {
            augmentation
                .check()
                .map_err(|error| RecipeError(error.to_string()))?;
        }
        Ok(())
    }
}

/// What one epoch came to. Accuracies are 0–1; losses are means for one sample.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EpochRecord {
    /// From 1.
    pub epoch: usize,
    /// Taken while training, as the weights change (dropout and augmentation included).
    pub train_loss: f64,
    pub train_accuracy: f64,
    /// Missing if nothing is held out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub val_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub val_accuracy: Option<f64>,
}

reads_older!(EpochRecord {
    epoch: "epoch",
    train_loss: "trainLoss",
    train_accuracy: "trainAccuracy",
    val_loss: "valLoss",
    val_accuracy: "valAccuracy",
});
