//! Operators on bytes: bytes to numbers, the operator on numbers, numbers to bytes.

use super::builder::{Builder, get_float, get_int, input, int, is_set, output, without};
use super::{linear, no_setting};
use crate::onnx::OnnxError;
use crate::onnx::proto::{FLOAT, NodeProto};

/// The number that an input stands for; its scale and zero are the two inputs behind it.
fn number(builder: &mut Builder, node: &NodeProto, place: usize, axis: i64) -> String {
    let names = (place..place + 3).map(|place| input(node, place));
    let inputs: Vec<&str> = names.flatten().collect();
    builder.add("DequantizeLinear", &inputs, vec![int("axis", axis)])
}

/// The node's output, of a number, with the scale and zero that are inputs from `place` on.
fn bytes(builder: &mut Builder, node: &NodeProto, y: &str, place: usize) {
    let scale = input(node, place).unwrap_or("");
    linear::divided(builder, output(node), y, scale, input(node, place + 1));
}

/// A bias of whole numbers, whose scale is that of what it is added to.
fn bias(builder: &mut Builder, node: &NodeProto, place: usize, alpha: f32) -> Option<String> {
    let name = input(node, place)?;
    let [x, w] = [1, 4].map(|place| input(node, place).unwrap_or(""));
    let scale = builder.add("Mul", &[x, w], Vec::new());
    let whole = builder.add("Cast", &[name], vec![int("to", FLOAT.into())]);
    let bias = builder.add("Mul", &[&whole, &scale], Vec::new());
    let alpha = builder.float(alpha);
    Some(builder.add("Mul", &[&bias, &alpha], Vec::new()))
}

pub(super) fn conv(builder: &mut Builder, node: &NodeProto) {
    let x = number(builder, node, 0, 1);
    let w = number(builder, node, 3, 0);
    let bias = bias(builder, node, 8, 1.0);
    let mut inputs = vec![x.as_str(), &w];
    inputs.extend(bias.as_deref());
    let y = builder.add("Conv", &inputs, node.attribute.clone());
    bytes(builder, node, &y, 6);
}

pub(super) fn mat_mul(builder: &mut Builder, node: &NodeProto) {
    let a = number(builder, node, 0, -2);
    let b = number(builder, node, 3, -1);
    let y = builder.add("MatMul", &[&a, &b], Vec::new());
    bytes(builder, node, &y, 6);
}

pub(super) fn gemm(builder: &mut Builder, node: &NodeProto) {
    let a = number(builder, node, 0, 1);
    let columns = i64::from(get_int(node, "transB", 0) == 0);
    let b = number(builder, node, 3, columns);
    let bias = bias(builder, node, 6, get_float(node, "alpha", 1.0));
    let mut inputs = vec![a.as_str(), &b];
    inputs.extend(bias.as_deref());
    if input(node, 7).is_none() {
        builder.add_as(output(node), "Gemm", &inputs, node.attribute.clone());
        return;
    }
    let y = builder.add("Gemm", &inputs, node.attribute.clone());
    bytes(builder, node, &y, 7);
}

pub(super) fn add(builder: &mut Builder, node: &NodeProto) {
    let a = number(builder, node, 0, 1);
    let b = number(builder, node, 3, 1);
    let y = builder.add("Add", &[&a, &b], Vec::new());
    bytes(builder, node, &y, 6);
}

/// Whole numbers first, which are exact; all scales are one factor.
pub(super) fn mul(builder: &mut Builder, node: &NodeProto) {
    let [a, b] = [0, 3].map(|place| whole(builder, node, place));
    let product = builder.add("Mul", &[&a, &b], Vec::new());
    let [a, b, y] = [1, 4, 6].map(|place| input(node, place).unwrap_or(""));
    let scale = builder.add("Mul", &[a, b], Vec::new());
    let scale = linear::quotient(builder, &scale, y);
    let steps = builder.add("Mul", &[&product, &scale], Vec::new());
    linear::whole(builder, output(node), &steps, input(node, 7));
}

/// An input's distance from its zero.
fn whole(builder: &mut Builder, node: &NodeProto, place: usize) -> String {
    let x = builder.cast(input(node, place).unwrap_or(""), FLOAT);
    match input(node, place + 2) {
        Some(zero) => {
            let zero = builder.cast(zero, FLOAT);
            builder.add("Sub", &[&x, &zero], Vec::new())
        }
        None => x,
    }
}

pub(super) fn concat(builder: &mut Builder, node: &NodeProto) {
    let places = (2..node.input.len()).step_by(3);
    let parts: Vec<String> = places
        .map(|place| number(builder, node, place, 1))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let y = builder.add("Concat", &parts, node.attribute.clone());
    bytes(builder, node, &y, 0);
}

pub(super) fn single(
    builder: &mut Builder,
    node: &NodeProto,
    operator: &str,
) -> Result<(), OnnxError> {
    if is_set(node, "channels_last") {
        return Err(no_setting(&node.op_type, "channels_last 1"));
    }
    // onnxruntime divides by the whole window there, even where it goes beyond the pads.
    if is_set(node, "ceil_mode") && is_set(node, "count_include_pad") {
        let both = "ceil_mode 1 and count_include_pad 1";
        return Err(no_setting(&node.op_type, both));
    }
    let x = number(builder, node, 0, 1);
    let y = builder.add(operator, &[&x], without(node, &["channels_last"]));
    bytes(builder, node, &y, 3);
    Ok(())
}

/// Over one axis as from the thirteenth opset on, or over all from one on as before it: the same if it is the last.
pub(super) fn softmax(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    let now = get_int(node, "opset", 13) >= 13;
    let axis = get_int(node, "axis", if now { -1 } else { 1 });
    let rank = input(node, 0).and_then(|x| builder.known.rank(x));
    let last = axis == -1 || rank.is_some_and(|rank| rank as i64 == axis + 1);
    if now != (builder.opset >= 13) && !last {
        return Err(no_setting(
            &node.op_type,
            format!("axis {axis} of another opset"),
        ));
    }
    let x = number(builder, node, 0, 1);
    let y = builder.add("Softmax", &[&x], vec![int("axis", axis)]);
    bytes(builder, node, &y, 3);
    Ok(())
}
