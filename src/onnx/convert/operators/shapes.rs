//! Operators that give tensors another shape, or take parts of them.

use super::builder::{Builder, get, get_string, input, int, output};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::NodeProto;

/// The engine takes axes away in the order in which they are told, from the last: they must be told in order.
pub(super) fn squeeze(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    let named = input(&node, 1).and_then(|name| builder.known.ints(name));
    let own = get(&node, "axes").map(|axes| axes.ints.as_slice());
    let Some(axes) = named.or(own) else {
        builder.keep(node);
        return Ok(());
    };
    let mut axes = axes.to_vec();
    if axes.iter().any(|&axis| axis < 0) && axes.iter().any(|&axis| axis >= 0) {
        let rank = input(&node, 0).and_then(|x| builder.known.rank(x));
        let rank = rank.ok_or_else(|| no_setting("Squeeze", "axes from both ends"))? as i64;
        for axis in axes.iter_mut().filter(|axis| **axis < 0) {
            *axis += rank;
        }
    }
    axes.sort_unstable();
    axes.dedup();
    match node.input.get_mut(1) {
        Some(name) => *name = builder.ints(&axes),
        None => {
            for attribute in node.attribute.iter_mut().filter(|a| a.name == "axes") {
                attribute.ints = axes.clone();
            }
        }
    }
    builder.keep(node);
    Ok(())
}

/// The engine knows one order of the channels.
pub(super) fn space_to_depth(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    if get_string(&node, "mode") == "CRD" {
        return Err(no_setting("SpaceToDepth", "mode CRD"));
    }
    builder.keep(node);
    Ok(())
}

/// Between pixels at the border, the engine and onnxruntime count differently.
pub(super) fn grid_sample(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    let cubic = matches!(get_string(&node, "mode"), "cubic" | "bicubic");
    if cubic && get_string(&node, "padding_mode") == "border" {
        return Err(no_setting(
            "GridSample",
            "mode cubic and padding_mode border",
        ));
    }
    builder.keep(node);
    Ok(())
}

/// Places that there are not, the engine fails on.
pub(super) fn one_hot(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    let places = input(&node, 0).unwrap_or("");
    let depth = input(&node, 1).and_then(|name| builder.known.ints(name));
    let depth = depth.and_then(|depth| depth.first().copied());
    let is_within = match builder.known.ints(places) {
        Some(places) => depth.is_some_and(|depth| {
            let within = |place: &i64| (-depth..depth).contains(place);
            places.iter().all(within)
        }),
        None => matches!(builder.kinds.maker(places), "ArgMax" | "ArgMin"),
    };
    if !is_within {
        return Err(no_setting("OneHot", "places that may be outside"));
    }
    builder.keep(node);
    Ok(())
}

/// The product of two lists is one number: the engine knows those of matrices.
pub(super) fn mat_mul(builder: &mut Builder, node: NodeProto) {
    let [a, b] = [0, 1].map(|place| input(&node, place).unwrap_or(""));
    let is_list = |name: &str| builder.known.rank(name) == Some(1);
    if !(is_list(a) && is_list(b)) {
        builder.keep(node);
        return;
    }
    let products = builder.add("Mul", &[a, b], Vec::new());
    let keep = int("keepdims", 0);
    builder.add_as(output(&node), "ReduceSum", &[&products], vec![keep]);
}
