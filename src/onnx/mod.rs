//! The file. Training ends in one, every prediction begins with one; labels, preprocessing, architecture, recipe and
//! history are inside ([`Metadata`]), so that nothing else needs to be kept.

mod checkpoint;
mod convert;
mod endings;
mod error;
mod external;
mod foreign;
mod graft;
mod head;
mod input;
mod labels;
mod metadata;
mod network;
mod operators;
#[cfg(feature = "infer")]
mod outline;
mod parts;
mod proto;
mod raw;
mod read;
mod settings;
mod source;
mod steps;
mod swelling;
mod tail;
mod tensor;
mod write;

pub use checkpoint::{Checkpoint, Position};
pub use convert::converted;
pub use endings::{Ending, OutputFacts};
pub use error::{OnnxError, OnnxErrorKind};
pub use external::{external_files, with_external};
pub use foreign::{Format, foreign};
pub use graft::{DatasetFacts, backbone_id, with_head, with_novelty};
pub use labels::{LabelsError, labels};
pub use metadata::{Metadata, TestFacts};
pub use network::{NetworkFile, network};
pub use operators::{Operator, operators};
#[cfg(feature = "infer")]
pub(crate) use outline::{Declared, Outline, OutlineNode, outline};
pub use read::{Facts, MAX_BYTES, read};
pub use settings::{Settings, with_settings};
pub use source::{Element, Layout, Source};
pub use steps::{FirstStep, first_steps};
pub use tail::{Tail, TailCut, TailOperator, TailStep, tail, tail_cuts};
pub use write::{FEATURES, INPUT, LOGITS, NOVELTY, OPSET, PROBABILITIES, write, write_checkpoint};

/// The same file with `facts` about a test written into its metadata; all else stays as it is, byte for byte.
///
/// # Errors
/// If the file is no ONNX.
pub fn with_test(file: &[u8], facts: TestFacts) -> Result<Vec<u8>, OnnxError> {
    read(file)?;
    let entries = Metadata {
        test: Some(facts),
        ..Metadata::default()
    }
    .entries();
    let entries: Vec<_> = entries
        .into_iter()
        .filter(|e| e.key == metadata::TEST)
        .collect();
    let parts = parts::Parts::of(file)?;
    Ok(parts.file(&parts.same_graph(), |key| key == metadata::TEST, &entries))
}

/// Whether an operator of the file makes a tensor of this name.
///
/// # Errors
/// If the file is no ONNX.
pub fn makes(file: &[u8], tensor: &str) -> Result<bool, OnnxError> {
    Ok(parts::Parts::of(file)?.makes(tensor))
}
