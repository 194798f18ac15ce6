//! Datasets as files: what they are called, what stands in them, and what that says of each picture. Nothing is opened
//! or decoded here.

#[cfg(feature = "cli")]
mod export;
pub mod idx;
#[cfg(feature = "cli")]
mod listing;
#[cfg(feature = "cli")]
mod table;

#[cfg(feature = "cli")]
pub use export::{DATASET_JSON, Export, ExportInput, ExportSample, Origin};
#[cfg(feature = "cli")]
pub use listing::{Listed, Listing, Refusal, Refused};
#[cfg(feature = "cli")]
pub use table::{LABELS_CSV, Row, rows};
