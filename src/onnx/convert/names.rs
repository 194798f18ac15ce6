//! Names of operators, each of which the engine wants once: other programs leave them out, or write one twice.

use std::collections::HashSet;

use crate::onnx::proto::GraphProto;

/// Calls each operator by the first tensor that it makes, which nothing else makes.
pub(super) fn unique(graph: &mut GraphProto) {
    let mut seen = HashSet::new();
    for node in &mut graph.node {
        let made = node.output.iter().find(|name| !name.is_empty());
        let name = made.map_or("hearth.nothing", String::as_str);
        node.name = format!("{name} ({})", node.op_type);
        if !seen.insert(node.name.clone()) {
            node.name = format!("{} {}", node.name, seen.len());
        }
        for attribute in &mut node.attribute {
            for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
                unique(inner);
            }
        }
    }
}
