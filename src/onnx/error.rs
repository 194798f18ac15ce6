/// Why a file is not one that Hearth can run.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{message}")]
pub struct OnnxError {
    kind: OnnxErrorKind,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnnxErrorKind {
    /// No ONNX at all, or cut short.
    NotOnnx,
    TooLarge,
    /// ONNX whose parts contradict each other.
    Malformed,
    /// Sound ONNX of a kind that Hearth does not run.
    Unsupported,
    /// Weights that are no numbers.
    NotFinite,
}

impl OnnxError {
    pub(crate) fn new(kind: OnnxErrorKind, message: impl Into<String>) -> Self {
        OnnxError {
            kind,
            message: message.into(),
        }
    }

    pub fn kind(&self) -> OnnxErrorKind {
        self.kind
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self.kind {
            OnnxErrorKind::NotOnnx => "onnx-unreadable",
            OnnxErrorKind::TooLarge => "onnx-too-large",
            OnnxErrorKind::Malformed => "onnx-malformed",
            OnnxErrorKind::Unsupported => "onnx-unsupported",
            OnnxErrorKind::NotFinite => "weights-not-finite",
        }
    }
}
