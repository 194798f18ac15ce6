//! What a file says of itself, checked before any engine sees it: a file may come from anyone, and engines panic on
//! names, sizes and pads that contradict each other.

use std::collections::HashSet;

use prost::Message;

use super::checkpoint::OPTIMIZER;
use super::proto::{
    AttributeProto, FLOAT, GraphProto, INT64, ModelProto, NodeProto, TensorProto, ValueInfoProto,
};
use super::tensor::elements;
use super::{Metadata, OnnxError, OnnxErrorKind, Source};
use crate::model::{ImageShape, Preprocessing};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 200_000_000;
/// Before the names of a score of novelty's numbers.
const SCORE: &str = "novelty.";
/// Beyond this a kernel, stride or pad is a mistake or an attack.
const MAX_WINDOW: i64 = 1024;

/// A file's contents but for its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub name: String,
    pub metadata: Metadata,
    pub input_name: String,
    pub input: ImageShape,
    /// How the file itself takes images.
    pub source: Source,
    pub outputs: Vec<String>,
    /// Values in all initialisers that can be weights, but those of a training's state and of a score of novelty.
    pub parameters: usize,
    pub bytes: usize,
    /// The operators in use, each once, in the order of their first use.
    pub operators: Vec<String>,
}

impl Facts {
    /// As the file says; if it does not, grey images are taken for digits, coloured ones for photos.
    pub fn preprocessing(&self) -> Preprocessing {
        let own = self.metadata.spec.as_ref().map(|spec| spec.preprocessing);
        own.or(self.metadata.preprocessing)
            .unwrap_or_else(|| Preprocessing::of_shape(self.input.dims()))
    }
}

/// Reads and checks the file.
///
/// # Errors
/// One sentence on what is wrong with it.
pub fn read(file: &[u8]) -> Result<Facts, OnnxError> {
    let model = decode(file)?;
    facts(&model, file.len())
}

/// The messages, with nothing checked but the size.
pub(super) fn decode(file: &[u8]) -> Result<ModelProto, OnnxError> {
    if file.len() > MAX_BYTES {
        return Err(OnnxError::new(
            OnnxErrorKind::TooLarge,
            format!(
                "This file has {} MB; Hearth opens models of up to {} MB.",
                file.len() / 1_000_000,
                MAX_BYTES / 1_000_000
            ),
        ));
    }
    ModelProto::decode(file).map_err(|_| not_onnx())
}

/// Checks the messages of a file of so many bytes.
pub(super) fn facts(model: &ModelProto, bytes: usize) -> Result<Facts, OnnxError> {
    let graph = model.graph.as_ref().ok_or_else(not_onnx)?;
    if graph.node.is_empty() || graph.output.is_empty() {
        return Err(malformed(
            "This model holds no network: it has no operators or no outputs.",
        ));
    }
    for tensor in &graph.initializer {
        check_tensor(tensor)?;
        check_numbers(tensor)?;
    }
    for node in &graph.node {
        check_windows(node)?;
    }
    check_names(graph)?;
    let (input_name, input) = image_input(graph)?;
    let metadata = Metadata::of(&model.metadata_props);
    if metadata
        .spec
        .as_ref()
        .is_some_and(|spec| spec.input != input)
    {
        return Err(malformed(
            "This model's description and its network disagree on the size of the image.",
        ));
    }
    let mut seen = HashSet::new();
    let rejects = metadata.reject.is_some();
    let beside = |name: &str| name.starts_with(OPTIMIZER) || (rejects && name.starts_with(SCORE));
    Ok(Facts {
        name: graph.name.clone(),
        metadata,
        input_name,
        input,
        source: Source::default(),
        outputs: graph
            .output
            .iter()
            .map(|output| output.name.clone())
            .collect(),
        parameters: graph
            .initializer
            .iter()
            .filter(|tensor| is_weight(tensor.data_type) && !beside(&tensor.name))
            .map(|tensor| elements(tensor).unwrap_or(0))
            .fold(0, usize::saturating_add),
        bytes,
        operators: graph
            .node
            .iter()
            .filter(|node| seen.insert(&node.op_type))
            .map(|node| node.op_type.clone())
            .collect(),
    })
}

pub(super) fn not_onnx() -> OnnxError {
    OnnxError::new(
        OnnxErrorKind::NotOnnx,
        "This is not an ONNX model, or only a part of one. Choose a complete .onnx file.",
    )
}

pub(super) fn malformed(message: impl Into<String>) -> OnnxError {
    OnnxError::new(OnnxErrorKind::Malformed, message)
}

pub(super) fn unsupported(message: impl Into<String>) -> OnnxError {
    OnnxError::new(OnnxErrorKind::Unsupported, message)
}

pub(super) fn not_finite(name: &str) -> OnnxError {
    OnnxError::new(
        OnnxErrorKind::NotFinite,
        format!(
            "The weights {name} of this network are not all finite numbers: its training went astray. Take an earlier file, or train again with a lower learning rate."
        ),
    )
}

/// Bytes of one value of an `onnx.TensorProto.DataType`; `None` for strings and what Hearth does not know.
fn width(data_type: i32) -> Option<usize> {
    match data_type {
        2 | 3 | 9 => Some(1),
        4 | 5 | 10 | 16 => Some(2),
        FLOAT | 6 | 12 => Some(4),
        INT64 | 11 | 13 | 14 => Some(8),
        _ => None,
    }
}

