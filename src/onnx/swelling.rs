//! What a few bytes of a file would become: operators that make large tensors of small ones, refused before an engine
//! works them out when it opens the file.

use std::collections::HashMap;

use super::proto::{GraphProto, INT32, INT64, NodeProto, TensorProto};
use super::read::called;
use super::{OnnxError, OnnxErrorKind};

/// The most values that one operator may make of what the file keeps: 256 MB of floats.
const MOST: f64 = 64e6;
/// Graphs within operators deeper than this are a mistake or an attack.
const DEEPEST: usize = 16;
/// The most operators, weights and other tensors that a graph may list.
pub(super) const MOST_NODES: usize = 100_000;

/// # Errors
/// If an operator makes too much, or there are too many of them, or one within another without end.
pub(super) fn check(graph: &GraphProto) -> Result<(), OnnxError> {
    let mut nodes = 0;
    check_within(graph, 0, &mut nodes)
}

fn check_within(graph: &GraphProto, depth: usize, nodes: &mut usize) -> Result<(), OnnxError> {
    if depth > DEEPEST {
        return Err(OnnxError::coded(
            OnnxErrorKind::Malformed,
            "onnx-deep",
            Vec::new(),
            "This model has operators within operators without end.",
        ));
    }
    *nodes += graph.node.len();
    if *nodes > MOST_NODES {
        return Err(too_many(*nodes));
    }
    let initial = graph.initializer.iter().map(|t| (t.name.as_str(), t));
    let constants = graph.node.iter().filter_map(|node| {
        let value = node.attribute.iter().find_map(|a| a.t.as_ref());
        let is_constant = node.op_type == "Constant";
        Some((
            node.output.first()?.as_str(),
            value.filter(|_| is_constant)?,
        ))
    });
    let kept: HashMap<&str, &TensorProto> = initial.chain(constants).collect();
    for node in &graph.node {
        let values = made(node, &kept);
        if values > MOST {
            let megabytes = format!("{:.0}", values * 4.0 / 1e6);
            return Err(OnnxError::coded(
                OnnxErrorKind::TooLarge,
                "onnx-memory",
                vec![called(node), megabytes.clone()],
                format!(
                    "The operator {} would make {megabytes} MB out of a few numbers.",
                    called(node)
                ),
            ));
        }
        for attribute in &node.attribute {
            for inner in attribute.g.iter().chain(&attribute.graphs) {
                check_within(inner, depth + 1, nodes)?;
            }
        }
    }
    Ok(())
}

pub(super) fn too_many(nodes: usize) -> OnnxError {
    OnnxError::coded(
        OnnxErrorKind::TooLarge,
        "onnx-nodes",
        vec![nodes.to_string(), MOST_NODES.to_string()],
        format!("This model lists {nodes} operators and tensors; Hearth opens up to {MOST_NODES}."),
    )
}

/// The values that an operator makes at least, as far as what the file keeps tells.
fn made(node: &NodeProto, kept: &HashMap<&str, &TensorProto>) -> f64 {
    let tensor = |place: usize| {
        let name = node.input.get(place)?;
        kept.get(name.as_str()).copied()
    };
    let product = |place: usize| tensor(place).map_or(0.0, |tensor| size(whole(tensor)));
    let attribute = |name: &str| node.attribute.iter().find(|a| a.name == name);
    match node.op_type.as_str() {
        "ConstantOfShape" => product(0),
        "Expand" | "Reshape" => product(1),
        "Tile" => {
            let own = tensor(0).map_or(1.0, |tensor| size(tensor.dims.iter().copied()));
            own * product(1)
        }
        "Resize" | "Upsample" => {
            let last = node.input.len().saturating_sub(1);
            let scales = tensor(last).map(super::convert::floats_of);
            let scales = scales.filter(|scales| !scales.is_empty());
            let scaled = scales.map_or(0.0, |scales| {
                scales.into_iter().map(f64::from).product::<f64>()
            });
            scaled.max(product(last))
        }
        "RandomNormal" | "RandomUniform" => {
            attribute("shape").map_or(0.0, |shape| size(shape.ints.iter().copied()))
        }
        "OneHot" => product(1),
        "Range" => {
            let number = |place: usize| {
                let tensor = tensor(place)?;
                let float = super::convert::floats_of(tensor)
                    .first()
                    .map(|&v| f64::from(v));
                float.or_else(|| whole(tensor).next().map(|v| v as f64))
            };
            match (number(0), number(1), number(2)) {
                (Some(start), Some(end), Some(step)) => ((end - start) / step).abs(),
                _ => 0.0,
            }
        }
        "Pad" => {
            let given = attribute("pads").map(|pads| pads.ints.clone());
            let pads = given.or_else(|| Some(whole(tensor(1)?).collect()));
            pads.map_or(0.0, |pads| {
                pads.into_iter()
                    .map(|p| p.unsigned_abs() as f64)
                    .fold(0.0, f64::max)
            })
        }
        _ => 0.0,
    }
}

/// Sides that are left open count as 1.
fn size(sides: impl Iterator<Item = i64>) -> f64 {
    sides.map(|side| side.max(1) as f64).product()
}

/// The whole numbers that a tensor keeps; none of another type.
fn whole(tensor: &TensorProto) -> Box<dyn Iterator<Item = i64> + '_> {
    let raw = tensor.raw_data.as_slice();
    match tensor.data_type {
        INT64 => {
            let raw = raw.as_chunks::<8>().0.iter();
            let raw = raw.map(|&bytes| i64::from_le_bytes(bytes));
            Box::new(tensor.int64_data.iter().copied().chain(raw))
        }
        INT32 => {
            let raw = raw.as_chunks::<4>().0.iter();
            let raw = raw.map(|&bytes| i64::from(i32::from_le_bytes(bytes)));
            Box::new(tensor.int32_data.iter().map(|&v| i64::from(v)).chain(raw))
        }
        _ => Box::new(std::iter::empty()),
    }
}
