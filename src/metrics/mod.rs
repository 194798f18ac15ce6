//! How good a classifier is, counted: the confusion matrix and what follows from it.

mod confusion;
mod report;

pub use confusion::Confusion;
pub use report::{ClassReport, Report};
