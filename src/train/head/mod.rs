//! A classifier on a network's features, from a handful of examples: [`HeadTraining`] fits every kind and compares them by
//! cross-validation. Everything here is plain arithmetic on the CPU, but for the hidden layer, which learns with Burn.

mod curve;
mod examples;
mod folds;
mod linear;
pub mod logistic;
mod mlp;
mod nearest;
mod novelty;
mod span;
mod temperature;
mod training;
mod whiten;

pub use curve::{CurvePoint, CurveReport, LearningCurve, more_for_one_point};
pub use examples::Examples;
pub use folds::grouped_folds;
pub use linear::{Matrix, cholesky, eigen, product_transposed, solve, solve_transposed};
pub use nearest::{NEIGHBOURS, nearest_logits, normalised, prototype_logits};
pub use novelty::{KEPT, threshold};
pub use temperature::{calibration_error, cross_entropy, likeliest, temperature};
pub use training::{HeadProgress, HeadReport, HeadResult, HeadTraining};
