//! Training: a [`Trainer`] is *pulled*. It does so many units of work when asked and says what happened; whoever
//! pulls decides about pauses, progress and the end.

mod batch;
mod error;
mod event;
mod fault;
mod folds;
#[cfg(feature = "webgpu")]
mod gpu;
pub mod head;
mod optimizer;
mod outcome;
mod rolling;
mod self_test;
pub mod tail;
mod trainer;

pub use batch::{Batch, batch};
pub use error::TrainError;
pub use event::{Answer, TrainingEvent};
pub use fault::Fault;
pub use folds::{FOLDS, FoldProgress, OutOfFold, judge};
#[cfg(feature = "webgpu")]
pub use gpu::{Gpu, GpuError};
pub use optimizer::Optimizer;
pub use self_test::{Compared, Quantity, SelfTest, agreement, self_test};
pub use trainer::Trainer;

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

use crate::model::Loss;

/// The mean loss of a batch: logits `[batch, classes]` against the true classes `[batch]` → `[1]`.
pub fn loss(kind: Loss, logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    match kind {
        Loss::CrossEntropy => CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits, targets),
        Loss::MeanSquaredError => {
            let classes = logits.dims()[1] as i64;
            let all = Tensor::<1, Int>::arange(0..classes, &logits.device()).unsqueeze_dim::<2>(0);
            let wanted = targets.unsqueeze_dim::<2>(1).equal(all).float();
            let wrong = softmax(logits, 1) - wanted;
            wrong.square().mean()
        }
    }
}
