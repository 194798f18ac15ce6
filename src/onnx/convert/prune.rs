//! What nobody asks for, left out: an engine refuses a file for operators that it lacks, though their outputs go nowhere.

use std::collections::HashSet;

use crate::onnx::proto::{GraphProto, NodeProto, TypeProto, ValueInfoProto};

/// Keeps what `tensors` need, and makes them the graph's outputs.
pub(super) fn keep(graph: &mut GraphProto, tensors: &[&str]) {
    let mut needed: HashSet<String> = tensors.iter().map(|&name| name.to_owned()).collect();
    // Operators stand behind those that they take from.
    let mut kept: Vec<NodeProto> = Vec::with_capacity(graph.node.len());
    for node in std::mem::take(&mut graph.node).into_iter().rev() {
        if node.output.iter().any(|name| needed.contains(name)) {
            takes(&node, &mut needed);
            kept.push(node);
        }
    }
    kept.reverse();
    graph.node = kept;
    graph
        .initializer
        .retain(|tensor| needed.contains(&tensor.name));
    graph.output = tensors
        .iter()
        .map(|&name| ValueInfoProto {
            name: name.to_owned(),
            r#type: Some(TypeProto::default()),
        })
        .collect();
}

/// Whether there is such a tensor.
pub(super) fn makes(graph: &GraphProto, tensor: &str) -> bool {
    let made = graph.node.iter().flat_map(|node| &node.output);
    let given = graph.input.iter().map(|input| &input.name);
    let kept = graph.initializer.iter().map(|weights| &weights.name);
    made.chain(given).chain(kept).any(|name| name == tensor)
}

/// What an operator takes, the graphs within it among them.
fn takes(node: &NodeProto, names: &mut HashSet<String>) {
    names.extend(node.input.iter().filter(|name| !name.is_empty()).cloned());
    for attribute in &node.attribute {
        for inner in attribute.g.iter().chain(&attribute.graphs) {
            names.extend(inner.output.iter().map(|output| output.name.clone()));
            for node in &inner.node {
                takes(node, names);
            }
        }
    }
}
