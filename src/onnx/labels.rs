//! Lists of classes as people have them beside a model.

/// Why a list of labels cannot be read: one sentence.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{0}")]
pub struct LabelsError(pub &'static str);

/// The names in a list: one a line, a table, or JSON; see the tests for all that is read.
///
/// # Errors
/// If it is no list of names.
pub fn labels(text: &[u8]) -> Result<Vec<String>, LabelsError> {
    let _ = text;
    Err(LabelsError("This is no list of labels."))
}
