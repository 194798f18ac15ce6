//! What a network learns from: images with labels, in splits; files that hold them; the order they are seen in.

mod dataset;
mod error;
pub mod idx;
pub mod order;

pub use dataset::{Dataset, IdxPair, Split, mnist_classes};
pub use error::{DataError, DataErrorKind, Part};
