//! How a network is trained.

use serde::{Deserialize, Serialize};

use crate::pixels::augment::Augmentation;

/// Everything that, with the spec, the data and the build, decides a run.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
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
    /// Decides the first weights, the order of the samples, dropout and augmentation. Whole numbers to 2^53, as
    /// JavaScript has them.
    pub seed: u64,
    /// The share of the training samples held out to validate on, 0 to below 1.
    pub validation_share: f64,
    #[serde(default)]
    pub rolling_validation: RollingValidation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub augmentation: Option<Augmentation>,
}

/// How often it is asked, within an epoch, how well the network does on a fixed sample of the held-out images. The
/// weights do not depend on it.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
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

    /// # Errors
    /// The first value outside its range, with the range.
    fn check(self) -> Result<(), RecipeError> {
        let refuse = |sentence: String| Err(RecipeError(sentence));
        let (betas, weight_decay) = match self {
            OptimizerSpec::Sgd {
                momentum,
                weight_decay,
            } => {
                if !(0.0..1.0).contains(&momentum) {
                    return refuse(format!(
                        "A momentum of {momentum} is outside 0 to below 1; 0.9 is usual."
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
            if !((0.0..1.0).contains(&beta1) && (0.0..1.0).contains(&beta2)) {
                return refuse(format!(
                    "Adam's betas {beta1} and {beta2} must be at least 0 and below 1."
                ));
            }
            if !(epsilon > 0.0 && epsilon <= 1.0) {
                return refuse(format!(
                    "Adam's epsilon {epsilon} must be above 0 and at most 1."
                ));
            }
        }
        if !(0.0..=1.0).contains(&weight_decay) {
            return refuse(format!(
                "A weight decay of {weight_decay} is outside 0 to 1; 0.0001 to 0.01 is usual."
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
    /// # Errors
    /// The first value outside its range, with the range.
    pub fn check(&self) -> Result<(), RecipeError> {
        let refuse = |sentence: String| Err(RecipeError(sentence));
        if !(self.learning_rate.is_finite()
            && self.learning_rate > 0.0
            && self.learning_rate <= 10.0)
        {
            return refuse(format!(
                "The learning rate {} is outside 0 to 10; 0.001 suits Adam.",
                self.learning_rate
            ));
        }
        if !(1..=4096).contains(&self.batch_size) {
            return refuse(format!(
                "The batch size {} is outside 1 to 4096; 32 to 128 is usual.",
                self.batch_size
            ));
        }
        if !(1..=10_000).contains(&self.epochs) {
            return refuse(format!("{} epochs is outside 1 to 10,000.", self.epochs));
        }
        if !(0.0..=0.9).contains(&self.validation_share) {
            return refuse(format!(
                "A validation share of {} is outside 0 to 0.9.",
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
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EpochRecord {
    /// From 1.
    pub epoch: usize,
    /// Taken while training, as the weights change (dropout and augmentation included).
    pub train_loss: f64,
    pub train_accuracy: f64,
    /// Missing where nothing is held out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub val_loss: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub val_accuracy: Option<f64>,
}
