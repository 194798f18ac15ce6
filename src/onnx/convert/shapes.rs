//! What a file says of the shapes of inner tensors. An engine works them out itself; what is written there contradicts it as
//! soon as it fixes a batch that the file leaves open.

use crate::onnx::proto::{GraphProto, TypeProto};

pub(super) fn forget(graph: &mut GraphProto) {
    graph.value_info = Vec::new();
    for output in &mut graph.output {
        output.r#type = Some(TypeProto::default());
    }
    for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
        for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
            forget_within(inner);
        }
    }
}

/// The inputs of a graph within an operator say what `Loop` and `Scan` hand on: they stay.
fn forget_within(graph: &mut GraphProto) {
    graph.value_info = Vec::new();
    for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
        for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
            forget_within(inner);
        }
    }
}
