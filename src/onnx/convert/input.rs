//! The image: whatever a file takes, it is given floats of 32 bits, `[batch, channels, height, width]`.

use crate::onnx::input::ImageInput;
use crate::onnx::proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, Dimension, FLOAT, GraphProto, INT8, INT32,
    INT64, NodeProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, UINT8,
    ValueInfoProto,
};
use crate::onnx::source::{Element, Layout};

const IMAGE: &str = "hearth.image";
/// As channels first become channels last.
const FIRST_TO_LAST: [i64; 4] = [0, 2, 3, 1];

/// Puts the usual input in front of the file's own.
pub(super) fn bring(graph: &mut GraphProto, input: &ImageInput) {
    let mut chain = Chain {
        nodes: Vec::new(),
        last: IMAGE.to_owned(),
    };
    let shape = input.shape;
    let [channels, height, width] = shape.dims().map(|side| side as i64);
    match input.source.layout {
        Layout::ChannelsFirst => {}
        Layout::ChannelsLast => chain.add("Transpose", &[], vec![ints("perm", &FIRST_TO_LAST)]),
        Layout::Grey => chain.reshape(graph, &[-1, height, width]),
        Layout::Flat => {
            if channels > 1 {
                chain.add("Transpose", &[], vec![ints("perm", &FIRST_TO_LAST)]);
            }
            chain.reshape(graph, &[-1, shape.len() as i64]);
        }
    }
    let whole = match input.source.element {
        Element::Uint8 => Some(UINT8),
        Element::Int8 => Some(INT8),
        Element::Int32 => Some(INT32),
        Element::Int64 => Some(INT64),
        _ => None,
    };
    if let Some(data_type) = whole {
        chain.add("Round", &[], Vec::new());
        chain.add("Cast", &[], vec![int("to", data_type.into())]);
    }
    let name = match chain.nodes.last_mut() {
        Some(last) => {
            last.output = vec![input.name.clone()];
            IMAGE.to_owned()
        }
        None => input.name.clone(),
    };
    graph.node.splice(0..0, chain.nodes);
    let batch = match input.source.batch {
        Some(batch) => fixed(batch as i64),
        None => Dimension {
            dim_param: Some("batch".into()),
            dim_value: None,
        },
    };
    let sides = [channels, height, width].into_iter().map(fixed);
    let dim = std::iter::once(batch).chain(sides).collect();
    graph.input = vec![ValueInfoProto {
        name,
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: FLOAT,
                shape: Some(TensorShapeProto { dim }),
            }),
        }),
    }];
}

/// Operators one behind the other.
struct Chain {
    nodes: Vec<NodeProto>,
    last: String,
}

impl Chain {
    fn add(&mut self, operator: &str, more: &[String], attribute: Vec<AttributeProto>) {
        let output = format!("hearth.image.{}", self.nodes.len());
        let input = std::iter::once(self.last.clone()).chain(more.iter().cloned());
        self.nodes.push(NodeProto {
            input: input.collect(),
            output: vec![output.clone()],
            name: output.clone(),
            op_type: operator.into(),
            attribute,
            ..NodeProto::default()
        });
        self.last = output;
    }

    fn reshape(&mut self, graph: &mut GraphProto, shape: &[i64]) {
        let name = format!("hearth.image.shape.{}", self.nodes.len());
        graph.initializer.push(TensorProto {
            name: name.clone(),
            dims: vec![shape.len() as i64],
            data_type: INT64,
            raw_data: shape.iter().flat_map(|side| side.to_le_bytes()).collect(),
            ..TensorProto::default()
        });
        self.add("Reshape", &[name], Vec::new());
    }
}

fn fixed(side: i64) -> Dimension {
    Dimension {
        dim_value: Some(side),
        dim_param: None,
    }
}

fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        i: Some(value),
        r#type: ATTRIBUTE_INT,
        ..AttributeProto::default()
    }
}

fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        ints: values.to_vec(),
        r#type: ATTRIBUTE_INTS,
        ..AttributeProto::default()
    }
}
