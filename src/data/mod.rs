//! What a network learns from: images with labels, in splits; files that hold them; the order they are seen in.

mod builtin;
pub mod clean;
mod dataset;
mod error;
pub mod formats;
pub mod near;
pub mod order;
pub mod split;

pub use builtin::Builtin;
pub use dataset::{Dataset, IdxPair, Split, mnist_classes, read_split};
pub use error::{DataError, DataErrorKind, Part};
pub use formats::idx;
pub use near::LookIndex;
