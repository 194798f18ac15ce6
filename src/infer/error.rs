use crate::onnx::OnnxError;

/// Why a file cannot answer.
#[derive(thiserror::Error, Clone, Debug)]
pub enum InferError {
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// The file is sound, but tract cannot run it.
    #[error("This model cannot be run here: {0}")]
    Engine(String),
    #[error("The model has no output called {0}.")]
    NoOutput(String),
    #[error("The model's output has the shape {0:?}; Hearth needs one number for each class.")]
    OutputShape(Vec<usize>),
    #[error(
        "The tensor {tensor} has the shape {shape:?}, or no 32-bit floats; Hearth needs the same values for each image."
    )]
    TensorShape { tensor: String, shape: Vec<usize> },
    #[error(
        "This network answers with values that are not finite numbers: its training went astray. Take an earlier file, or train again with a lower learning rate."
    )]
    NotFinite,
    #[error("The model takes images of {needed} values and was given {given}.")]
    InputSize { needed: usize, given: usize },
    #[error(
        "This model takes {channels} colour channels and {height}×{width} pixels; a drawing needs 1 and 28×28."
    )]
    NoDrawings {
        channels: usize,
        height: usize,
        width: usize,
    },
}

impl InferError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            InferError::Onnx(error) => error.code(),
            InferError::Engine(_) => "onnx-cannot-run",
            InferError::NoOutput(_) => "output-missing",
            InferError::OutputShape(_) => "output-shape",
            InferError::TensorShape { .. } => "tensor-shape",
            InferError::NotFinite => "answer-not-finite",
            InferError::InputSize { .. } => "input-size",
            InferError::NoDrawings { .. } => "no-drawings",
        }
    }

    /// What the sentence says of this file (names, sizes), in the order that goes with the code.
    pub fn values(&self) -> Vec<String> {
        match self {
            InferError::Onnx(error) => error.values().to_vec(),
            _ => Vec::new(),
        }
    }
}
