//! What a graph does to its image before anything else: files that bring bytes to a smaller range themselves want bytes.

use std::collections::HashMap;

use super::convert::floats_of;
use super::input::image_input;
use super::proto::TensorProto;
use super::read::{decode, not_onnx};
use super::{Metadata, OnnxError};

/// Beyond this a divisor is one that brings bytes to a smaller range.
const LEAST: f32 = 32.0;

/// What the first operators do.
#[derive(Clone, Debug, PartialEq)]
pub enum FirstStep {
    /// They bring bytes to a smaller range.
    Scales { operator: String },
    /// They take the image as it comes.
    Takes,
}

/// # Errors
/// If the file is broken.
pub fn first_steps(file: &[u8]) -> Result<FirstStep, OnnxError> {
    let model = decode(file)?;
    let graph = model.graph.as_ref().ok_or_else(not_onnx)?;
    let metadata = Metadata::of(&model.metadata_props);
    let mut image = image_input(graph, metadata.size)?.name;
    let initial = graph.initializer.iter().map(|t| (t.name.as_str(), t));
    let given = graph.node.iter().filter(|node| node.op_type == "Constant");
    let given = given.filter_map(|node| {
        let value = node.attribute.iter().find_map(|a| a.t.as_ref())?;
        Some((node.output.first()?.as_str(), value))
    });
    let constants: HashMap<&str, &TensorProto> = initial.chain(given).collect();
    for node in &graph.node {
        let place = node.input.iter().position(|name| *name == image);
        let (Some(place), Some(output)) = (place, node.output.first()) else {
            continue;
        };
        // The largest number that the operator calculates with, whatever its sign.
        let other = node.input.get(1 - place.min(1));
        let other = other.and_then(|name| constants.get(name.as_str()));
        let largest = other.map(|tensor| {
            let values = floats_of(tensor);
            values.into_iter().map(f32::abs).fold(0.0, f32::max)
        });
        let scales = match (node.op_type.as_str(), largest) {
            ("Div", Some(divisor)) => divisor >= LEAST && divisor.is_finite(),
            ("Mul", Some(factor)) => factor > 0.0 && factor <= 1.0 / LEAST,
            ("Sub" | "Add", Some(offset)) => offset >= LEAST,
            _ => false,
        };
        if scales {
            return Ok(FirstStep::Scales {
                operator: node.op_type.clone(),
            });
        }
        match node.op_type.as_str() {
            "Identity" | "Cast" | "Transpose" | "Reshape" | "Sub" | "Add" | "Mul" | "Div"
            | "Squeeze" | "Unsqueeze" | "Pad" | "Resize" | "Flatten" => image.clone_from(output),
            _ => break,
        }
    }
    Ok(FirstStep::Takes)
}
