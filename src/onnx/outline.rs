//! What a file declares of itself: its operators, the shapes that it states, the sizes of its weights. No engine is asked.

use std::collections::HashMap;

use super::proto::{GraphProto, NodeProto, TensorProto, ValueInfoProto};
use super::read::{decode, facts};
use super::tensor::dims;
use super::{Facts, OnnxError};

/// A file's graph as it stands there.
pub(crate) struct Outline {
    pub facts: Facts,
    /// Those that are no weights.
    pub inputs: Vec<Declared>,
    pub outputs: Vec<Declared>,
    pub nodes: Vec<OutlineNode>,
    /// By name, with their dimensions.
    pub weights: HashMap<String, Vec<usize>>,
    /// Dimensions that the file states of other tensors, where all of them are numbers.
    pub stated: HashMap<String, Vec<usize>>,
    /// 0 if it is missing
    pub opset: i64,
    /// 0 if it is missing
    pub ir_version: i64,
    /// With its version.
    pub producer: String,
}

/// A tensor that the file declares.
pub(crate) struct Declared {
    pub name: String,
    /// As `float32`
    pub element: &'static str,
    /// Each a number, a name, or `?`
    pub shape: Vec<String>,
}

/// One operator.
pub(crate) struct OutlineNode {
    pub operator: String,
    /// Empty for the standard's.
    pub domain: String,
    pub takes: Vec<String>,
    pub makes: Vec<String>,
    /// Of `Gemm`, whether its second matrix is turned.
    pub turned: bool,
}

/// # Errors
/// As [`super::read`].
pub(crate) fn outline(file: &[u8]) -> Result<Outline, OnnxError> {
    let model = decode(file)?;
    let facts = facts(&model, file.len())?;
    let graph = model.graph.unwrap_or_default();
    let weights = weights(&graph);
    let standard = |domain: &str| domain.is_empty() || domain == "ai.onnx";
    let mut sets = model.opset_import.iter();
    let producer = format!("{} {}", model.producer_name, model.producer_version);
    let images = graph
        .input
        .iter()
        .filter(|input| !weights.contains_key(&input.name));
    let inputs = images.map(declared).collect();
    let all = graph.value_info.iter().chain(&graph.output);
    Ok(Outline {
        inputs,
        outputs: graph.output.iter().map(declared).collect(),
        stated: all
            .filter_map(|value| Some((value.name.clone(), numbers(value)?)))
            .collect(),
        opset: sets
            .find(|set| standard(&set.domain))
            .map_or(0, |set| set.version),
        ir_version: model.ir_version.unwrap_or(0),
        producer: producer.trim().to_owned(),
        nodes: graph.node.into_iter().map(node).collect(),
        weights,
        facts,
    })
}

fn node(node: NodeProto) -> OutlineNode {
    let mut attributes = node.attribute.iter();
    let domain = match node.domain.as_str() {
        "ai.onnx" => String::new(),
        _ => node.domain,
    };
    OutlineNode {
        turned: attributes.any(|one| one.name == "transB" && one.i == Some(1)),
        operator: node.op_type,
        domain,
        takes: node.input,
        makes: node.output,
    }
}

/// Initialisers, and what `Constant` operators hold.
fn weights(graph: &GraphProto) -> HashMap<String, Vec<usize>> {
    let held = graph.node.iter().filter_map(|node| {
        let constant = node.op_type == "Constant";
        let mut values = node.attribute.iter().filter(|_| constant);
        let tensor = values.find_map(|value| value.t.as_ref())?;
        Some((node.output.first()?, tensor))
    });
    let own = graph
        .initializer
        .iter()
        .map(|tensor| (&tensor.name, tensor));
    let sized = |(name, tensor): (&String, &TensorProto)| Some((name.clone(), dims(tensor)?));
    own.chain(held).filter_map(sized).collect()
}

fn declared(value: &ValueInfoProto) -> Declared {
    let tensor = value
        .r#type
        .as_ref()
        .and_then(|kind| kind.tensor_type.as_ref());
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
    let all = shape.map_or(&[][..], |shape| &shape.dim);
    let shape = all.iter().map(|dim| match (dim.dim_value, &dim.dim_param) {
        (Some(side), _) if side > 0 => side.to_string(),
        (_, Some(name)) if !name.is_empty() => name.clone(),
        _ => "?".to_owned(),
    });
    Declared {
        name: value.name.clone(),
        element: element(tensor.map_or(0, |tensor| tensor.elem_type)),
        shape: shape.collect(),
    }
}

fn numbers(value: &ValueInfoProto) -> Option<Vec<usize>> {
    let shape = value
        .r#type
        .as_ref()?
        .tensor_type
        .as_ref()?
        .shape
        .as_ref()?;
    let mut all = shape.dim.iter().enumerate();
    // How many images there are, nobody says: what is told is of one.
    all.try_fold(Vec::new(), |mut shape, (place, dim)| {
        let side = dim.dim_value.and_then(|side| usize::try_from(side).ok());
        shape.push(match place {
            0 => side.filter(|&side| side > 0).unwrap_or(1),
            _ => side?,
        });
        Some(shape)
    })
}

/// `onnx.TensorProto.DataType`, as numpy calls it.
fn element(number: i32) -> &'static str {
    match number {
        1 => "float32",
        2 => "uint8",
        3 => "int8",
        4 => "uint16",
        5 => "int16",
        6 => "int32",
        7 => "int64",
        8 => "string",
        9 => "bool",
        10 => "float16",
        11 => "float64",
        12 => "uint32",
        13 => "uint64",
        14 => "complex64",
        15 => "complex128",
        16 => "bfloat16",
        17..=20 | 24 => "float8",
        21 => "uint4",
        22 => "int4",
        23 => "float4",
        _ => "",
    }
}
