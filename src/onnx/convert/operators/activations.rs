//! Functions of each number by itself.

use super::builder::{Builder, float, get_float, input, output};
use crate::onnx::proto::NodeProto;

/// α · Elu(x / α): the engine takes every α as 1.
pub(super) fn celu(builder: &mut Builder, node: &NodeProto) {
    let x = input(node, 0).unwrap_or("");
    let alpha = builder.float(get_float(node, "alpha", 1.0));
    let scaled = builder.add("Div", &[x, &alpha], Vec::new());
    let elu = builder.add("Elu", &[&scaled], vec![float("alpha", 1.0)]);
    builder.add_as(output(node), "Mul", &[&elu, &alpha], Vec::new());
}

/// x · Sigmoid(α x): as `celu`.
pub(super) fn swish(builder: &mut Builder, node: &NodeProto) {
    let x = input(node, 0).unwrap_or("");
    let alpha = builder.float(get_float(node, "alpha", 1.0));
    let scaled = builder.add("Mul", &[x, &alpha], Vec::new());
    let gate = builder.add("Sigmoid", &[&scaled], Vec::new());
    builder.add_as(output(node), "Mul", &[x, &gate], Vec::new());
}
