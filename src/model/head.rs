//! A classifier on a network's features: what a head is once it has learned, as plain numbers. `train` fits one, `onnx`
//! writes it as standard operators behind the network whose features it takes.

use serde::Serialize;

use crate::older::reads_older;

/// Which way a head tells the classes apart.
#[derive(Serialize, serde::Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum HeadKind {
    /// Multinomial logistic regression with L2.
    #[default]
    Logistic,
    /// A hidden layer of ReLU between.
    Mlp,
    /// The class whose mean feature vector is nearest, by cosine.
    Prototype,
    /// The classes of the nearest samples, by cosine. For comparison only: a file with it would hold every sample.
    Nearest,
    /// Logistic regression on features whose last blocks have learned too.
    FineTuned,
}

/// One thing that is done with a vector.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Divided by its length.
    Normalise,
    /// √max(x, 0) of every value.
    SquareRoot,
    /// x · weight + bias, weight `[inputs, outputs]`, bias `[outputs]`.
    Dense { weight: Vec<f32>, bias: Vec<f32> },
    /// max(x, 0) of every value.
    Relu,
    /// y = x − mean, then y + (y · axesᵀ ∘ gains) · axes: what lies along each axis becomes 1 + gain times as long, and all
    /// else stays as it is. `mean` `[values]`, `axes` `[axes, values]` (at right angles to each other, of length 1),
    /// `gains` `[axes]`. A whitening that needs few numbers.
    Stretch {
        mean: Vec<f32>,
        axes: Vec<f32>,
        gains: Vec<f32>,
    },
}

/// How far features are from what was learned, as one number.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// 1 − the mean cosine to the `nearest` most similar of `rows`, `[rows, values]`, each of length 1. The steps before
    /// it end in [`Step::Normalise`].
    Neighbours { rows: Vec<f32>, nearest: usize },
    /// The squared distance to the nearest of `centres`, `[centres, values]`.
    Centres { centres: Vec<f32> },
    /// −ln Σ exp(logit), of the head's logits before the temperature; takes no steps.
    Energy,
}

/// One measure among those that a [`Novelty`] adds up.
#[derive(Clone, Debug, PartialEq)]
pub struct NoveltyPart {
    /// From the features to what is measured.
    pub steps: Vec<Step>,
    pub measure: Measure,
    /// Of known samples: the part counts as (measure − mean) / deviation.
    pub mean: f32,
    /// Above 0.
    pub deviation: f32,
}

/// A score of how unlike everything learned an image is: the mean of its parts. Above the threshold the answer is *none of
/// these*.
#[derive(Clone, Debug, PartialEq)]
pub struct Novelty {
    pub parts: Vec<NoveltyPart>,
    pub facts: RejectFacts,
}

/// What a file says of its score of novelty.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RejectFacts {
    /// An image whose novelty is above it is none of the classes.
    pub threshold: f32,
    /// The share of known images that stay at or below it, 0–1, measured on ones that were not learned from.
    pub kept: f32,
}

reads_older!(RejectFacts {
    threshold: "threshold",
    kept: "kept",
});

/// What a file says of its head.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HeadFacts {
    pub kind: HeadKind,
    /// What the file was called whose features it takes.
    pub backbone: String,
    /// Images that it learned from, and how many changed copies of each.
    pub samples: usize,
    pub copies: usize,
    /// Of L2, as it multiplies half the squared weights; 0 where there is none.
    pub strength: f32,
    /// The logits are divided by it.
    pub temperature: f32,
    /// By cross-validation, 0–1.
    pub accuracy: f32,
    pub seed: u64,
}

reads_older!(HeadFacts {
    kind: "kind",
    backbone: "backbone",
    samples: "samples",
    copies: "copies",
    strength: "strength",
    temperature: "temperature",
    accuracy: "accuracy",
    seed: "seed",
});

impl RejectFacts {
    /// Whether they are numbers that can be meant.
    pub fn is_sound(&self) -> bool {
        self.threshold.is_finite() && (0.0..=1.0).contains(&self.kept)
    }
}

