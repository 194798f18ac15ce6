//! What batches give: on the device, read back from it, and summed.

use burn::tensor::{Tensor, Transaction};

use super::{Answer, TrainError};

/// Sums over images.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub loss: f64,
    pub correct: usize,
    pub images: usize,
}

impl Tally {
    pub fn add(&mut self, mean_loss: f64, correct: usize, images: usize) {
        self.loss += mean_loss * images as f64;
        self.correct += correct;
        self.images += images;
    }

    pub fn mean_loss(&self) -> f64 {
        self.loss / self.images as f64
    }

    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images as f64
    }
}

/// What a batch gave, still on the device.
pub struct Pending {
    pub loss: Tensor<1>,
    pub logits: Tensor<2>,
    pub labels: Vec<usize>,
}

/// The same on the host.
pub struct Outcome {
    pub loss: f64,
    pub correct: usize,
    pub images: usize,
    /// `[image, class]`, flat.
    pub logits: Vec<f32>,
}

/// Reads a group of batches in one transaction: on a GPU every wait drains the queue.
pub async fn read(pending: Vec<Pending>) -> Result<Vec<Outcome>, TrainError> {
    let mut transaction = Transaction::default();
    let mut labels = Vec::with_capacity(pending.len());
    for batch in pending {
        transaction = transaction.register(batch.loss).register(batch.logits);
        labels.push(batch.labels);
    }
    let failed = |error: String| TrainError::Device(error);
    let mut data = transaction
        .execute_async()
        .await
        .map_err(|error| failed(error.to_string()))?
        .into_iter()
        .map(|data| {
            data.try_into_vec::<f32>()
                .map_err(|error| failed(format!("{error:?}")))
        });
    labels
        .into_iter()
        .map(|labels| {
            let mut next = || {
                data.next()
                    .unwrap_or_else(|| Err(failed("no answer".into())))
            };
            let (loss, logits) = (next()?, next()?);
            Ok(Outcome {
                loss: f64::from(loss[0]),
                correct: correct(&logits, &labels),
                images: labels.len(),
                logits,
            })
        })
        .collect()
}

/// How many rows of `logits` (`[batch, classes]`, flat) are largest at their label.
fn correct(logits: &[f32], labels: &[usize]) -> usize {
    let classes = logits.len() / labels.len();
    logits
        .chunks_exact(classes)
        .zip(labels)
        .filter(|(row, label)| best(row) == **label)
        .count()
}

/// The class of the largest of `logits`; of several the last.
fn best(logits: &[f32]) -> usize {
    let largest = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
    largest.unwrap_or_default()
}

/// One image's.
pub fn answer(logits: &[f32]) -> Answer {
    let index = best(logits);
    let scaled = |logit: &f32| f64::from(logit - logits[index]).exp();
    let p = 1.0 / logits.iter().map(scaled).sum::<f64>();
    Answer { index, p }
}

/// One image's probabilities.
pub fn shares(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
