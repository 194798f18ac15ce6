//! Pools of other norms than the mean and the most.

use super::builder::{
    Builder, get, get_int, get_string, input, int, ints, is_set, output, without,
};
use crate::onnx::proto::NodeProto;

/// The p-th root of a window's mean of |x|ᵖ times its size; what is around the image counts as zeros.
pub(super) fn lp_pool(builder: &mut Builder, node: &NodeProto) {
    let kernel = get(node, "kernel_shape").map_or(&[][..], |a| &a.ints);
    let size: f64 = kernel.iter().map(|&side| side as f64).product();
    let same = get_string(node, "auto_pad").starts_with("SAME");
    let ceil = is_set(node, "ceil_mode") && !same;
    let mut attributes = without(node, &["p", "ceil_mode"]);
    attributes.push(int("count_include_pad", 1));
    if ceil {
        attributes.retain(|a| a.name != "pads");
        attributes.push(ints("pads", &with_rest(node, kernel.len())));
    }
    let powers = powers(builder, node);
    let mean = builder.add("AveragePool", &[&powers], attributes);
    let size = builder.float(size as f32);
    let mut sum = builder.add("Mul", &[&mean, &size], Vec::new());
    if ceil {
        sum = like_most(builder, node, &sum, kernel.len());
    }
    root(builder, node, &sum);
}

/// The pads of a pool with the largest rest that a window may go beyond them.
fn with_rest(node: &NodeProto, sides: usize) -> Vec<i64> {
    let own = |name: &str, place: usize| get(node, name)?.ints.get(place).copied();
    let before = (0..sides).map(|side| own("pads", side).unwrap_or(0));
    let behind = (0..sides).map(|side| {
        let stride = own("strides", side).unwrap_or(1);
        own("pads", sides + side).unwrap_or(0) + stride - 1
    });
    before.chain(behind).collect()
}

/// As much of a tensor as a pool of the most with the same settings has.
fn like_most(builder: &mut Builder, node: &NodeProto, sum: &str, sides: usize) -> String {
    let x = input(node, 0).unwrap_or("");
    let most = builder.add("MaxPool", &[x], without(node, &["p"]));
    let shape = builder.add("Shape", &[&most], Vec::new());
    let end = builder.slice(&shape, &[0], &[2], &[i64::MAX]);
    let start = builder.ints(&vec![0; sides]);
    let axes: Vec<i64> = (2..2 + sides as i64).collect();
    let axes = builder.ints(&axes);
    builder.add("Slice", &[sum, &start, &end, &axes], Vec::new())
}

pub(super) fn global_lp_pool(builder: &mut Builder, node: &NodeProto) {
    let x = input(node, 0).unwrap_or("");
    let powers = powers(builder, node);
    // The mean of ones is 1 whatever the size: the size itself is what makes a sum of a mean.
    let mean = builder.add("GlobalAveragePool", &[&powers], Vec::new());
    let shape = builder.add("Shape", &[x], Vec::new());
    let sides = builder.slice(&shape, &[0], &[2], &[i64::MAX]);
    let sides = builder.add("Cast", &[&sides], vec![int("to", 1)]);
    let size = builder.add("ReduceProd", &[&sides], vec![int("keepdims", 0)]);
    let sum = builder.add("Mul", &[&mean, &size], Vec::new());
    root(builder, node, &sum);
}

fn powers(builder: &mut Builder, node: &NodeProto) -> String {
    let x = input(node, 0).unwrap_or("");
    let p = builder.float(get_int(node, "p", 2) as f32);
    let absolute = builder.add("Abs", &[x], Vec::new());
    builder.add("Pow", &[&absolute, &p], Vec::new())
}

fn root(builder: &mut Builder, node: &NodeProto, sum: &str) {
    let exponent = builder.float(1.0 / get_int(node, "p", 2) as f32);
    builder.add_as(output(node), "Pow", &[sum, &exponent], Vec::new());
}

/// The largest of windows of an image whose channels come last.
pub(super) fn channels_last(builder: &mut Builder, node: &NodeProto) {
    let x = input(node, 0).unwrap_or("");
    let first = builder.add("Transpose", &[x], vec![ints("perm", &[0, 3, 1, 2])]);
    let most = builder.add("MaxPool", &[&first], node.attribute.clone());
    let last = vec![ints("perm", &[0, 2, 3, 1])];
    builder.add_as(output(node), "Transpose", &[&most], last);
}