impl HeadFacts {
    /// As [`RejectFacts::is_sound`].
    pub fn is_sound(&self) -> bool {
        let strength = self.strength.is_finite() && self.strength >= 0.0;
        let temperature = self.temperature.is_finite() && self.temperature > 0.0;
        strength && temperature && (0.0..=1.0).contains(&self.accuracy)
    }
}

/// A head that has learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub facts: HeadFacts,
    /// Values in a feature vector.
    pub features: usize,
    /// In the order of the logits.
    pub classes: Vec<String>,
    /// From the features to the logits, before the temperature.
    pub steps: Vec<Step>,
    pub novelty: Option<Novelty>,
}

impl Step {
    /// What becomes of `values`.
    pub fn apply(&self, mut values: Vec<f32>) -> Vec<f32> {
        match self {
            Step::Normalise => {
                let length = values.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-12);
                values.iter_mut().for_each(|x| *x /= length);
                values
            }
            Step::SquareRoot => {
                values.iter_mut().for_each(|x| *x = x.max(0.0).sqrt());
                values
            }
            Step::Dense { weight, bias } => {
                let mut sums = bias.clone();
                for (&x, row) in values.iter().zip(weight.chunks_exact(bias.len())) {
                    for (sum, &weight) in sums.iter_mut().zip(row) {
                        *sum += x * weight;
                    }
                }
                sums
            }
            Step::Relu => {
                values.iter_mut().for_each(|x| *x = x.max(0.0));
                values
            }
            Step::Stretch { mean, axes, gains } => {
                values.iter_mut().zip(mean).for_each(|(x, m)| *x -= m);
                let centred = values.clone();
                for (axis, gain) in axes.chunks_exact(mean.len().max(1)).zip(gains) {
                    let along = axis.iter().zip(&centred).map(|(a, x)| a * x).sum::<f32>();
                    let add = values.iter_mut().zip(axis);
                    add.for_each(|(x, a)| *x += gain * along * a);
                }
                values
            }
        }
    }
}

fn through(steps: &[Step], features: &[f32]) -> Vec<f32> {
    let start = features.to_vec();
    steps.iter().fold(start, |values, step| step.apply(values))
}

impl Measure {
    fn of(&self, values: &[f32], logits: &[f32]) -> f32 {
        match self {
            Measure::Neighbours { rows, nearest } => {
                let cosine = |row: &[f32]| row.iter().zip(values).map(|(a, b)| a * b).sum::<f32>();
                let mut all: Vec<f32> = rows.chunks_exact(values.len()).map(cosine).collect();
                all.sort_by(|a, b| b.total_cmp(a));
                let taken = &all[..(*nearest).min(all.len())];
                1.0 - taken.iter().sum::<f32>() / taken.len().max(1) as f32
            }
            Measure::Centres { centres } => {
                let square = |centre: &[f32]| {
                    let apart = centre.iter().zip(values);
                    apart.map(|(a, b)| (a - b) * (a - b)).sum::<f32>()
                };
                let all = centres.chunks_exact(values.len().max(1)).map(square);
                all.fold(f32::INFINITY, f32::min)
            }
            Measure::Energy => {
                let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f32 = logits.iter().map(|x| (x - largest).exp()).sum();
                -(largest + sum.ln())
            }
        }
    }
}

impl Novelty {
    /// The score for `features` and the `logits` (before the temperature) that belong to them.
    pub fn score(&self, features: &[f32], logits: &[f32]) -> f32 {
        let part = |part: &NoveltyPart| {
            let values = through(&part.steps, features);
            (part.measure.of(&values, logits) - part.mean) / part.deviation
        };
        self.parts.iter().map(part).sum::<f32>() / self.parts.len().max(1) as f32
    }
}

impl Head {
    /// One logit for each class, before the temperature.
    pub fn logits(&self, features: &[f32]) -> Vec<f32> {
        through(&self.steps, features)
    }
}
