//! What the values of tensors are: of which type, and whether an image decides them.

use std::collections::{HashMap, HashSet};

use super::builder::{get, get_int};
use crate::onnx::proto::{BOOL, FLOAT, GraphProto, INT32, INT64, NodeProto, UINT8};

#[derive(Default)]
pub(super) struct Kinds<'o> {
    /// Of the graph around.
    outer: Option<&'o Kinds<'o>>,
    /// An `onnx.TensorProto.DataType`.
    types: HashMap<String, i32>,
    of_image: HashSet<String>,
    /// The operators that make them.
    makers: HashMap<String, String>,
}

impl<'o> Kinds<'o> {
    /// These, and those of a graph.
    pub(super) fn with(&'o self, graph: &GraphProto) -> Self {
        let mut all = Kinds {
            outer: Some(self),
            ..Kinds::default()
        };
        for tensor in &graph.initializer {
            all.types.insert(tensor.name.clone(), tensor.data_type);
        }
        for input in &graph.input {
            let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
            let data_type = tensor.map_or(FLOAT, |tensor| tensor.elem_type);
            if !all.types.contains_key(&input.name) {
                all.types.insert(input.name.clone(), data_type);
                all.of_image.insert(input.name.clone());
            }
        }
        for node in &graph.node {
            all.add(node);
        }
        all
    }

    /// `None` if nothing tells.
    pub(super) fn of(&self, name: &str) -> Option<i32> {
        let own = self.types.get(name).copied();
        own.or_else(|| self.outer?.of(name))
    }

    pub(super) fn is_whole(&self, name: &str) -> bool {
        self.of(name)
            .is_some_and(|data_type| data_type != FLOAT && data_type != BOOL)
    }

    /// Whether its values depend on an image's; its shape's do not count.
    pub(super) fn is_of_image(&self, name: &str) -> bool {
        self.of_image.contains(name) || self.outer.is_some_and(|outer| outer.is_of_image(name))
    }

    /// The operator that makes a tensor; of an input or a weight, none.
    pub(super) fn maker(&self, name: &str) -> &str {
        let own = self.makers.get(name).map(String::as_str);
        own.unwrap_or_else(|| self.outer.map_or("", |outer| outer.maker(name)))
    }

    fn add(&mut self, node: &NodeProto) {
        let inner = node.attribute.iter().any(|a| a.g.is_some());
        let of_shape = matches!(node.op_type.as_str(), "Shape" | "Size");
        let of_image = node.input.iter().any(|name| self.is_of_image(name));
        for (place, name) in node.output.iter().enumerate() {
            if let Some(data_type) = self.made(node, place) {
                self.types.insert(name.clone(), data_type);
            }
            if (of_image && !of_shape) || inner {
                self.of_image.insert(name.clone());
            }
            self.makers.insert(name.clone(), node.op_type.clone());
        }
    }

    /// The type of an operator's output.
    fn made(&self, node: &NodeProto, place: usize) -> Option<i32> {
        let of = |place: usize| node.input.get(place).and_then(|name| self.of(name));
        let value = |name: &str| get(node, name)?.t.as_ref().map(|tensor| tensor.data_type);
        match (node.op_type.as_str(), place) {
            ("Cast", _) => i32::try_from(get_int(node, "to", FLOAT.into())).ok(),
            ("Shape" | "Size" | "ArgMax" | "ArgMin" | "NonZero", _) => Some(INT64),
            ("TopK" | "MaxPool", 1) => Some(INT64),
            ("Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual", _)
            | ("Not" | "And" | "Or" | "Xor" | "IsNaN" | "IsInf", _)
            | ("Dropout", 1) => Some(BOOL),
            ("QuantizeLinear", _) => match get_int(node, "output_dtype", 0) {
                0 => of(2).or(Some(UINT8)),
                data_type => i32::try_from(data_type).ok(),
            },
            ("DynamicQuantizeLinear", 0 | 2) => Some(UINT8),
            ("DequantizeLinear" | "DynamicQuantizeLinear", _) => Some(FLOAT),
            ("MatMulInteger" | "ConvInteger", _) => Some(INT32),
            ("QLinearConv" | "QLinearMatMul", _) => of(7),
            ("ConstantOfShape", _) => value("value").or(Some(FLOAT)),
            ("Constant", _) => {
                let has = |names: [&str; 2]| names.iter().any(|name| get(node, name).is_some());
                let whole = has(["value_int", "value_ints"]).then_some(INT64);
                value("value").or(whole).or(Some(FLOAT))
            }
            ("OneHot", _) => of(2),
            ("Where" | "CastLike", _) => of(1),
            ("If" | "Loop" | "Scan", _) => None,
            _ => of(0),
        }
    }
}
