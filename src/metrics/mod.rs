//! How good a classifier is, counted: its answers, the confusion matrix and what follows from it.

mod answers;
mod comparison;
mod confusion;
mod cost;
mod error;
pub mod interval;
mod refusals;
mod report;

pub use answers::{Answers, TOP};
pub use comparison::Comparison;
pub use confusion::{Cell, Confusion};
pub use cost::{CostCell, CostReport, Costs, MistakeCost};
pub use error::MetricsError;
pub use interval::Interval;
pub use refusals::Refusals;
pub use report::{ClassReport, Report, Undefined};
