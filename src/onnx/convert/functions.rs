//! Operators of the file's own, made of others: each in its place as what it is made of.

use std::collections::HashMap;

use crate::onnx::proto::{FunctionProto, GraphProto, ModelProto, NodeProto};

/// Functions within functions, deeper than this, are a mistake or an attack.
const DEEPEST: usize = 16;
/// More operators than this are one too.
const MOST: usize = 100_000;

/// Puts the operators of a function in the place of each operator that is one. What is left is left for the engine to
/// refuse by name.
pub(super) fn inline(model: &mut ModelProto) {
    let functions = std::mem::take(&mut model.functions);
    let by_name: HashMap<(&str, &str), &FunctionProto> = functions
        .iter()
        .map(|function| ((function.domain.as_str(), function.name.as_str()), function))
        .collect();
    let Some(graph) = &mut model.graph else {
        return;
    };
    if by_name.is_empty() {
        return;
    }
    let mut calls = 0;
    for _ in 0..DEEPEST {
        let before = calls;
        inline_in(graph, &by_name, &mut calls);
        if calls == before || graph.node.len() > MOST {
            break;
        }
    }
}

fn inline_in(
    graph: &mut GraphProto,
    functions: &HashMap<(&str, &str), &FunctionProto>,
    calls: &mut usize,
) {
    let nodes = std::mem::take(&mut graph.node);
    for mut node in nodes {
        for attribute in &mut node.attribute {
            for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
                inline_in(inner, functions, calls);
            }
        }
        match functions.get(&(node.domain.as_str(), node.op_type.as_str())) {
            Some(function) if graph.node.len() <= MOST => {
                *calls += 1;
                graph.node.extend(body(function, &node, *calls));
            }
            _ => graph.node.push(node),
        }
    }
}

/// A function's operators for one call: its inputs and outputs by the call's names, what is inner by names of its own.
fn body(function: &FunctionProto, call: &NodeProto, number: usize) -> Vec<NodeProto> {
    let mut names: HashMap<&str, String> = HashMap::new();
    let given = function.input.iter().zip(&call.input);
    let given = given.chain(function.output.iter().zip(&call.output));
    names.extend(given.map(|(inner, outer)| (inner.as_str(), outer.clone())));
    let renamed = |name: &String| match names.get(name.as_str()) {
        Some(outer) => outer.clone(),
        None if name.is_empty() || function.input.contains(name) => String::new(),
        None => format!("hearth.call.{number}.{name}"),
    };
    let operators = function.node.iter().map(|node| {
        let mut node = node.clone();
        node.input = node.input.iter().map(renamed).collect();
        node.output = node.output.iter().map(renamed).collect();
        for attribute in &mut node.attribute {
            // An attribute of the call's, or what the function says for those that are left out.
            let asked = std::mem::take(&mut attribute.ref_attr_name);
            let usual = &function.attribute_proto;
            let mut known = call.attribute.iter().chain(usual);
            if !asked.is_empty()
                && let Some(value) = known.find(|known| known.name == asked)
            {
                let name = attribute.name.clone();
                *attribute = value.clone();
                attribute.name = name;
            }
        }
        node
    });
    operators.collect()
}
