//! What is known of a graph's tensors before it runs: small constants, and how many sides tensors have.

use std::collections::HashMap;

use crate::onnx::proto::{BOOL, FLOAT, GraphProto, INT32, INT64, NodeProto, TensorProto};

/// Constants that are settings (pads, scales, axes) have few values.
const SMALL: usize = 64;

#[derive(Default)]
pub(super) struct Constants<'o> {
    /// Of the graph around.
    outer: Option<&'o Constants<'o>>,
    ints: HashMap<String, Vec<i64>>,
    floats: HashMap<String, Vec<f32>>,
    bools: HashMap<String, bool>,
    dims: HashMap<String, Vec<i64>>,
    ranks: HashMap<String, usize>,
}

impl<'o> Constants<'o> {
    /// These, and those of a graph.
    pub(super) fn with(&'o self, graph: &GraphProto) -> Self {
        let mut all = Constants {
            outer: Some(self),
            ..Constants::default()
        };
        for input in &graph.input {
            let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
            if let Some(shape) = tensor.and_then(|tensor| tensor.shape.as_ref()) {
                all.ranks.insert(input.name.clone(), shape.dim.len());
            }
        }
        for tensor in &graph.initializer {
            all.add(&tensor.name, tensor);
        }
        for node in &graph.node {
            match node.op_type.as_str() {
                "Constant" => all.add_constant(node),
                _ => all.add_rank(node),
            }
        }
        all
    }

    pub(super) fn ints(&self, name: &str) -> Option<&[i64]> {
        let own = self.ints.get(name).map(Vec::as_slice);
        own.or_else(|| self.outer?.ints(name))
    }

    pub(super) fn floats(&self, name: &str) -> Option<&[f32]> {
        let own = self.floats.get(name).map(Vec::as_slice);
        own.or_else(|| self.outer?.floats(name))
    }

    /// One truth.
    pub(super) fn bool(&self, name: &str) -> Option<bool> {
        let own = self.bools.get(name).copied();
        own.or_else(|| self.outer?.bool(name))
    }

    pub(super) fn dims(&self, name: &str) -> Option<&[i64]> {
        let own = self.dims.get(name).map(Vec::as_slice);
        own.or_else(|| self.outer?.dims(name))
    }

    pub(super) fn rank(&self, name: &str) -> Option<usize> {
        let own = self.ranks.get(name).copied();
        own.or_else(|| self.outer?.rank(name))
    }

    fn add(&mut self, name: &str, tensor: &TensorProto) {
        self.dims.insert(name.to_owned(), tensor.dims.clone());
        self.ranks.insert(name.to_owned(), tensor.dims.len());
        let raw = &tensor.raw_data;
        if raw.len() > 8 * SMALL {
            return;
        }
        match tensor.data_type {
            INT64 => {
                let bytes = raw.as_chunks::<8>().0.iter();
                let values = bytes.map(|&bytes| i64::from_le_bytes(bytes));
                let values = tensor.int64_data.iter().copied().chain(values);
                self.ints.insert(name.to_owned(), values.collect());
            }
            INT32 => {
                let bytes = raw.as_chunks::<4>().0.iter();
                let values = bytes.map(|&bytes| i32::from_le_bytes(bytes));
                let values = tensor.int32_data.iter().copied().chain(values);
                self.ints
                    .insert(name.to_owned(), values.map(i64::from).collect());
            }
            FLOAT => {
                let bytes = raw.as_chunks::<4>().0.iter();
                let values = bytes.map(|&bytes| f32::from_le_bytes(bytes));
                let values = tensor.float_data.iter().copied().chain(values);
                self.floats.insert(name.to_owned(), values.collect());
            }
            BOOL => {
                let own = tensor.int32_data.iter().map(|&value| value != 0);
                let mut values = own.chain(raw.iter().map(|&byte| byte != 0));
                if let (Some(value), None) = (values.next(), values.next()) {
                    self.bools.insert(name.to_owned(), value);
                }
            }
            _ => {}
        }
    }

    fn add_constant(&mut self, node: &NodeProto) {
        let Some(name) = node.output.first() else {
            return;
        };
        for attribute in &node.attribute {
            let rank = match attribute.name.as_str() {
                "value" => {
                    if let Some(tensor) = &attribute.t {
                        self.add(name, tensor);
                    }
                    continue;
                }
                "value_ints" => {
                    self.ints.insert(name.clone(), attribute.ints.clone());
                    1
                }
                "value_int" => {
                    self.ints
                        .insert(name.clone(), attribute.i.into_iter().collect());
                    0
                }
                "value_floats" => {
                    self.floats.insert(name.clone(), attribute.floats.clone());
                    1
                }
                "value_float" => {
                    self.floats
                        .insert(name.clone(), attribute.f.into_iter().collect());
                    0
                }
                _ => continue,
            };
            self.ranks.insert(name.clone(), rank);
        }
    }

    /// Of the outputs of operators that keep the number of sides, or say it.
    fn add_rank(&mut self, node: &NodeProto) {
        const KEEP: [&str; 45] = [
            "Abs",
            "AveragePool",
            "BatchNormalization",
            "Cast",
            "Ceil",
            "Celu",
            "Clip",
            "Concat",
            "Conv",
            "ConvTranspose",
            "DequantizeLinear",
            "Dropout",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "GroupNormalization",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "InstanceNormalization",
            "LRN",
            "LayerNormalization",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "LpPool",
            "MaxPool",
            "Mish",
            "Neg",
            "PRelu",
            "Pad",
            "QuantizeLinear",
            "Relu",
            "Resize",
            "Sigmoid",
            "Softmax",
            "Softplus",
            "Sqrt",
            "Tanh",
            "Transpose",
            "Upsample",
        ];
        let ranks = node.input.iter().map(|name| self.rank(name));
        let rank = match node.op_type.as_str() {
            operator if KEEP.contains(&operator) => node.input.first().and_then(|x| self.rank(x)),
            "QLinearConv" | "Slice" | "Swish" | "Selu" => {
                node.input.first().and_then(|x| self.rank(x))
            }
            "Add" | "Sub" | "Mul" | "Div" | "MatMul" | "Max" | "Min" | "Pow" => ranks
                .reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b)))
                .flatten(),
            "Flatten" | "Gemm" => Some(2),
            "Reshape" => node
                .input
                .get(1)
                .and_then(|shape| self.ints(shape))
                .map(<[i64]>::len),
            _ => None,
        };
        if let (Some(rank), Some(name)) = (rank, node.output.first()) {
            self.ranks.insert(name.clone(), rank);
        }
    }
}
