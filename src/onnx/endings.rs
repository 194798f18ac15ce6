//! How each output of a graph ends: what its numbers are is told by the operators behind them, and never by the numbers.

use std::collections::HashMap;

use super::proto::{GraphProto, NodeProto, ValueInfoProto};
use super::source::Element;

/// Operators looked through at most; more are no ending.
const FURTHEST: usize = 32;

/// An output as the file declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputFacts {
    pub name: String,
    pub element: Element,
    /// Sides that are not fixed are `None`; missing if the file does not say, or if it is no tensor.
    pub shape: Option<Vec<Option<usize>>>,
    /// Whether it is a tensor at all, and no list or map.
    pub is_tensor: bool,
    pub ending: Ending,
}

impl OutputFacts {
    /// Numbers for each image, if the file says so.
    pub fn count(&self) -> Option<usize> {
        let sides = self.shape.as_ref()?;
        let own = if sides.len() > 1 { &sides[1..] } else { sides };
        own.iter()
            .try_fold(1usize, |product, &side| product.checked_mul(side?))
    }
}

/// What an output's last operators make of the numbers, whatever only moves, rounds or quantises them behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Softmax,
    LogSoftmax,
    Sigmoid,
    Other,
}

pub(super) fn outputs(graph: &GraphProto) -> Vec<OutputFacts> {
    let made = graph
        .node
        .iter()
        .flat_map(|node| node.output.iter().map(move |name| (name.as_str(), node)));
    let makers: HashMap<&str, &NodeProto> = made.collect();
    let outputs = graph.output.iter();
    outputs
        .map(|output| declared(output, ending(&makers, &output.name, FURTHEST)))
        .collect()
}

fn declared(output: &ValueInfoProto, ending: Ending) -> OutputFacts {
    let value = output.r#type.as_ref();
    let tensor = value.and_then(|value| value.tensor_type.as_ref());
    let sides = tensor.and_then(|tensor| tensor.shape.as_ref());
    let sides = sides.map(|shape| {
        let side = |side: Option<i64>| {
            let side = usize::try_from(side?).ok();
            side.filter(|&side| side > 0)
        };
        shape.dim.iter().map(|dim| side(dim.dim_value)).collect()
    });
    OutputFacts {
        name: output.name.clone(),
        element: tensor.map_or(Element::Other, |tensor| Element::of(tensor.elem_type)),
        shape: sides,
        is_tensor: tensor.is_some(),
        ending,
    }
}

fn ending(makers: &HashMap<&str, &NodeProto>, tensor: &str, furthest: usize) -> Ending {
    let Some(node) = makers.get(tensor).filter(|_| furthest > 0) else {
        return Ending::Other;
    };
    let of_input = || {
        let input = node.input.first().map_or("", String::as_str);
        ending(makers, input, furthest - 1)
    };
    let maker = |place: usize| {
        let name = node.input.get(place)?;
        makers.get(name.as_str()).copied()
    };
    // One operator that is calculated from what another is calculated from, too.
    let is_of = |inner: Option<&NodeProto>, kind: &str, from: &str| {
        inner.is_some_and(|inner| {
            inner.op_type == kind && inner.input.first().is_some_and(|name| name == from)
        })
    };
    let first = node.input.first().map_or("", String::as_str);
    match node.op_type.as_str() {
        "Identity" | "Cast" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" | "Transpose"
        | "QuantizeLinear" | "DequantizeLinear" | "Round" | "Clip" | "Dropout" | "Slice"
        | "Gather" | "Concat" | "Split" => of_input(),
        "Softmax" | "QLinearSoftmax" => Ending::Softmax,
        "LogSoftmax" => Ending::LogSoftmax,
        "Sigmoid" | "HardSigmoid" | "QLinearSigmoid" => Ending::Sigmoid,
        "Log" if of_input() == Ending::Softmax => Ending::LogSoftmax,
        "Exp" if of_input() == Ending::LogSoftmax => Ending::Softmax,
        // Softmax written out: eˣ / Σ eˣ.
        "Div" if maker(0).is_some_and(|m| m.op_type == "Exp") => {
            match is_of(maker(1), "ReduceSum", first) {
                true => Ending::Softmax,
                false => Ending::Other,
            }
        }
        // Log-softmax written out: x − log Σ eˣ.
        "Sub" if is_of(maker(1), "ReduceLogSumExp", first) => Ending::LogSoftmax,
        _ => Ending::Other,
    }
}
