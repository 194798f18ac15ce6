//! What a file's scores are: decided once for each file, by the operators that end it.

use serde::Serialize;

use super::InferError;
use crate::onnx::Ending;

/// What the numbers are that a file outputs for its classes.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Scores {
    /// Behind a softmax: they add up to 1.
    Probabilities,
    /// Behind a log-softmax.
    LogProbabilities,
    /// Behind a sigmoid, one for each class: an image may be of several, or of none.
    Independent,
    /// One number behind a sigmoid: the second of two classes.
    Binary,
    /// Before a softmax.
    Logits,
}

impl Scores {
    /// Of an output that ends so and has `units` numbers for each image; `None` if its operators do not tell.
    pub(super) fn of(ending: Ending, units: usize) -> Option<Self> {
        match (ending, units) {
            (Ending::Softmax, _) => Some(Scores::Probabilities),
            (Ending::LogSoftmax, _) => Some(Scores::LogProbabilities),
            (Ending::Sigmoid, 1) => Some(Scores::Binary),
            (Ending::Sigmoid, _) => Some(Scores::Independent),
            (Ending::Other, _) => None,
        }
    }

    /// Of an output whose operators do not tell, by what it gives for a few images that have nothing in common: only
    /// probabilities add up to 1 every time.
    pub(super) fn of_probes(answers: &[Vec<f32>]) -> Self {
        let spread = |scores: &Vec<f32>| {
            scores.iter().all(|p| (-1e-6..=1.0 + 1e-6).contains(p))
                && (scores.iter().sum::<f32>() - 1.0).abs() < 1e-2
        };
        match !answers.is_empty() && answers.iter().all(spread) {
            true => Scores::Probabilities,
            false => Scores::Logits,
        }
    }

    /// How many classes so many numbers stand for.
    pub(super) fn classes(self, units: usize) -> usize {
        match self {
            Scores::Binary => 2,
            _ => units,
        }
    }

    /// The file's numbers for one image → a probability for each class.
    ///
    /// # Errors
    /// If they are not finite: nobody can be "NaN % sure".
    pub(super) fn probabilities(self, scores: &[f32]) -> Result<Vec<f32>, InferError> {
        let probabilities = match self {
            Scores::Probabilities | Scores::Independent => scores.to_vec(),
            Scores::LogProbabilities => scores.iter().map(|score| score.exp()).collect(),
            Scores::Binary => scores.iter().flat_map(|&p| [1.0 - p, p]).collect(),
            Scores::Logits => softmax(scores),
        };
        match probabilities.iter().all(|p| p.is_finite()) {
            true => Ok(probabilities),
            false => Err(InferError::NotFinite),
        }
    }
}

/// e^x / Σ e^x, with the largest taken off first so that nothing overflows.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|x| (x - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
