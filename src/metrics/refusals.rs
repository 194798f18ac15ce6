use serde::Serialize;

use super::Interval;
use super::interval::wilson;

/// What a test gives of a model that may answer *none of these*: all images are of classes that it knows, so a refusal is
/// never right, but it is better than a wrong class. Rates are 0–1, and 0 if their divisor is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Refusals {
    /// Images that got a class.
    pub answered: u32,
    /// Of them, those taken for what they are.
    pub correct: u32,
    /// The share of them.
    pub accuracy: f64,
    /// Its 95 % interval, see [`super::interval::wilson`].
    pub accuracy_interval: Interval,
    /// Images that were refused.
    pub refused: u32,
    /// Their share of all.
    pub refused_share: f64,
    /// Of them, those that would have been taken for another class.
    pub spared: u32,
}

impl Refusals {
    pub(super) fn new([answered, correct, refused, spared]: [u32; 4]) -> Self {
        let share = |part: u32, whole: u32| match whole {
            0 => 0.0,
            whole => f64::from(part) / f64::from(whole),
        };
        Refusals {
            answered,
            correct,
            accuracy: share(correct, answered),
            accuracy_interval: wilson(correct, answered),
            refused,
            refused_share: share(refused, answered + refused),
            spared,
        }
    }
}
