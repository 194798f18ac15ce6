//! A file's graph as it is, branches and all: the operators that an image goes through, to look at what each outputs.

use std::collections::HashMap;

use super::OnnxError;
use super::network::Walk;
use super::read::{decode, facts, malformed};
use crate::model::LayerSpec;
use crate::model::weights::Weight;

/// One operator whose output depends on the image.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// As ONNX calls it.
    pub kind: String,
    /// The tensor that it outputs.
    pub tensor: String,
    /// The tensors that it takes and that depend on the image.
    pub inputs: Vec<String>,
    /// The layer of Hearth's that it is. Of padding that is larger on one side, that before the first row and column.
    pub layer: Option<LayerSpec>,
    /// That layer's, by the names of layer 0.
    pub weights: Vec<Weight>,
    /// Between which numbers `Clip` keeps its values.
    pub bounds: Option<[f32; 2]>,
}

/// The operators from the image on, each after those that it takes from.
///
/// # Errors
/// Where the file is broken.
pub fn operators(file: &[u8]) -> Result<Vec<Operator>, OnnxError> {
    let model = decode(file)?;
    let facts = facts(&model, file.len())?;
    let graph = model
        .graph
        .as_ref()
        .ok_or_else(|| malformed("This model holds no network."))?;
    let mut walk = Walk::new(&model, graph);
    // What a tensor is called here: what an operator passes on unchanged keeps its name.
    let mut known: HashMap<&str, String> =
        HashMap::from([(facts.input_name.as_str(), facts.input_name.clone())]);
    let mut all = Vec::new();
    for node in &graph.node {
        let inputs: Vec<String> = node
            .input
            .iter()
            .filter_map(|name| known.get(name.as_str()).cloned())
            .collect();
        let (Some(tensor), Some(first)) = (node.output.first(), inputs.first()) else {
            continue;
        };
        if node.op_type == "Identity" {
            known.insert(tensor, first.clone());
            continue;
        }
        known.insert(tensor, tensor.clone());
        let (layer, weights) = match walk.alone(node) {
            Some((layer, weights)) => (Some(layer), weights),
            None => (None, Vec::new()),
        };
        let bound = |place: usize, missing: f32| match node.input.get(place) {
            Some(name) if !name.is_empty() => walk.number(node, place),
            _ => Some(missing),
        };
        let bounds = bound(1, f32::NEG_INFINITY).zip(bound(2, f32::INFINITY));
        all.push(Operator {
            kind: node.op_type.clone(),
            tensor: tensor.clone(),
            inputs,
            layer,
            weights,
            bounds: bounds
                .filter(|_| node.op_type == "Clip")
                .map(|(least, most)| [least, most]),
        });
    }
    Ok(all)
}
