//! What a network is: [`ModelSpec`] (its layers and its input), [`Recipe`] (how it learns), and, with Burn, the
//! [`network`] itself.

#[cfg(feature = "train")]
mod kernels;
#[cfg(feature = "train")]
pub mod network;
mod presets;
pub mod random;
mod recipe;
mod spec;
pub mod weights;

pub use presets::{Preset, classic, digits, preset, presets};
pub use recipe::{EpochRecord, Loss, OptimizerSpec, Recipe, RecipeError, Schedule};
pub use spec::{
    Activation, BATCH_NORM_EPSILON, Fit, ImageShape, LayerReport, LayerSpec, MAX_ACTIVATIONS,
    MAX_PARAMETERS, ModelSpec, Preprocessing, SpecError, SpecProblem, SpecReport,
};
