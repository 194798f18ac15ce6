//! What a file says of itself, checked before any engine sees it: a file may come from anyone, and engines panic on
//! names, sizes and pads that contradict each other.

use std::collections::HashSet;

use prost::Message;

use super::checkpoint::OPTIMIZER;
use super::foreign;
use super::input::{ImageInput, image_input};
use super::parts::GRAPH;
use super::proto::{
    AttributeProto, FLOAT, GraphProto, INT64, ModelProto, NodeProto, STRING, TensorProto,
};
use super::tensor::elements;
use super::{Metadata, OnnxError, OnnxErrorKind, OutputFacts, Source, endings, raw, swelling};
use crate::model::{ImageShape, Preprocessing};
use crate::pixels::PerChannel;

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
    /// What wrote the file; may be empty.
    pub producer: String,
    /// How the file itself takes images.
    pub source: Source,
    pub outputs: Vec<String>,
    /// How each of them ends, in the same order.
    pub ends: Vec<OutputFacts>,
    /// Values in all initialisers that can be weights, but those of a training's state and of a score of novelty.
    pub parameters: usize,
    pub bytes: usize,
    /// The operators in use, each once, in the order of their first use.
    pub operators: Vec<String>,
}

impl Facts {
    /// As the file says; if it does not, grey images are taken for digits, coloured ones for photos, and inputs of whole
    /// numbers for bytes.
    pub fn preprocessing(&self) -> Preprocessing {
        let own = self.metadata.spec.as_ref().map(|spec| spec.preprocessing);
        own.or(self.metadata.preprocessing).unwrap_or_else(|| {
            let usual = Preprocessing::of_shape(self.input.dims());
            match self.source.element.is_whole() {
                true => Preprocessing {
                    offset: PerChannel::all(0.0),
                    scale: PerChannel::all(1.0),
                    ..usual
                },
                false => usual,
            }
        })
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
        let megabytes = [file.len(), MAX_BYTES].map(|bytes| (bytes / 1_000_000).to_string());
        return Err(OnnxError::coded(
            OnnxErrorKind::TooLarge,
            "onnx-too-large",
            megabytes.to_vec(),
            format!(
                "This file has {} MB; Hearth opens models of up to {} MB.",
                file.len() / 1_000_000,
                MAX_BYTES / 1_000_000
            ),
        ));
    }
    check_parts(file)?;
    match ModelProto::decode(file) {
        Ok(model) if model.graph.is_some() => Ok(model),
        _ => Err(foreign::refused(file, None)),
    }
}

/// Counts what a file's graph is made of, before there is a message for each: a few bytes are one.
///
/// # Errors
/// If there are more than any network has, or the file is none.
pub(super) fn check_parts(file: &[u8]) -> Result<(), OnnxError> {
    let counted = parts(file).map_err(|_| foreign::refused(file, None))?;
    match counted > swelling::MOST_NODES {
        true => Err(swelling::too_many(counted)),
        false => Ok(()),
    }
}

/// The operators, weights and whatever else a file and its graph list; of more than are opened, some number above.
fn parts(file: &[u8]) -> Result<usize, OnnxError> {
    let mut counted = 0;
    let mut rest = file;
    while !rest.is_empty() && counted <= swelling::MOST_NODES {
        let field = raw::next(&mut rest)?;
        counted += match field.number {
            GRAPH => raw::count(field.value, swelling::MOST_NODES)?,
            _ => 1,
        };
    }
    Ok(counted)
}

