//! Fine-tuning: the last blocks of a network learn together with the head on its features. Everything before them stays
//! as it is, and what it makes of the images comes from outside, once for each.

mod layers;
mod learner;
mod training;

pub use layers::TailLayers;
pub use training::{TailError, TailMaps, TailProgress, TailTraining, TailTuned};
