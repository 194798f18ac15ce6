//! What a network is: [`ModelSpec`] (its layers and its input), [`Recipe`] (how it learns), and, with Burn, the
//! [`network`] itself.

pub mod head;
mod layer;
mod memory;
mod misfit;
#[cfg(feature = "train")]
pub mod network;
mod presets;
pub mod random;
mod recipe;
mod spec;
pub mod spread;
pub mod weights;

pub use layer::{LayerSpec, OutputShape};
pub use memory::{MAX_ARRAY_VALUES, MAX_IMAGE_BYTES, MAX_LAYER_BYTES, MAX_TRAINING_BYTES};
pub use misfit::{Misfit, Setting};
pub use presets::{Preset, classic, depthwise, digits, fashion, mlp, photos, preset, presets};
pub use recipe::{
    BATCH_SIZES, EPOCHS, EpochRecord, LEARNING_RATES, Loss, MAX_MOMENTUM, MAX_SEED,
    MAX_VALIDATION_SHARE, MAX_WEIGHT_DECAY, OptimizerSpec, Recipe, RecipeError, RollingValidation,
    Schedule,
};
pub use spec::{
    BATCH_NORM_EPSILON, BatchSizes, INPUT_SIDES, ImageShape, LayerReport, MAX_ACTIVATIONS,
    MAX_LAYERS, MAX_PARAMETERS, ModelSpec, SpecError, SpecProblem, SpecReport,
};

pub use crate::pixels::{Fit, Preprocessing};
