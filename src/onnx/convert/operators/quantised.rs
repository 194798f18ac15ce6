//! Operators on bytes: bytes to numbers, the operator on numbers, numbers to bytes.

use super::builder::{Builder, get_float, get_int, input, int, is_set, output, without};
use super::{linear, no_setting};
use crate::onnx::OnnxError;
use crate::onnx::proto::{FLOAT, NodeProto};

/// More have no zeros of their own.
const MOST_CHANNELS: i64 = 1 << 16;

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

/// Weights' distances from their zeros, in the form in which those that a file keeps are unpacked.
fn weights(builder: &mut Builder, node: &NodeProto, place: usize, axis: i64) -> String {
    let zero = input(node, place + 2);
    let zeros = match zero.and_then(|zero| builder.known.dims(zero)) {
        Some(&[count @ 2..=MOST_CHANNELS]) => count as usize,
        _ => 1,
    };
    let one = match zeros {
        1 => builder.float(1.0),
        count => builder.floats(&vec![1.0; count]),
    };
    let names = [input(node, place), Some(&one), zero];
    let inputs: Vec<&str> = names.into_iter().flatten().collect();
    builder.add("DequantizeLinear", &inputs, vec![int("axis", axis)])
}

/// What a step of a product is worth: the scales of the first and of the fourth input, multiplied.
fn worth(builder: &mut Builder, node: &NodeProto) -> String {
    let [a, b] = [1, 4].map(|place| input(node, place).unwrap_or(""));
    builder.add("Mul", &[a, b], Vec::new())
}

/// Sums of whole numbers, which are exact, as steps of the output: all scales are one factor, as in onnxruntime, so that what
/// is half-way between two bytes becomes the same one.
fn steps(builder: &mut Builder, node: &NodeProto, sum: &str, worth: &str, place: usize) {
    let factor = linear::quotient(builder, worth, input(node, place).unwrap_or(""));
    let steps = builder.add("Mul", &[sum, &factor], Vec::new());
    linear::whole(builder, output(node), &steps, input(node, place + 1));
}

/// A bias is a whole number, too, of what a product of steps is worth.
fn whole_bias(builder: &mut Builder, node: &NodeProto, place: usize) -> Option<String> {
    input(node, place).map(|name| builder.cast(name, FLOAT))
}

pub(super) fn conv(builder: &mut Builder, node: &NodeProto) {
    let x = whole(builder, node, 0);
    let w = weights(builder, node, 3, 0);
    let bias = whole_bias(builder, node, 8);
    let mut inputs = vec![x.as_str(), &w];
    inputs.extend(bias.as_deref());
    let sum = builder.add("Conv", &inputs, node.attribute.clone());
    let mut worth = worth(builder, node);
    // Channels are in front of the sides.
    let sides = input(node, 3).and_then(|w| builder.known.dims(w));
    let sides = sides.map_or(2, |dims| dims.len().saturating_sub(2));
    let form = builder.ints(&[&[-1][..], &vec![1; sides]].concat());
    worth = builder.add("Reshape", &[&worth, &form], Vec::new());
    steps(builder, node, &sum, &worth, 6);
}

pub(super) fn mat_mul(builder: &mut Builder, node: &NodeProto) {
    let rows = input(node, 1).and_then(|scale| builder.known.dims(scale));
    if rows.is_some_and(|dims| dims.iter().any(|&side| side != 1)) {
        // Scales of rows are no factor of what stands behind the product.
        let a = number(builder, node, 0, -2);
        let b = number(builder, node, 3, -1);
        let y = builder.add("MatMul", &[&a, &b], Vec::new());
        return bytes(builder, node, &y, 6);
    }
    let a = whole(builder, node, 0);
    let b = weights(builder, node, 3, -1);
    let sum = builder.add("MatMul", &[&a, &b], Vec::new());
    let worth = worth(builder, node);
    steps(builder, node, &sum, &worth, 6);
}

pub(super) fn gemm(builder: &mut Builder, node: &NodeProto) {
    let a = whole(builder, node, 0);
    let columns = i64::from(get_int(node, "transB", 0) == 0);
    let b = weights(builder, node, 3, columns);
    let bias = whole_bias(builder, node, 6);
    let mut inputs = vec![a.as_str(), &b];
    inputs.extend(bias.as_deref());
    let sum = builder.add("Gemm", &inputs, without(node, &["alpha"]));
    let alpha = builder.float(get_float(node, "alpha", 1.0));
    let worth = worth(builder, node);
    let worth = builder.add("Mul", &[&worth, &alpha], Vec::new());
    match input(node, 7) {
        Some(_) => steps(builder, node, &sum, &worth, 7),
        None => builder.add_as(output(node), "Mul", &[&sum, &worth], Vec::new()),
    }
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
