//! Hearth: collect and label images, train a convolutional network, test it, use it, all on one's own machine.
//!
//! Training (Burn) ends in an ONNX file; every prediction is tract running one. The two engines never call each
//! other. Arrows point in one direction:
//!
//! ```text
//! bindings → { train, infer, search } → { model, onnx, data, metrics, pixels }
//!                                       { train, model } → kernels
//! ```

pub mod data;
pub mod metrics;
pub mod model;
mod older;
pub mod onnx;
pub mod pixels;
pub mod search;

#[cfg(feature = "infer")]
pub mod infer;
#[cfg(feature = "train")]
mod kernels;
#[cfg(feature = "train")]
pub mod train;

#[cfg(target_family = "wasm")]
mod bindings;
