//! What a file's scores are: decided once for each file, by the operators that end it.

use serde::Serialize;

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
