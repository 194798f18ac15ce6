//! Operators that the engine lacks, or computes otherwise than the standard says, in terms of those that it has.

mod other;
mod quantised;

use std::collections::HashMap;

use crate::onnx::OnnxError;
use crate::onnx::proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, FLOAT, GraphProto, INT64, ModelProto, NodeProto,
    TensorProto,
};
use crate::onnx::read::refused;

/// # Errors
/// If a setting of an operator can be given in no way, which names the operator and the setting.
pub(super) fn replace(model: &mut ModelProto) -> Result<(), OnnxError> {
    let sets = model.opset_import.iter();
    let mut sets = sets.filter(|set| set.domain.is_empty() || set.domain == "ai.onnx");
    let opset = sets.next().map_or(1, |set| set.version);
    match &mut model.graph {
        Some(graph) => replace_in(graph, opset, &mut 0),
        None => Ok(()),
    }
}

fn replace_in(graph: &mut GraphProto, opset: i64, names: &mut usize) -> Result<(), OnnxError> {
    let nodes = std::mem::take(&mut graph.node);
    let mut to = Rewritten {
        opset,
        names,
        tensors: HashMap::new(),
        nodes: Vec::with_capacity(nodes.len()),
        new: Vec::new(),
    };
    for tensor in std::mem::take(&mut graph.initializer) {
        to.tensors.insert(tensor.name.clone(), tensor);
    }
    for mut node in nodes {
        for attribute in &mut node.attribute {
            for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
                replace_in(inner, opset, to.names)?;
            }
        }
        if !quantised::replaced(&node, &mut to)? && !other::replaced(&node, &mut to)? {
            to.nodes.push(node);
        }
    }
    graph.node = to.nodes;
    graph.initializer = to.tensors.into_values().chain(to.new).collect();
    graph.initializer.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// A graph as it becomes, operator by operator.
struct Rewritten<'a> {
    opset: i64,
    names: &'a mut usize,
    tensors: HashMap<String, TensorProto>,
    nodes: Vec<NodeProto>,
    new: Vec<TensorProto>,
}

impl Rewritten<'_> {
    fn name(&mut self) -> String {
        *self.names += 1;
        format!("hearth.{}", self.names)
    }

    /// An operator whose output has a name of its own.
    fn add(&mut self, operator: &str, input: &[&str], attributes: Vec<AttributeProto>) -> String {
        let output = self.name();
        self.put(operator, input, attributes, &output);
        output
    }

    /// An operator that makes `output`.
    fn put(
        &mut self,
        operator: &str,
        input: &[&str],
        attribute: Vec<AttributeProto>,
        output: &str,
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

    /// A single number.
    fn scalar(&mut self, value: f32) -> String {
        self.floats(&[value], &[])
    }

    fn floats(&mut self, values: &[f32], dims: &[i64]) -> String {
        let name = self.name();
        self.new.push(TensorProto {
            name: name.clone(),
            dims: dims.to_vec(),
            data_type: FLOAT,
            raw_data: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
            ..TensorProto::default()
        });
        name
    }

    fn whole(&mut self, values: &[i64]) -> String {
        let name = self.name();
        self.new.push(TensorProto {
            name: name.clone(),
            dims: vec![values.len() as i64],
            data_type: INT64,
            raw_data: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
            ..TensorProto::default()
        });
        name
    }
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|a| a.name == name)
}

fn float_of(node: &NodeProto, name: &str, missing: f32) -> f32 {
    attribute(node, name).and_then(|a| a.f).unwrap_or(missing)
}

fn int_of(node: &NodeProto, name: &str, missing: i64) -> i64 {
    attribute(node, name).and_then(|a| a.i).unwrap_or(missing)
}

fn ints_of<'a>(node: &'a NodeProto, name: &str) -> &'a [i64] {
    attribute(node, name).map_or(&[], |a| &a.ints)
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

/// The input at a place; nothing if it is left out.
fn input(node: &NodeProto, place: usize) -> Option<&str> {
    let name = node.input.get(place).map(String::as_str);
    name.filter(|name| !name.is_empty())
}

fn output(node: &NodeProto) -> &str {
    node.output.first().map_or("", String::as_str)
}

/// The operator has a setting that Hearth cannot give.
fn cannot(node: &NodeProto, setting: &str) -> OnnxError {
    refused(
        "onnx-setting",
        [node.op_type.clone(), setting.to_owned()],
        format!(
            "This model needs the operator {} with {setting}, which Hearth does not have.",
            node.op_type
        ),
    )
}
