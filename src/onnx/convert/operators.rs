//! Operators that the engine lacks, or computes otherwise than the standard says, in terms of those that it has.

use crate::onnx::OnnxError;
use crate::onnx::proto::ModelProto;

/// # Errors
/// If a setting of an operator can be given in no way, which names the operator and the setting.
pub(super) fn replace(model: &mut ModelProto) -> Result<(), OnnxError> {
    let _ = model;
    Ok(())
}
