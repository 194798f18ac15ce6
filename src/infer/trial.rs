//! A file from elsewhere on trial: what it answers to samples under each preprocessing that it may have meant.

use serde::Serialize;

use super::{InferError, Prediction};
use crate::pixels::{KnownPreprocessing, Preprocessing, Rgba};

/// A preprocessing that a file may have meant, and why.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub known: KnownPreprocessing,
    pub preprocessing: Preprocessing,
    /// Empty for those that nothing speaks for.
    pub reasons: Vec<Reason>,
}

/// What of a file speaks for a preprocessing.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Reason {
    /// Its input is of bytes.
    TakesBytes,
    /// Its first operators bring bytes to a smaller range.
    ScalesItself { operator: String },
    /// What its input is called.
    InputName { name: String },
    /// What wrote it usually asks for that.
    Producer { name: String },
    /// Its classes are ImageNet's, or as many.
    Imagenet,
    /// Networks of that input size usually ask for that.
    Shape,
}

/// What a preprocessing is worth on the samples.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    /// Mean probability of the first answer, 0–1.
    pub confidence: f32,
    /// How much the answers tell about the image, 0–1: the mutual information of image and class, as a share of the most
    /// that so many images and classes allow. 0 if all images get the same answer.
    pub information: f32,
    /// Share of the samples with a label that were answered right, 0–1; missing if none has one.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f32>,
}

/// What a file makes of one sample.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Tried {
    /// Best first; empty if nothing is drawn.
    pub predictions: Vec<Prediction>,
    /// The image that the network sees, bytes `[channels, height, width]`, as they are before offset and scale (dark ink
    /// is dark here); empty likewise.
    #[cfg_attr(target_family = "wasm", tsify(type = "Uint8Array"))]
    #[serde(with = "bytes")]
    pub seen: Vec<u8>,
}

#[cfg(target_family = "wasm")]
use serde_bytes as bytes;
#[cfg(not(target_family = "wasm"))]
mod bytes {
    pub fn serialize<S: serde::Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(bytes, to)
    }
}

/// A file and the samples that it is tried on.
pub struct Trial {}

impl Trial {
    /// # Errors
    /// As [`super::Session::load`].
    pub fn load(file: &[u8]) -> Result<Self, InferError> {
        let _ = file;
        Ok(Trial {})
    }

    /// Those that there are for the file's images, the likeliest first.
    pub fn proposals(&self) -> &[Proposal] {
        &[]
    }

    /// Adds a sample: a drawing (ink on a plain ground) or a photo, and which class it is of, if that is known.
    pub fn add(&mut self, picture: Rgba, drawn: bool, label: Option<usize>) {
        let _ = (picture, drawn, label);
    }

    /// # Errors
    /// If tract fails.
    pub fn weigh(&self, preprocessing: &Preprocessing) -> Result<Weighed, InferError> {
        let _ = preprocessing;
        Ok(Weighed {
            confidence: 0.0,
            information: 0.0,
            accuracy: None,
        })
    }

    /// What the sample `index` becomes, and its `top` likeliest classes.
    ///
    /// # Errors
    /// If there is no such sample, or tract fails.
    pub fn try_out(
        &self,
        index: usize,
        preprocessing: &Preprocessing,
        top: usize,
    ) -> Result<Tried, InferError> {
        let _ = (index, preprocessing, top);
        Ok(Tried {
            predictions: Vec::new(),
            seen: Vec::new(),
        })
    }
}
