//! Convolutions.

use super::builder::{Builder, get, get_string, input, ints, output, without};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::{INT64, NodeProto};

/// With `output_shape`, the engine gets other numbers: the whole output is made, and cut from both sides; where it is too
/// small, there is only the bias behind it.
pub(super) fn transposed(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    let Some(shape) = get(&node, "output_shape").filter(|a| !a.ints.is_empty()) else {
        builder.keep(node);
        return Ok(());
    };
    if builder.opset < 10 {
        return Err(no_setting("ConvTranspose", "output_shape before opset 10"));
    }
    let [x, w] = [0, 1].map(|place| input(&node, place).unwrap_or(""));
    // Some say the batch and the channels, too.
    let sides = builder
        .known
        .dims(w)
        .map_or(2, |dims| dims.len().max(2) - 2);
    let shape = &shape.ints[shape.ints.len().saturating_sub(sides)..];
    let attributes = without(&node, &["output_shape", "pads", "auto_pad"]);
    let whole = builder.add("ConvTranspose", &[x, w], attributes);
    let spare = spare(builder, &whole, shape);
    let mut start = spare;
    if get_string(&node, "auto_pad") != "SAME_UPPER" {
        let one = builder.int(1);
        start = builder.add("Add", &[&start, &one], Vec::new());
    }
    let [two, zero] = [2, 0].map(|value| builder.int(value));
    let start = builder.add("Max", &[&start, &zero], Vec::new());
    let start = builder.add("Div", &[&start, &two], Vec::new());
    let wanted = builder.ints(shape);
    let end = builder.add("Add", &[&start, &wanted], Vec::new());
    let axes: Vec<i64> = (2..2 + shape.len() as i64).collect();
    let axes = builder.ints(&axes);
    let large = padded(builder, &whole, shape);
    let cut = [large.as_str(), &start, &end, &axes];
    let Some(bias) = input(&node, 2) else {
        builder.add_as(output(&node), "Slice", &cut, Vec::new());
        return Ok(());
    };
    let y = builder.add("Slice", &cut, Vec::new());
    let form = builder.ints(&[&[-1][..], &vec![1; shape.len()]].concat());
    let bias = builder.add("Reshape", &[bias, &form], Vec::new());
    builder.add_as(output(&node), "Add", &[&y, &bias], Vec::new());
    Ok(())
}

/// By how much the sides of a tensor are larger than those of `shape`.
fn spare(builder: &mut Builder, whole: &str, shape: &[i64]) -> String {
    let size = builder.add("Shape", &[whole], Vec::new());
    let size = builder.slice(&size, &[0], &[2], &[i64::MAX]);
    let size = builder.cast(&size, INT64);
    let wanted = builder.ints(shape);
    builder.add("Sub", &[&size, &wanted], Vec::new())
}

/// With as many zeros behind it as could be wanted.
fn padded(builder: &mut Builder, whole: &str, shape: &[i64]) -> String {
    let before = vec![0; 2 + shape.len()];
    let pads = [&before[..], &[0, 0], shape].concat();
    if builder.opset < 11 {
        return builder.add("Pad", &[whole], vec![ints("pads", &pads)]);
    }
    let pads = builder.ints(&pads);
    builder.add("Pad", &[whole, &pads], Vec::new())
}
