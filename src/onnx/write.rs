//! A trained network as a standard ONNX file.

use prost::Message;

use super::checkpoint::OPTIMIZER;
use super::proto::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, Dimension, FLOAT, GraphProto,
    ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TensorTypeProto,
    TypeProto, ValueInfoProto,
};
use super::{Checkpoint, Metadata};
use crate::model::weights::{self, Weight};
use crate::model::{BATCH_NORM_EPSILON, LayerSpec, ModelSpec, OutputShape, SpecError};

/// The file format's version that came with opset 17.
const IR_VERSION: i64 = 8;
pub const OPSET: i64 = 17;

pub const INPUT: &str = "image";
pub const LOGITS: &str = "logits";
pub const PROBABILITIES: &str = "probabilities";
/// What the last layer sees: the embedding.
pub const FEATURES: &str = "features";
/// How unlike everything learned the image is, `[batch, 1]`; in files that can answer *none of these*.
pub const NOVELTY: &str = "novelty";

/// The complete file: input `image` `[batch, channels, height, width]`, outputs `logits`, `probabilities`
/// `[batch, classes]` and `features` `[batch, n]`. Convolution weights are `[filters, channels, kernel, kernel]`,
/// dense ones `[inputs, units]` (`transB = 0`); padding is explicit.
///
/// # Errors
/// If the spec does not fit.
pub fn write(
    spec: &ModelSpec,
    weights: &[Weight],
    metadata: &Metadata,
) -> Result<Vec<u8>, SpecError> {
    let model = model(spec, weights, metadata)?;
    Ok(model.encode_to_vec())
}

/// The same file with what a training needs to go on: the optimiser's arrays as initialisers that no operator uses, and
/// how far it has come in the metadata. Everybody else reads it as the plain file.
///
/// # Errors
/// If the spec does not fit.
pub fn write_checkpoint(
    spec: &ModelSpec,
    weights: &[Weight],
    metadata: &Metadata,
    checkpoint: &Checkpoint,
) -> Result<Vec<u8>, SpecError> {
    let mut model = model(spec, weights, metadata)?;
    let state = checkpoint.state.iter().map(|array| {
        let mut tensor = initializer(array);
        tensor.name.insert_str(0, OPTIMIZER);
        tensor
    });
    if let Some(graph) = &mut model.graph {
        graph.initializer.extend(state);
    }
    model.metadata_props.extend(checkpoint.entry());
    Ok(model.encode_to_vec())
}

fn model(
    spec: &ModelSpec,
    weights: &[Weight],
    metadata: &Metadata,
) -> Result<ModelProto, SpecError> {
    let outputs = spec.check()?;
    let last = spec.layers.len() - 1;
    let mut node: Vec<NodeProto> = Vec::with_capacity(spec.layers.len() + 1);
    for (i, layer) in spec.layers.iter().enumerate() {
        let before = if i == 0 {
            INPUT.into()
        } else {
            between(i, last)
        };
        let channels = outputs[i].dims()[0];
        node.extend(layer_nodes(
            i,
            layer,
            channels,
            before,
            between(i + 1, last),
        ));
    }
    node.push(NodeProto {
        attribute: vec![int("axis", -1)],
        ..operator(
            "Softmax",
            "softmax",
            vec![LOGITS.into()],
            PROBABILITIES.into(),
        )
    });

    let classes = spec.classes();
    let features = match last {
        0 => spec.input.len(),
        _ => outputs[last - 1].len(),
    };
    let mut output = vec![value(LOGITS, &[classes]), value(PROBABILITIES, &[classes])];
    if last > 0 {
        output.push(value(FEATURES, &[features]));
    }
    let graph = GraphProto {
        node,
        name: spec.name.clone(),
        initializer: weights
            .iter()
            .map(initializer)
            .chain(constants(spec))
            .collect(),
        input: vec![value(INPUT, &OutputShape::Map(spec.input).dims())],
        output,
        value_info: Vec::new(),
    };
    let metadata = Metadata {
        spec: Some(spec.clone()),
        // What they speak of is not written here.
        head: None,
        reject: None,
        ..metadata.clone()
    };
    Ok(ModelProto {
        ir_version: Some(IR_VERSION),
        producer_name: "hearth".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPSET,
        }],
        metadata_props: metadata.entries(),
        ..ModelProto::default()
    })
}

/// What each layer's output is called, first to last.
pub(super) fn tensors(layers: usize) -> Vec<String> {
    (1..=layers)
        .map(|i| between(i, layers.saturating_sub(1)))
        .collect()
}

/// The name of what flows from layer `i - 1` to layer `i`.
fn between(i: usize, last: usize) -> String {
    match i {
        _ if i == last => FEATURES.into(),
        _ if i == last + 1 => LOGITS.into(),
        _ => format!("after.{}", i - 1),
    }
}

