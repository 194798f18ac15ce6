//! A file's graph as it is, branches and all: the operators that an image goes through, to look at what each outputs.

use std::collections::HashSet;

use super::network::Walk;
use super::proto::GraphProto;
use super::read::{decode, facts, malformed};
use super::{Facts, NOVELTY, OnnxError};
use crate::model::LayerSpec;
use crate::model::weights::Weight;

/// One output of an operator, if it depends on the image.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// As ONNX calls it.
    pub kind: String,
    /// The tensor that it outputs.
    pub tensor: String,
    /// The tensors that it takes and that depend on the image.
    pub inputs: Vec<String>,
    /// The layer of Hearth's that outputs it. Of padding that is larger on one side, that before the first row and column.
    pub layer: Option<LayerSpec>,
    /// That layer's, by the names of layer 0.
    pub weights: Vec<Weight>,
    /// Between which numbers `Clip` keeps its values.
    pub bounds: Option<[f32; 2]>,
}

/// Of each operator, whether only a score of novelty needs it: that judges the network, and is no part of it.
fn beside_the_answer(graph: &GraphProto, facts: &Facts) -> Vec<bool> {
    let scores = facts.metadata.reject.is_some();
    let score = |output: &String| scores && output == NOVELTY;
    let all = facts.outputs.iter();
    let (scores, others): (Vec<_>, Vec<_>) = all.partition(|output| score(output));
    let needed = |outputs: Vec<&String>| {
        let mut needed: HashSet<&str> = outputs.into_iter().map(String::as_str).collect();
        // Operators stand behind those that they take from.
        let nodes = graph.node.iter().rev().map(|node| {
            let is_needed = node
                .output
                .iter()
                .any(|name| needed.contains(name.as_str()));
            if is_needed {
                needed.extend(node.input.iter().map(String::as_str));
            }
            is_needed
        });
        nodes.collect::<Vec<bool>>()
    };
    let both = needed(scores).into_iter().zip(needed(others));
    let mut beside: Vec<bool> = both.map(|(score, other)| score && !other).collect();
    beside.reverse();
    beside
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
    let beside = beside_the_answer(graph, &facts);
    let taken = graph.node.iter().flat_map(|node| &node.input);
    let given = graph.output.iter().map(|output| &output.name);
    // What some operators output for their own training, nobody asks for.
    let used: HashSet<&str> = taken.chain(given).map(String::as_str).collect();
    // Those that depend on the image.
    let mut known: HashSet<&str> = HashSet::from([facts.input_name.as_str()]);
    let mut all = Vec::new();
    for (node, _) in graph.node.iter().zip(beside).filter(|(_, beside)| !beside) {
        let inputs: Vec<String> = node
            .input
            .iter()
            .filter(|name| known.contains(name.as_str()))
            .cloned()
            .collect();
        let (Some(tensor), false) = (node.output.first(), inputs.is_empty()) else {
            continue;
        };
        known.insert(tensor);
        let (layer, weights) = match walk.alone(node) {
            Some((layer, weights)) => (Some(layer), weights),
            None => (None, Vec::new()),
        };
        let bounds = match node.op_type.as_str() {
            "Clip" => walk.bounds(node),
            _ => None,
        };
        let others = node.output.iter().skip(1);
        let others: Vec<&String> = others.filter(|name| used.contains(name.as_str())).collect();
        all.push(Operator {
            kind: node.op_type.clone(),
            tensor: tensor.clone(),
            inputs: inputs.clone(),
            layer,
            weights,
            bounds,
        });
        for other in others {
            known.insert(other);
            all.push(Operator {
                kind: node.op_type.clone(),
                tensor: other.clone(),
                inputs: inputs.clone(),
                layer: None,
                weights: Vec::new(),
                bounds: None,
            });
        }
    }
    Ok(all)
}
