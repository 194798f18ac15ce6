//! The file. Training ends in one, every prediction begins with one; labels, preprocessing, architecture, recipe and
//! history are inside ([`Metadata`]), so that nothing else needs to be kept.

mod checkpoint;
mod error;
mod metadata;
mod network;
mod operators;
mod proto;
mod read;
mod tensor;
mod write;

pub use checkpoint::{Checkpoint, Position};
pub use error::{OnnxError, OnnxErrorKind};
pub use metadata::{Metadata, TestFacts};
pub use network::{NetworkFile, network};
pub use operators::{Operator, operators};
pub use read::{Facts, MAX_BYTES, read};
pub use write::{FEATURES, INPUT, LOGITS, OPSET, PROBABILITIES, write, write_checkpoint};

use prost::Message;

/// The same file with `facts` about a test written into its metadata. For files that Hearth has written: of others,
/// what the messages here do not declare would be lost.
///
/// # Errors
/// Where the file is no ONNX.
pub fn with_test(file: &[u8], facts: TestFacts) -> Result<Vec<u8>, OnnxError> {
    read(file)?;
    let mut model = proto::ModelProto::decode(file)
        .map_err(|error| OnnxError::new(OnnxErrorKind::NotOnnx, error.to_string()))?;
    let metadata = Metadata {
        test: Some(facts),
        ..Metadata::default()
    };
    let entry = metadata.entries().pop();
    model
        .metadata_props
        .retain(|kept| entry.as_ref().is_none_or(|entry| entry.key != kept.key));
    model.metadata_props.extend(entry);
    Ok(model.encode_to_vec())
}
