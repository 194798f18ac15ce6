//! tract runs an ONNX file. Every prediction that anybody sees comes from here.

mod error;
mod session;

pub use error::InferError;
pub use session::{Drawing, Prediction, Session, best_first};
