//! `dataset.json`: what an export says of its files, so that it can be read again with nothing lost.

use serde::{Deserialize, Serialize};

use crate::data::{DataError, DataErrorKind, Split};
use crate::pixels::Fit;

/// The file's name, beside the folders that it speaks of.
pub const DATASET_JSON: &str = "dataset.json";

/// The version that is written, and read.
const VERSION: u32 = 1;

/// A dataset's classes and samples.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Export {
    /// The version of the format, 1.
    pub hearth: u32,
    pub name: String,
    /// In the order of their labels.
    pub classes: Vec<String>,
    pub input: ExportInput,
    pub fit: Fit,
    pub samples: Vec<ExportSample>,
}

/// What networks for this dataset take.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportInput {
    /// 1 (grey) or 3.
    pub channels: usize,
    /// Height and width, in pixels.
    pub side: usize,
}

/// One file.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ExportSample {
    /// Its path, from where this list is.
    pub file: String,
    /// One of the classes.
    pub label: Option<String>,
    pub split: Split,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default)]
    pub origin: Origin,
    /// What it was called where it came from.
    #[serde(default)]
    pub name: String,
}

/// Where a sample came from.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    #[default]
    File,
    Camera,
    Drawing,
    /// Of a sample of another dataset.
    Copy,
}

impl Export {
    /// # Errors
    /// If it is no such list, of another version, or names a class that it does not have.
    pub fn read(json: &[u8]) -> Result<Self, DataError> {
        let unreadable = |why: String| DataError::from(DataErrorKind::ExportUnreadable { why });
        let export: Export =
            serde_json::from_slice(json).map_err(|error| unreadable(error.to_string()))?;
        if export.hearth != VERSION {
            return Err(unreadable(format!("its version is {}", export.hearth)));
        }
        let labels = export
            .samples
            .iter()
            .filter_map(|sample| sample.label.as_ref());
        match labels
            .into_iter()
            .find(|&label| !export.classes.contains(label))
        {
            Some(label) => Err(unreadable(format!("it has no class {label}"))),
            None => Ok(export),
        }
    }
}
