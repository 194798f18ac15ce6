//! tract runs an ONNX file. Every prediction that anybody sees comes from here.

mod embedder;
mod error;
mod expand;
mod layers;
mod overview;
mod session;

pub use embedder::Embedder;
pub use error::InferError;
pub use layers::{Layers, Part, Stage, StageValues};
pub use overview::Small;
pub use session::{Answered, Drawing, Inner, Photo, Prediction, Session, best_first};
