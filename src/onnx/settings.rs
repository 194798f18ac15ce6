//! What a person decides about a file from elsewhere, written into it so that it need not be decided again.

use serde::{Deserialize, Serialize};

use super::metadata::{LABELS, OUTPUT, PREPROCESSING, SIZE};
use super::parts::Parts;
use super::{Metadata, OnnxError, read};
use crate::pixels::Preprocessing;

/// What is to be written; what is missing stays as the file has it.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The classes, in the order of the scores.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub labels: Option<Vec<String>>,
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub preprocessing: Option<Preprocessing>,
    /// The output whose numbers are the scores.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub output: Option<String>,
    /// Height and width of the images, of files that take any.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub size: Option<[usize; 2]>,
}

/// The same file with `settings` in its metadata; all else stays as it is, byte for byte.
///
/// # Errors
/// If the file is no ONNX.
pub fn with_settings(file: &[u8], settings: &Settings) -> Result<Vec<u8>, OnnxError> {
    read(file)?;
    let entries = Metadata {
        labels: settings.labels.clone().unwrap_or_default(),
        preprocessing: settings.preprocessing,
        output: settings.output.clone(),
        size: settings.size,
        ..Metadata::default()
    }
    .entries();
    let given = |key: &str| match key {
        LABELS => settings.labels.is_some(),
        PREPROCESSING => settings.preprocessing.is_some(),
        OUTPUT => settings.output.is_some(),
        SIZE => settings.size.is_some(),
        _ => false,
    };
    let entries: Vec<_> = entries.into_iter().filter(|e| given(&e.key)).collect();
    let parts = Parts::of(file)?;
    Ok(parts.file(&parts.same_graph(), given, &entries))
}
