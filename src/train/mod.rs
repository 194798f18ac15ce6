//! Training: a [`Trainer`] is *pulled*. It does so many units of work when asked and says what happened; whoever
//! pulls decides about pauses, progress and the end.

mod batch;
mod error;
mod event;
mod optimizer;
mod trainer;

pub use batch::{Batch, batch};
pub use error::TrainError;
pub use event::TrainingEvent;
pub use optimizer::Optimizer;
pub use trainer::Trainer;

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor};

use crate::model::Loss;

/// The mean loss of a batch: logits `[batch, classes]` against the true classes `[batch]` → `[1]`.
pub fn loss(kind: Loss, logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    match kind {
        Loss::CrossEntropy => CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits, targets),
    }
}