/// Floats of 32 and 16 bits, and integers of 8, which stand for floats.
fn is_weight(data_type: i32) -> bool {
    matches!(data_type, FLOAT | 2 | 3 | 10)
}

fn check_tensor(tensor: &TensorProto) -> Result<(), OnnxError> {
    let name = &tensor.name;
    if tensor.data_location != 0 {
        return Err(unsupported(format!(
            "The weights of {name} are in another file. Save the model with its weights inside and open it again."
        )));
    }
    let width = width(tensor.data_type).ok_or_else(|| {
        unsupported(format!(
            "The values of {name} are of a type (number {}) that Hearth does not know.",
            tensor.data_type
        ))
    })?;
    let needed = elements(tensor)
        .and_then(|count| count.checked_mul(width))
        .ok_or_else(|| malformed(format!("The dimensions of {name} make no sense.")))?;
    // Values may be in typed fields instead of `raw_data`; the engine counts those itself.
    let found = match (tensor.raw_data.len(), tensor.float_data.len()) {
        (0, 0) => return Ok(()),
        (0, floats) => floats * 4,
        (raw, _) => raw,
    };
    if found != needed {
        return Err(malformed(format!(
            "The weights of {name} should have {needed} bytes and have {found}."
        )));
    }
    Ok(())
}

/// Infinity has its uses in a file from elsewhere, such as a mask; NaN has none.
fn check_numbers(tensor: &TensorProto) -> Result<(), OnnxError> {
    let raw = tensor.raw_data.as_chunks::<4>().0.iter();
    let raw = raw.map(|&bytes| f32::from_le_bytes(bytes));
    let mut values = tensor.float_data.iter().copied().chain(raw);
    match tensor.data_type == FLOAT && values.any(f32::is_nan) {
        true => Err(not_finite(&tensor.name)),
        false => Ok(()),
    }
}

fn check_windows(node: &NodeProto) -> Result<(), OnnxError> {
    let within = |attribute: &AttributeProto, least: i64| {
        if attribute
            .ints
            .iter()
            .all(|side| (least..=MAX_WINDOW).contains(side))
        {
            Ok(())
        } else {
            Err(malformed(format!(
                "The {} of the operator {} are outside {least} to {MAX_WINDOW}.",
                attribute.name, node.name
            )))
        }
    };
    for attribute in &node.attribute {
        match attribute.name.as_str() {
            "kernel_shape" | "strides" | "dilations" => within(attribute, 1)?,
            "pads" if matches!(node.op_type.as_str(), "Conv" | "MaxPool" | "AveragePool") => {
                within(attribute, 0)?;
                if attribute.ints.len() % 2 == 1 {
                    return Err(malformed(format!(
                        "The pads of the operator {} do not come in pairs.",
                        node.name
                    )));
                }
            }
            "group" if attribute.i.is_some_and(|group| group < 1) => {
                return Err(malformed(format!(
                    "The operator {} has less than one group.",
                    node.name
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Every name that is used has been made before.
fn check_names(graph: &GraphProto) -> Result<(), OnnxError> {
    let mut known: HashSet<&str> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.as_str())
        .chain(graph.input.iter().map(|input| input.name.as_str()))
        .collect();
    for node in &graph.node {
        if let Some(missing) = node
            .input
            .iter()
            .find(|name| !name.is_empty() && !known.contains(name.as_str()))
        {
            return Err(malformed(format!(
                "The operator {} uses {missing}, which nothing before it makes.",
                node.name
            )));
        }
        // A name that is made twice could lead in a circle. What is left out has none.
        for name in node.output.iter().filter(|name| !name.is_empty()) {
            if !known.insert(name) {
                return Err(malformed(format!(
                    "Two operators of this model make {name}."
                )));
            }
        }
    }
    match graph
        .output
        .iter()
        .find(|output| !known.contains(output.name.as_str()))
    {
        Some(output) => Err(malformed(format!(
            "Nothing in this model makes its output {}.",
            output.name
        ))),
        None => Ok(()),
    }
}

/// The one input that is no weight: `[batch, channels, height, width]`, float.
fn image_input(graph: &GraphProto) -> Result<(String, ImageShape), OnnxError> {
    let weights: HashSet<&str> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    let mut inputs = graph
        .input
        .iter()
        .filter(|input| !weights.contains(input.name.as_str()));
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        return Err(unsupported(
            "Hearth runs models with one input, an image; this one has none or several.",
        ));
    };
    let shape = image_shape(input).ok_or_else(|| {
        unsupported(format!(
            "The input {} is no image of float values [batch, 1 or 3 channels, height, width] of a fixed size.",
            input.name
        ))
    })?;
    Ok((input.name.clone(), shape))
}

fn image_shape(input: &ValueInfoProto) -> Option<ImageShape> {
    let tensor = input.r#type.as_ref()?.tensor_type.as_ref()?;
    let [_, channels, height, width] = tensor.shape.as_ref()?.dim.as_slice() else {
        return None;
    };
    let side = |dim: &super::proto::Dimension, most: usize| {
        usize::try_from(dim.dim_value?)
            .ok()
            .filter(|side| (1..=most).contains(side))
    };
    let shape = ImageShape {
        channels: side(channels, 3)?,
        height: side(height, 4096)?,
        width: side(width, 4096)?,
    };
    (tensor.elem_type == FLOAT && shape.channels != 2).then_some(shape)
}
