//! Arithmetic on whole numbers and truths, which the engine knows less of than of floats.

use super::builder::{Builder, get, input, output};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::{BOOL, FLOAT, INT32, INT64, NodeProto};

/// Up to the sixth opset an attribute said which sides of two tensors belong together; the engine goes by the last ones.
pub(super) fn aligned(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    if get(&node, "axis").is_some() {
        return Err(no_setting(&node.op_type, "axis"));
    }
    builder.keep(node);
    Ok(())
}

/// As floats, if either is of whole numbers.
pub(super) fn pow(builder: &mut Builder, node: NodeProto) {
    let [base, exponent] = [0, 1].map(|place| input(&node, place).unwrap_or("").to_owned());
    let whole = [&base, &exponent].map(|name| builder.kinds.is_whole(name));
    if whole == [false, false] {
        builder.keep(node);
        return;
    }
    let as_float = |builder: &mut Builder, name: &str, whole: bool| match whole {
        true => builder.cast(name, FLOAT),
        false => name.to_owned(),
    };
    let [a, b] = [(&base, whole[0]), (&exponent, whole[1])]
        .map(|(name, whole)| as_float(builder, name, whole));
    match builder.kinds.of(&base).filter(|_| whole[0]) {
        None => builder.add_as(output(&node), "Pow", &[&a, &b], Vec::new()),
        Some(data_type) => {
            let power = builder.add("Pow", &[&a, &b], Vec::new());
            builder.cast_as(output(&node), &power, data_type);
        }
    }
}

/// Whole numbers are divided by what is known not to be 0: the engine stops on it. Those of 64 bits it takes for sides of
/// shapes, which have no sign.
pub(super) fn division(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    let [x, by] = [0, 1].map(|place| input(&node, place).unwrap_or("").to_owned());
    if !builder.kinds.is_whole(&x) {
        return aligned(builder, node);
    }
    let zero = builder.known.ints(&by).is_some_and(|all| all.contains(&0));
    if zero || builder.kinds.is_of_image(&by) {
        return Err(no_setting(&node.op_type, "whole numbers that may be 0"));
    }
    if builder.kinds.of(&x) != Some(INT64) || !builder.kinds.is_of_image(&x) {
        builder.keep(node);
        return Ok(());
    }
    node.input = [&x, &by].map(|name| builder.cast(name, INT32)).to_vec();
    narrow(builder, node, INT64);
    Ok(())
}

/// The largest of whole numbers of 64 bits.
pub(super) fn top_k(builder: &mut Builder, mut node: NodeProto) {
    let x = input(&node, 0).unwrap_or("").to_owned();
    if builder.kinds.of(&x) == Some(INT64) {
        node.input[0] = builder.cast(&x, INT32);
        narrow(builder, node, INT64);
        return;
    }
    builder.keep(node);
}

/// The engine finds the largest of numbers, not of truths.
pub(super) fn reduction(builder: &mut Builder, mut node: NodeProto) {
    let x = input(&node, 0).unwrap_or("").to_owned();
    if builder.kinds.of(&x) == Some(BOOL) {
        node.input[0] = builder.cast(&x, INT32);
        narrow(builder, node, BOOL);
        return;
    }
    builder.keep(node);
}

/// Keeps an operator whose first output is made a type that it was before.
fn narrow(builder: &mut Builder, mut node: NodeProto, data_type: i32) {
    let name = output(&node).to_owned();
    let inner = builder.name();
    if let Some(first) = node.output.first_mut() {
        first.clone_from(&inner);
    }
    builder.keep(node);
    builder.cast_as(&name, &inner, data_type);
}
