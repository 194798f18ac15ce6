//! What a network is: [`ModelSpec`] (its layers and its input), [`Recipe`] (how it learns), and, with Burn, the
//! [`network`] itself.

#[cfg(feature = "train")]
pub(crate) mod kernels;
mod layer;
mod misfit;
#[cfg(feature = "train")]
pub mod network;
mod presets;
pub mod random;
mod recipe;
mod spec;
pub mod weights;

pub use layer::{Activation, LayerSpec};
pub use misfit::{Misfit, Setting};
pub use presets::{Preset, classic, depthwise, digits, fashion, mlp, preset, presets};
pub use recipe::{
    EpochRecord, Loss, OptimizerSpec, Recipe, RecipeError, RollingValidation, Schedule,
};
pub use spec::{
    BATCH_NORM_EPSILON, Fit, INPUT_SIDES, ImageShape, LayerReport, MAX_ACTIVATIONS, MAX_LAYERS,
    MAX_PARAMETERS, ModelSpec, Preprocessing, SpecError, SpecProblem, SpecReport,
};