/// Checks the messages of a file of so many bytes.
pub(super) fn facts(model: &ModelProto, bytes: usize) -> Result<Facts, OnnxError> {
    let graph = model.graph.as_ref().ok_or_else(not_onnx)?;
    if graph.node.is_empty() || graph.output.is_empty() {
        return Err(broken(
            "onnx-empty",
            [],
            "This model holds no network: it has no operators or no outputs.",
        ));
    }
    swelling::check(graph)?;
    for tensor in &graph.initializer {
        check_tensor(tensor)?;
        check_numbers(tensor)?;
    }
    for node in &graph.node {
        check_windows(node)?;
    }
    check_names(graph)?;
    let metadata = Metadata::of(&model.metadata_props);
    let ImageInput {
        name: input_name,
        shape: input,
        source,
    } = image_input(graph, metadata.size)?;
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
        source,
        producer: model.producer_name.clone(),
        outputs: graph
            .output
            .iter()
            .map(|output| output.name.clone())
            .collect(),
        ends: endings::outputs(graph),
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

/// Sound ONNX of a kind that Hearth does not run, said by its code in any language.
pub(super) fn refused<const N: usize>(
    code: &'static str,
    values: [String; N],
    message: impl Into<String>,
) -> OnnxError {
    OnnxError::coded(OnnxErrorKind::Unsupported, code, values.to_vec(), message)
}

/// ONNX whose parts contradict each other, likewise.
fn broken<const N: usize>(
    code: &'static str,
    values: [String; N],
    message: impl Into<String>,
) -> OnnxError {
    OnnxError::coded(OnnxErrorKind::Malformed, code, values.to_vec(), message)
}

pub(super) fn not_finite(name: &str) -> OnnxError {
    OnnxError::coded(
        OnnxErrorKind::NotFinite,
        "weights-not-finite",
        vec![name.to_owned()],
        format!(
            "The weights {name} of this network are not all finite numbers: its training went astray. Take an earlier file, or train again with a lower learning rate."
        ),
    )
}

pub(super) fn unmade(output: &str) -> OnnxError {
    broken(
        "onnx-output-unmade",
        [output.to_owned()],
        format!("Nothing in this model makes its output {output}."),
    )
}

/// An operator by its name, or, if it has none, by what it is and outputs.
pub(super) fn called(node: &NodeProto) -> String {
    match (node.name.as_str(), node.output.first()) {
        ("", Some(output)) => format!("{} that outputs {output}", node.op_type),
        ("", None) => node.op_type.clone(),
        (name, _) => format!("{name} ({})", node.op_type),
    }
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

/// Floats, and integers of 8 bits, which stand for floats.
fn is_weight(data_type: i32) -> bool {
    matches!(data_type, FLOAT | 2 | 3 | 10 | 11 | 16)
}

fn check_tensor(tensor: &TensorProto) -> Result<(), OnnxError> {
    let name = &tensor.name;
    if tensor.data_location != 0 {
        let files = tensor.external_data.iter();
        let mut files = files.filter(|entry| entry.key == "location");
        let file = files.next().map_or("", |entry| entry.value.as_str());
        return Err(refused(
            "onnx-external",
            [file.to_owned()],
            format!("The weights of this model are in another file, {file}. Open both together."),
        ));
    }
    let width = width(tensor.data_type).ok_or_else(|| match tensor.data_type {
        STRING => refused(
            "onnx-strings",
            [name.clone()],
            format!("The values of {name} are texts; Hearth runs networks of numbers."),
        ),
        other => refused(
            "onnx-value-type",
            [name.clone(), other.to_string()],
            format!(
                "The values of {name} are of a type (number {other}) that Hearth does not know."
            ),
        ),
    })?;
    let needed = elements(tensor)
        .and_then(|count| count.checked_mul(width))
        .filter(|&bytes| bytes <= MAX_BYTES)
        .ok_or_else(|| {
            broken(
                "onnx-tensor-shape",
                [name.clone()],
                format!("The dimensions of {name} make no sense."),
            )
        })?;
    // Values may be in typed fields instead of `raw_data`; the engine counts those itself.
    let found = match (tensor.raw_data.len(), tensor.float_data.len()) {
        (0, 0) => return Ok(()),
        (0, floats) => floats * 4,
        (raw, _) => raw,
    };
    if found != needed {
        return Err(broken(
            "onnx-tensor-size",
            [name.clone(), needed.to_string(), found.to_string()],
            format!("The weights of {name} should have {needed} bytes and have {found}."),
        ));
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
            Err(broken(
                "onnx-window",
                [
                    called(node),
                    attribute.name.clone(),
                    least.to_string(),
                    MAX_WINDOW.to_string(),
                ],
                format!(
                    "The {} of the operator {} are outside {least} to {MAX_WINDOW}.",
                    attribute.name,
                    called(node)
                ),
            ))
        }
    };
    for attribute in &node.attribute {
        match attribute.name.as_str() {
            "kernel_shape" | "strides" | "dilations" => within(attribute, 1)?,
            "pads" if matches!(node.op_type.as_str(), "Conv" | "MaxPool" | "AveragePool") => {
                within(attribute, 0)?;
                if attribute.ints.len() % 2 == 1 {
                    return Err(broken(
                        "onnx-window",
                        [
                            called(node),
                            attribute.name.clone(),
                            "0".into(),
                            MAX_WINDOW.to_string(),
                        ],
                        format!(
                            "The pads of the operator {} do not come in pairs.",
                            called(node)
                        ),
                    ));
                }
            }
            "group" if attribute.i.is_some_and(|group| group < 1) => {
                return Err(broken(
                    "onnx-window",
                    [
                        called(node),
                        "group".into(),
                        "1".into(),
                        MAX_WINDOW.to_string(),
                    ],
                    format!("The operator {} has less than one group.", called(node)),
                ));
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
            return Err(broken(
                "onnx-graph",
                [called(node), missing.clone()],
                format!(
                    "The operator {} uses {missing}, which nothing before it makes.",
                    called(node)
                ),
            ));
        }
        // A name that is made twice could lead in a circle. What is left out has none.
        for name in node.output.iter().filter(|name| !name.is_empty()) {
            if !known.insert(name) {
                return Err(broken(
                    "onnx-made-twice",
                    [name.clone()],
                    format!("Two operators of this model make {name}."),
                ));
            }
        }
    }
    match graph
        .output
        .iter()
        .find(|output| !known.contains(output.name.as_str()))
    {
        Some(output) => Err(unmade(&output.name)),
        None => Ok(()),
    }
}
