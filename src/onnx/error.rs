/// Why a file is not one that Hearth can run.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{message}")]
pub struct OnnxError {
    kind: OnnxErrorKind,
    code: &'static str,
    values: Vec<String>,
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

impl OnnxErrorKind {
    /// Stable, for programs, of errors that have no code of their own.
    fn code(self) -> &'static str {
        match self {
            OnnxErrorKind::NotOnnx => "onnx-unreadable",
            OnnxErrorKind::TooLarge => "onnx-too-large",
            OnnxErrorKind::Malformed => "onnx-malformed",
            OnnxErrorKind::Unsupported => "onnx-unsupported",
            OnnxErrorKind::NotFinite => "weights-not-finite",
        }
    }
}

impl OnnxError {
    pub(crate) fn new(kind: OnnxErrorKind, message: impl Into<String>) -> Self {
        OnnxError {
            kind,
            code: kind.code(),
            values: Vec::new(),
            message: message.into(),
        }
    }

    /// An error that pages say in their own languages: by its code, with what is particular to this file in `values`.
    pub(crate) fn coded(
        kind: OnnxErrorKind,
        code: &'static str,
        values: Vec<String>,
        message: impl Into<String>,
    ) -> Self {
        OnnxError {
            kind,
            code,
            values,
            message: message.into(),
        }
    }

    pub fn kind(&self) -> OnnxErrorKind {
        self.kind
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the sentence says of this file (names, sizes), in the order that goes with the code.
    pub fn values(&self) -> &[String] {
        &self.values
    }
}
