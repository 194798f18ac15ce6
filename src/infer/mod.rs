//! tract runs an ONNX file. Every prediction that anybody sees comes from here.

mod error;
mod expand;
mod layers;
mod overview;
mod session;

pub use error::InferError;
pub use layers::{Layers, Part, Stage, StageValues};
pub use overview::Small;
pub use session::{Drawing, Inner, Photo, Prediction, Session, best_first};
