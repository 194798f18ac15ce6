use crate::onnx::OnnxError;

/// Why a file cannot answer.
#[derive(thiserror::Error, Clone, Debug)]
pub enum InferError {
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// The file is sound, but tract cannot run it.
    #[error("This model cannot be run here: {0}")]
    Engine(String),
    /// The file is sound, but holds an operator that tract does not have.
    #[error("This model needs the operator {operator} (at {node}), which Hearth does not have.")]
    Operator { operator: String, node: String },
    #[error(
        "This model outputs {0}; Hearth needs one list of numbers for each image, one number for each class."
    )]
    NoAnswer(String),
    #[error(
        "This model outputs one number, {0}, with no sigmoid behind it: what it says of an image cannot be told."
    )]
    OneNumber(String),
    #[error("The model has no output called {0}.")]
    NoOutput(String),
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
            InferError::Operator { .. } => "onnx-operator",
            InferError::OneNumber(_) => "onnx-one-number",
            InferError::NoAnswer(_) => "onnx-no-answer",
            InferError::NoOutput(_) => "output-missing",
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
            InferError::Operator { operator, node } => vec![operator.clone(), node.clone()],
            InferError::NoAnswer(text)
            | InferError::OneNumber(text)
            | InferError::Engine(text)
            | InferError::NoOutput(text) => {
                vec![text.clone()]
            }
            _ => Vec::new(),
        }
    }
}