/// The operators of one layer: one, but for GELU, which has an operator of its own only from opset 20 on.
/// `channels`: how many the layer outputs.
fn layer_nodes(
    i: usize,
    layer: &LayerSpec,
    channels: usize,
    input: String,
    output: String,
) -> Vec<NodeProto> {
    let named = |part: &str| weights::name(i, part);
    let name = format!("{i}.{}", layer.kind());
    let plain = |op_type: &str, attribute: Vec<AttributeProto>, parts: &[&str]| {
        let weights = parts.iter().copied().map(named);
        vec![NodeProto {
            attribute,
            ..operator(
                op_type,
                &name,
                std::iter::once(input.clone()).chain(weights).collect(),
                output.clone(),
            )
        }]
    };
    match *layer {
        LayerSpec::Conv {
            kernel,
            stride,
            padding,
            ..
        } => {
            let mut attribute = window(kernel, stride, padding);
            attribute.extend([ints("dilations", vec![1; 2]), int("group", 1)]);
            plain("Conv", attribute, &["weight", "bias"])
        }
        LayerSpec::Depthwise {
            kernel,
            stride,
            padding,
        } => {
            let mut attribute = window(kernel, stride, padding);
            let groups = int("group", channels as i64);
            attribute.extend([ints("dilations", vec![1; 2]), groups]);
            plain("Conv", attribute, &["weight", "bias"])
        }
        LayerSpec::Relu => plain("Relu", Vec::new(), &[]),
        LayerSpec::LeakyRelu { slope } => {
            plain("LeakyRelu", vec![float("alpha", slope as f32)], &[])
        }
        LayerSpec::Sigmoid => plain("Sigmoid", Vec::new(), &[]),
        LayerSpec::Tanh => plain("Tanh", Vec::new(), &[]),
        LayerSpec::Gelu => gelu(&name, &named, input, output),
        LayerSpec::MaxPool { size, stride } => plain("MaxPool", window(size, stride, 0), &[]),
        LayerSpec::AvgPool { size, stride } => {
            let mut attribute = window(size, stride, 0);
            attribute.push(int("count_include_pad", 1));
            plain("AveragePool", attribute, &[])
        }
        LayerSpec::GlobalAvgPool => plain("GlobalAveragePool", Vec::new(), &[]),
        LayerSpec::BatchNorm => plain(
            "BatchNormalization",
            vec![float("epsilon", BATCH_NORM_EPSILON)],
            &["scale", "bias", "mean", "variance"],
        ),
        LayerSpec::Dropout { .. } => plain("Dropout", Vec::new(), &["ratio"]),
        LayerSpec::Flatten => plain("Flatten", vec![int("axis", 1)], &[]),
        LayerSpec::Dense { .. } => plain(
            "Gemm",
            vec![float("alpha", 1.0), float("beta", 1.0), int("transB", 0)],
            &["weight", "bias"],
        ),
    }
}

/// `x × (1 + erf(x / √2)) × ½`
fn gelu(
    name: &str,
    named: &impl Fn(&str) -> String,
    input: String,
    output: String,
) -> Vec<NodeProto> {
    let step = |op_type: &str, inputs: Vec<String>, output: String| {
        operator(
            op_type,
            &format!("{name}.{}", op_type.to_lowercase()),
            inputs,
            output,
        )
    };
    let [scaled, erf, raised, product] = ["scaled", "erf", "raised", "product"].map(named);
    vec![
        step("Div", vec![input.clone(), named("root2")], scaled.clone()),
        step("Erf", vec![scaled], erf.clone()),
        step("Add", vec![erf, named("one")], raised.clone()),
        step("Mul", vec![input, raised], product.clone()),
        operator("Mul", name, vec![product, named("half")], output),
    ]
}

fn window(size: usize, stride: usize, padding: usize) -> Vec<AttributeProto> {
    vec![
        ints("kernel_shape", vec![size as i64; 2]),
        ints("strides", vec![stride as i64; 2]),
        ints("pads", vec![padding as i64; 4]),
    ]
}

pub(super) fn operator(op_type: &str, name: &str, input: Vec<String>, output: String) -> NodeProto {
    NodeProto {
        input,
        output: vec![output],
        name: name.into(),
        op_type: op_type.into(),
        ..NodeProto::default()
    }
}

pub(super) fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        i: Some(i),
        r#type: ATTRIBUTE_INT,
        ..AttributeProto::default()
    }
}

pub(super) fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        f: Some(f),
        r#type: ATTRIBUTE_FLOAT,
        ..AttributeProto::default()
    }
}

pub(super) fn ints(name: &str, ints: Vec<i64>) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        ints,
        r#type: ATTRIBUTE_INTS,
        ..AttributeProto::default()
    }
}

pub(super) fn initializer(weight: &Weight) -> TensorProto {
    TensorProto {
        dims: weight.shape.iter().map(|&side| side as i64).collect(),
        data_type: FLOAT,
        name: weight.name.clone(),
        raw_data: weight.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}

/// Values that operators take as inputs and that nobody learns: Dropout's ratio (an input since opset 12) and GELU's
/// numbers.
fn constants(spec: &ModelSpec) -> impl Iterator<Item = TensorProto> {
    spec.layers.iter().enumerate().flat_map(|(i, layer)| {
        let values = match layer {
            LayerSpec::Dropout { rate } => vec![("ratio", *rate as f32)],
            LayerSpec::Gelu => vec![
                ("root2", std::f32::consts::SQRT_2),
                ("one", 1.0),
                ("half", 0.5),
            ],
            _ => Vec::new(),
        };
        values.into_iter().map(move |(part, value)| TensorProto {
            data_type: FLOAT,
            name: weights::name(i, part),
            raw_data: value.to_le_bytes().to_vec(),
            ..TensorProto::default()
        })
    })
}

/// A float tensor with a free batch size before `dims`.
fn value(name: &str, dims: &[usize]) -> ValueInfoProto {
    let batch = Dimension {
        dim_param: Some("batch".into()),
        ..Dimension::default()
    };
    value_of(name, batch, dims)
}

/// A float tensor with `batch` before `dims`.
pub(super) fn value_of(name: &str, batch: Dimension, dims: &[usize]) -> ValueInfoProto {
    let fixed = dims.iter().map(|&side| Dimension {
        dim_value: Some(side as i64),
        ..Dimension::default()
    });
    ValueInfoProto {
        name: name.into(),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: FLOAT,
                shape: Some(TensorShapeProto {
                    dim: std::iter::once(batch).chain(fixed).collect(),
                }),
            }),
        }),
    }
}
