//! A trained network as a standard ONNX file.

use prost::Message;

use super::Metadata;
use super::proto::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, Dimension, FLOAT, GraphProto,
    ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TensorTypeProto,
    TypeProto, ValueInfoProto,
};
use crate::model::weights::{self, Weight};
use crate::model::{Activation, BATCH_NORM_EPSILON, LayerSpec, ModelSpec, SpecError};

/// The file format's version that came with opset 17.
const IR_VERSION: i64 = 8;
pub const OPSET: i64 = 17;

pub const INPUT: &str = "image";
pub const LOGITS: &str = "logits";
pub const PROBABILITIES: &str = "probabilities";
/// What the last layer sees: the embedding.
pub const FEATURES: &str = "features";

/// The complete file: input `image` `[batch, channels, height, width]`, outputs `logits`, `probabilities`
/// `[batch, classes]` and `features` `[batch, n]`. Convolution weights are `[filters, channels, kernel, kernel]`,
/// dense ones `[inputs, units]` (`transB = 0`); padding is explicit.
///
/// # Errors
/// Where the spec does not fit.
pub fn write(
    spec: &ModelSpec,
    weights: &[Weight],
    metadata: &Metadata,
) -> Result<Vec<u8>, SpecError> {
    let outputs = spec.check()?;
    let last = spec.layers.len() - 1;
    let mut node: Vec<NodeProto> = Vec::with_capacity(spec.layers.len() + 1);
    for (i, layer) in spec.layers.iter().enumerate() {
        let before = if i == 0 {
            INPUT.into()
        } else {
            between(i, last)
        };
        node.push(layer_node(i, layer, before, between(i + 1, last)));
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
            .chain(ratios(spec))
            .collect(),
        input: vec![value(INPUT, &Activation::Map(spec.input).dims())],
        output,
    };
    let metadata = Metadata {
        spec: Some(spec.clone()),
        ..metadata.clone()
    };
    let model = ModelProto {
        ir_version: Some(IR_VERSION),
        producer_name: "hearth".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPSET,
        }],
        metadata_props: metadata.entries(),
    };
    Ok(model.encode_to_vec())
}

/// The name of what flows from layer `i - 1` to layer `i`.
fn between(i: usize, last: usize) -> String {
    match i {
        _ if i == last => FEATURES.into(),
        _ if i == last + 1 => LOGITS.into(),
        _ => format!("after.{}", i - 1),
    }
}

fn layer_node(i: usize, layer: &LayerSpec, input: String, output: String) -> NodeProto {
    let named = |part: &str| weights::name(i, part);
    let name = format!("{i}.{}", layer.kind());
    let square = |side: usize| vec![side as i64; 2];
    match *layer {
        LayerSpec::Conv {
            kernel,
            stride,
            padding,
            ..
        } => NodeProto {
            attribute: vec![
                ints("kernel_shape", square(kernel)),
                ints("strides", square(stride)),
                ints("pads", vec![padding as i64; 4]),
                ints("dilations", square(1)),
                int("group", 1),
            ],
            ..operator(
                "Conv",
                &name,
                vec![input, named("weight"), named("bias")],
                output,
            )
        },
        LayerSpec::Relu => operator("Relu", &name, vec![input], output),
        LayerSpec::MaxPool { size, stride } => NodeProto {
            attribute: vec![
                ints("kernel_shape", square(size)),
                ints("strides", square(stride)),
                ints("pads", vec![0; 4]),
            ],
            ..operator("MaxPool", &name, vec![input], output)
        },
        LayerSpec::BatchNorm => {
            let parts = ["scale", "bias", "mean", "variance"].map(named);
            let inputs = std::iter::once(input).chain(parts).collect();
            NodeProto {
                attribute: vec![float("epsilon", BATCH_NORM_EPSILON)],
                ..operator("BatchNormalization", &name, inputs, output)
            }
        }
        LayerSpec::Dropout { .. } => {
            operator("Dropout", &name, vec![input, named("ratio")], output)
        }
        LayerSpec::Flatten => NodeProto {
            attribute: vec![int("axis", 1)],
            ..operator("Flatten", &name, vec![input], output)
        },
        LayerSpec::Dense { .. } => NodeProto {
            attribute: vec![float("alpha", 1.0), float("beta", 1.0), int("transB", 0)],
            ..operator(
                "Gemm",
                &name,
                vec![input, named("weight"), named("bias")],
                output,
            )
        },
    }
}

fn operator(op_type: &str, name: &str, input: Vec<String>, output: String) -> NodeProto {
    NodeProto {
        input,
        output: vec![output],
        name: name.into(),
        op_type: op_type.into(),
        ..NodeProto::default()
    }
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        i: Some(i),
        r#type: ATTRIBUTE_INT,
        ..AttributeProto::default()
    }
}

fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        f: Some(f),
        r#type: ATTRIBUTE_FLOAT,
        ..AttributeProto::default()
    }
}

fn ints(name: &str, ints: Vec<i64>) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        ints,
        r#type: ATTRIBUTE_INTS,
        ..AttributeProto::default()
    }
}

fn initializer(weight: &Weight) -> TensorProto {
    TensorProto {
        dims: weight.shape.iter().map(|&side| side as i64).collect(),
        data_type: FLOAT,
        name: weight.name.clone(),
        raw_data: weight.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}

/// Dropout takes its ratio as an input since opset 12.
fn ratios(spec: &ModelSpec) -> impl Iterator<Item = TensorProto> {
    spec.layers
        .iter()
        .enumerate()
        .filter_map(|(i, layer)| match layer {
            LayerSpec::Dropout { rate } => Some(TensorProto {
                data_type: FLOAT,
                name: weights::name(i, "ratio"),
                raw_data: (*rate as f32).to_le_bytes().to_vec(),
                ..TensorProto::default()
            }),
            _ => None,
        })
}

/// A float tensor with a free batch size before `dims`.
fn value(name: &str, dims: &[usize]) -> ValueInfoProto {
    let batch = Dimension {
        dim_param: Some("batch".into()),
        ..Dimension::default()
    };
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
