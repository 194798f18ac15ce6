use serde::Serialize;

use super::interval::{Paired, newcombe_paired};
use super::{Answers, Interval};

/// Two models on the same images. Rates are 0–1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Comparison {
    pub n: u32,
    pub first_accuracy: f64,
    pub second_accuracy: f64,
    pub both_right: u32,
    pub first_only: u32,
    pub second_only: u32,
    pub neither: u32,
    /// The first accuracy less the second.
    pub difference: f64,
    /// The difference's 95 % interval, see [`super::interval::newcombe_paired`]. If it holds 0, this test cannot
    /// tell which model is better.
    pub interval: Interval,
    /// The images that the models take for different classes, by their place in the test. Those that one of them has
    /// right come first, and of these the ones on which the wrong model was surest.
    pub differing: Vec<u32>,
}

impl Comparison {
    /// The answers are to the same images.
    pub(super) fn of(first: &Answers, second: &Answers) -> Self {
        let mut pairs = Paired {
            both: 0,
            first_only: 0,
            second_only: 0,
            neither: 0,
        };
        for image in 0..first.len() {
            match (first.right(image), second.right(image)) {
                (true, true) => pairs.both += 1,
                (true, false) => pairs.first_only += 1,
                (false, true) => pairs.second_only += 1,
                (false, false) => pairs.neither += 1,
            }
        }
        let n = first.len() as u32;
        let share = |count: u32| f64::from(count) / f64::from(n.max(1));
        Comparison {
            n,
            first_accuracy: share(pairs.both + pairs.first_only),
            second_accuracy: share(pairs.both + pairs.second_only),
            both_right: pairs.both,
            first_only: pairs.first_only,
            second_only: pairs.second_only,
            neither: pairs.neither,
            difference: (f64::from(pairs.first_only) - f64::from(pairs.second_only))
                / f64::from(n.max(1)),
            interval: newcombe_paired(pairs),
            differing: differing(first, second),
        }
    }
}

fn differing(first: &Answers, second: &Answers) -> Vec<u32> {
    let decided = |image: usize| first.right(image) != second.right(image);
    let wrong_confidence = |image: usize| {
        let of = |answers: &Answers| match answers.right(image) {
            true => 0.0,
            false => answers.confidence()[image],
        };
        of(first).max(of(second))
    };
    let mut images: Vec<usize> = (0..first.len())
        .filter(|&image| first.predicted()[image] != second.predicted()[image])
        .collect();
    images.sort_by(|&a, &b| {
        let by_confidence = wrong_confidence(b).total_cmp(&wrong_confidence(a));
        decided(b).cmp(&decided(a)).then(by_confidence)
    });
    images.into_iter().map(|image| image as u32).collect()
}
