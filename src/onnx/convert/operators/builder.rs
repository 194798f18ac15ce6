//! New operators and constants.

use super::constants::Constants;
use super::kinds::Kinds;
use crate::onnx::proto::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS, ATTRIBUTE_STRING, AttributeProto, FLOAT, INT64,
    NodeProto, TensorProto,
};

/// Gathers the operators of a graph, those that stay and those that are new.
pub(super) struct Builder<'a> {
    /// Of the standard that the file is written in.
    pub opset: i64,
    /// What the file has, before anything is replaced.
    pub known: &'a Constants<'a>,
    pub kinds: &'a Kinds<'a>,
    prefix: &'a str,
    count: usize,
    nodes: Vec<NodeProto>,
    tensors: Vec<TensorProto>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        opset: i64,
        prefix: &'a str,
        count: usize,
        known: &'a Constants<'a>,
        kinds: &'a Kinds<'a>,
    ) -> Self {
        Builder {
            opset,
            known,
            kinds,
            prefix,
            count,
            nodes: Vec::new(),
            tensors: Vec::new(),
        }
    }

    /// Names that are given.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn set_count(&mut self, count: usize) {
        self.count = count;
    }

    pub(super) fn built(self) -> (Vec<NodeProto>, Vec<TensorProto>) {
        (self.nodes, self.tensors)
    }

    pub(super) fn keep(&mut self, node: NodeProto) {
        self.nodes.push(node);
    }

    /// Adds an operator whose output has a new name, which is returned.
    pub(super) fn add(
        &mut self,
        operator: &str,
        input: &[&str],
        attribute: Vec<AttributeProto>,
    ) -> String {
        let output = self.name();
        self.add_as(&output, operator, input, attribute);
        output
    }

    /// Adds an operator whose output has this name.
    pub(super) fn add_as(
        &mut self,
        output: &str,
        operator: &str,
        input: &[&str],
        attribute: Vec<AttributeProto>,
    ) {
        let name = self.name();
        self.nodes.push(NodeProto {
            input: input.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            name,
            op_type: operator.to_owned(),
            attribute,
            ..NodeProto::default()
        });
    }

    /// A constant.
    pub(super) fn float(&mut self, value: f32) -> String {
        self.tensor(FLOAT, Vec::new(), value.to_le_bytes().to_vec())
    }

    /// A list of constants.
    pub(super) fn floats(&mut self, values: &[f32]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.tensor(FLOAT, vec![values.len() as i64], bytes.collect())
    }

    /// A constant.
    pub(super) fn int(&mut self, value: i64) -> String {
        self.tensor(INT64, Vec::new(), value.to_le_bytes().to_vec())
    }

    /// A list of constants.
    pub(super) fn ints(&mut self, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.tensor(INT64, vec![values.len() as i64], bytes.collect())
    }

    /// A part of a tensor, from `starts` to before `ends` along `axes`.
    pub(super) fn slice(&mut self, x: &str, axes: &[i64], starts: &[i64], ends: &[i64]) -> String {
        if self.opset < 10 {
            let attributes = vec![
                ints("axes", axes),
                ints("starts", starts),
                ints("ends", ends),
            ];
            return self.add("Slice", &[x], attributes);
        }
        let [starts, ends, axes] = [starts, ends, axes].map(|values| self.ints(values));
        self.add("Slice", &[x, &starts, &ends, &axes], Vec::new())
    }

    /// The same numbers as another type.
    pub(super) fn cast(&mut self, name: &str, data_type: i32) -> String {
        self.add("Cast", &[name], vec![int("to", data_type.into())])
    }

    /// The same with a name.
    pub(super) fn cast_as(&mut self, output: &str, name: &str, data_type: i32) {
        self.add_as(output, "Cast", &[name], vec![int("to", data_type.into())]);
    }

    /// A constant of any type and shape, its values as bytes.
    pub(super) fn tensor(&mut self, data_type: i32, dims: Vec<i64>, raw_data: Vec<u8>) -> String {
        let name = self.name();
        self.tensors.push(TensorProto {
            name: name.clone(),
            dims,
            data_type,
            raw_data,
            ..TensorProto::default()
        });
        name
    }

    /// A new name.
    pub(super) fn name(&mut self) -> String {
        self.count += 1;
        format!("{}{}", self.prefix, self.count)
    }
}

/// An input by its place; `None` if it is left out.
pub(super) fn input(node: &NodeProto, place: usize) -> Option<&str> {
    let name = node.input.get(place).map(String::as_str);
    name.filter(|name| !name.is_empty())
}

/// The first output's name; an operator has one, or nothing asks for it.
pub(super) fn output(node: &NodeProto) -> &str {
    node.output.first().map_or("", String::as_str)
}

pub(super) fn get<'n>(node: &'n NodeProto, name: &str) -> Option<&'n AttributeProto> {
    node.attribute.iter().find(|a| a.name == name)
}

pub(super) fn get_int(node: &NodeProto, name: &str, default: i64) -> i64 {
    get(node, name).and_then(|a| a.i).unwrap_or(default)
}

/// Whether an attribute is there and is not 0.
pub(super) fn is_set(node: &NodeProto, name: &str) -> bool {
    get_int(node, name, 0) != 0
}

pub(super) fn get_float(node: &NodeProto, name: &str, default: f32) -> f32 {
    get(node, name).and_then(|a| a.f).unwrap_or(default)
}

pub(super) fn get_string<'n>(node: &'n NodeProto, name: &str) -> &'n str {
    let bytes = get(node, name).and_then(|a| a.s.as_deref());
    bytes
        .and_then(|bytes| str::from_utf8(bytes).ok())
        .unwrap_or("")
}

/// The attributes of an operator but for some.
pub(super) fn without(node: &NodeProto, names: &[&str]) -> Vec<AttributeProto> {
    let kept = node.attribute.iter();
    kept.filter(|a| !names.contains(&a.name.as_str()))
        .cloned()
        .collect()
}

pub(super) fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        i: Some(value),
        r#type: ATTRIBUTE_INT,
        ..AttributeProto::default()
    }
}

pub(super) fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        ints: values.to_vec(),
        r#type: ATTRIBUTE_INTS,
        ..AttributeProto::default()
    }
}

pub(super) fn float(name: &str, value: f32) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        f: Some(value),
        r#type: ATTRIBUTE_FLOAT,
        ..AttributeProto::default()
    }
}

pub(super) fn string(name: &str, value: &str) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        s: Some(value.as_bytes().to_vec()),
        r#type: ATTRIBUTE_STRING,
        ..AttributeProto::default()
    }
}
