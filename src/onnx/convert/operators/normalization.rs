//! Normalisation, and what only training needs of it.

use super::builder::{Builder, get_float, get_int, input, is_set, output};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::NodeProto;

/// Means and variances of each place, as up to the eighth opset.
pub(super) fn batch(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    // Before the fourteenth opset, more outputs meant training.
    if is_set(&node, "training_mode") || node.output.len() > 1 {
        return Err(no_setting("BatchNormalization", "training_mode 1"));
    }
    if get_int(&node, "spatial", 1) != 0 {
        builder.keep(node);
        return Ok(());
    }
    let [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map(|i| input(&node, i).unwrap_or(""));
    let epsilon = builder.float(get_float(&node, "epsilon", 1e-5));
    let variance = builder.add("Add", &[variance, &epsilon], Vec::new());
    let deviation = builder.add("Sqrt", &[&variance], Vec::new());
    let centred = builder.add("Sub", &[x, mean], Vec::new());
    let normed = builder.add("Div", &[&centred, &deviation], Vec::new());
    let scaled = builder.add("Mul", &[&normed, scale], Vec::new());
    builder.add_as(output(&node), "Add", &[&scaled, bias], Vec::new());
    Ok(())
}

/// Drops nothing, unless it is told to train.
pub(super) fn dropout(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    if let Some(training) = input(&node, 2) {
        let is_off = builder.known.bool(training) == Some(false);
        let ratio = input(&node, 1).and_then(|name| builder.known.floats(name));
        let is_none = ratio.is_some_and(|ratio| ratio == [0.0]);
        if !is_off && !is_none {
            return Err(no_setting("Dropout", "training_mode 1"));
        }
    }
    builder.keep(node);
    Ok(())
}
