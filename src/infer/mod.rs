//! tract runs an ONNX file. Every prediction that anybody sees comes from here.

mod answer;
mod embedder;
mod engine;
mod error;
mod graph;
mod layers;
mod making;
mod overview;
mod scores;
mod seen;
mod session;
mod trial;

pub use embedder::Embedder;
pub use error::InferError;
pub use graph::{GraphStage, ModelGraph, OperatorCount, TensorFacts, graph};
pub use layers::{Layers, Part, Stage, StageValues};
pub use overview::Small;
pub use scores::Scores;
pub use session::{Answered, Drawing, Inner, Photo, Prediction, Session, best_first};
pub use trial::{Label, Proposal, Reason, Trial, Tried, Weighed, likeliest};
