//! The last part of a file's network, from a tensor through which everything flows to its features, as plain steps: what a
//! training can go on with.

use std::collections::{HashMap, HashSet};

use super::proto::{GraphProto, NodeProto, TensorProto};
use super::read::{decode, facts, malformed, unsupported};
use super::tensor::{dims, floats};
use super::write::FEATURES;
use super::{Facts, OnnxError};
use crate::model::weights::Weight;

/// Places that are offered at most.
const MOST_CUTS: usize = 4;

/// A place where a network can be cut in two.
#[derive(serde::Serialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TailCut {
    /// The tensor from which on the network may learn; its size for one image:
    pub tensor: String,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Weights behind it.
    pub parameters: usize,
    /// Blocks of layers behind it.
    pub blocks: usize,
}

/// What one step does. Places count the values: 0 is the tensor at the cut, and step n makes value n + 1.
#[derive(Clone, Debug, PartialEq)]
pub enum TailOperator {
    /// With one group, or as many as channels; `weight` and `bias` are places in [`Tail::weights`].
    Conv {
        weight: usize,
        bias: usize,
        size: usize,
        stride: usize,
        padding: usize,
    },
    /// No less than `low`, no more than `high`.
    Clip {
        low: f32,
        high: f32,
    },
    Relu,
    /// To the value at this place.
    Add(usize),
    /// `[channels, height, width]` → `[channels, 1, 1]`
    GlobalAveragePool,
    Flatten,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TailStep {
    /// The place of the value that it takes.
    pub input: usize,
    pub operator: TailOperator,
}

/// The part of a network behind a cut. The last step makes its features.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    pub cut: TailCut,
    /// Values in a feature vector.
    pub features: usize,
    pub steps: Vec<TailStep>,
    /// By the names of the tensors that the operators take; 8-bit ones unpacked.
    pub weights: Vec<Weight>,
}

/// Where the network may be cut, with the shortest part behind first; none if it has no features, or the part before them
/// has operators that cannot learn here.
///
/// # Errors
/// If the file is broken.
pub fn tail_cuts(file: &[u8]) -> Result<Vec<TailCut>, OnnxError> {
    let model = decode(file)?;
    let facts = facts(&model, file.len())?;
    let graph = model.graph.unwrap_or_default();
    Ok(Flow::of(&graph, &facts).cuts())
}

/// The part behind the cut at `tensor`.
///
/// # Errors
/// If the file is broken, or cannot be cut there.
pub fn tail(file: &[u8], tensor: &str) -> Result<Tail, OnnxError> {
    let model = decode(file)?;
    let facts = facts(&model, file.len())?;
    let graph = model.graph.unwrap_or_default();
    let flow = Flow::of(&graph, &facts);
    let cut = flow.cuts().into_iter().find(|cut| cut.tensor == tensor);
    let cut = cut.ok_or_else(|| {
        unsupported(format!(
            "This network cannot learn from {tensor} on: it does not all flow through it, or there are operators behind it that cannot learn here."
        ))
    })?;
    flow.behind(cut)
}

/// The operators that images flow through on their way to the features.
struct Flow<'a> {
    initial: HashMap<&'a str, &'a TensorProto>,
    /// Weights in 8 bits, by the name of what they are unpacked to.
    packed: HashMap<&'a str, &'a NodeProto>,
    nodes: Vec<&'a NodeProto>,
    /// `[channels, height, width]` of the tensors where it is known; flat ones have a height and width of 1.
    shapes: HashMap<&'a str, [usize; 3]>,
}

impl<'a> Flow<'a> {
    fn of(graph: &'a GraphProto, facts: &'a Facts) -> Self {
        let named = graph.initializer.iter().map(|t| (t.name.as_str(), t));
        let initial: HashMap<_, _> = named.collect();
        let is_packed = |node: &&NodeProto| {
            let known = |name: &String| initial.contains_key(name.as_str());
            node.op_type == "DequantizeLinear" && node.input.iter().all(known)
        };
        let packed = graph.node.iter().filter(is_packed);
        let packed: HashMap<_, _> = packed
            .filter_map(|node| Some((node.output.first()?.as_str(), node)))
            .collect();
        let mut needed = HashSet::from([FEATURES]);
        let mut nodes = Vec::new();
        for node in graph.node.iter().rev() {
            let makes = node
                .output
                .iter()
                .any(|name| needed.contains(name.as_str()));
            if makes && !is_packed(&node) {
                needed.extend(node.input.iter().map(String::as_str));
                nodes.push(node);
            }
        }
        nodes.reverse();
        let mut flow = Flow {
            initial,
            packed,
            nodes,
            shapes: HashMap::from([(facts.input_name.as_str(), facts.input.dims())]),
        };
        for node in flow.nodes.clone() {
            let shape = node.input.first().and_then(|name| {
                let input = *flow.shapes.get(name.as_str())?;
                flow.shape(node, input)
            });
            if let (Some(shape), Some(name)) = (shape, node.output.first()) {
                flow.shapes.insert(name, shape);
            }
        }
        flow
    }

    fn is_weight(&self, name: &str) -> bool {
        name.is_empty() || self.initial.contains_key(name) || self.packed.contains_key(name)
    }

    /// Dimensions of a weight, packed or not.
    fn dims(&self, name: &str) -> Option<Vec<usize>> {
        let name = match self.packed.get(name) {
            Some(node) => node.input.first()?.as_str(),
            None => name,
        };
        dims(self.initial.get(name)?)
    }

    /// What `node` makes of one image's tensor of the shape `input`; padding may differ from side to side here.
    fn shape(&self, node: &NodeProto, input: [usize; 3]) -> Option<[usize; 3]> {
        let [channels, height, width] = input;
        match node.op_type.as_str() {
            "Conv" => {
                let weight = self.dims(node.input.get(1)?)?;
                let &[filters, _, down, across] = weight.as_slice() else {
                    return None;
                };
                if attribute(node, "dilations", 2)?.iter().any(|&d| d != 1) {
                    return None;
                }
                let strides = attribute(node, "strides", 2)?;
                let pads = pads(node)?;
                let side = |side: usize, window: usize, axis: usize| {
                    let whole = side.checked_add(pads[axis])?.checked_add(pads[axis + 2])?;
                    Some(whole.checked_sub(window)? / strides[axis].max(1) + 1)
                };
                Some([filters, side(height, down, 0)?, side(width, across, 1)?])
            }
            "Clip" | "Relu" | "Add" => Some(input),
            "GlobalAveragePool" => Some([channels, 1, 1]),
            "Flatten" => Some([channels.checked_mul(height)?.checked_mul(width)?, 1, 1]),
            _ => None,
        }
    }

    fn size(&self, name: &str) -> Option<usize> {
        Some(self.shapes.get(name)?.iter().product())
    }

    /// Tensors through which everything flows, each with how many of the nodes come before; first to last.
    fn narrow(&self) -> Vec<(&'a str, usize)> {
        let mut last_use: HashMap<&str, usize> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            for name in node.input.iter().filter(|name| !self.is_weight(name)) {
                last_use.insert(name, at);
            }
        }
        let mut narrow = Vec::new();
        let mut live: HashSet<&str> = last_use
            .keys()
            .filter(|name| {
                !self
                    .nodes
                    .iter()
                    .any(|n| n.output.iter().any(|o| o == *name))
            })
            .copied()
            .collect();
        for (at, node) in self.nodes.iter().enumerate() {
            live.retain(|name| last_use[name] > at);
            let made = node.output.iter().map(String::as_str);
            live.extend(made.filter(|name| last_use.contains_key(name)));
            if let ([name], Some(made)) = (Vec::from_iter(&live).as_slice(), node.output.first())
                && **name == made
            {
                narrow.push((made.as_str(), at + 1));
            }
        }
        narrow
    }

    fn cuts(&self) -> Vec<TailCut> {
        let mut cuts: Vec<TailCut> = Vec::new();
        let narrow = self.narrow();
        for (place, &(name, before)) in narrow.iter().enumerate().rev() {
            // A block begins where what flows widens, or where it parts in two.
            let Some(&(next, until)) = narrow.get(place + 1) else {
                continue;
            };
            let begins = until > before + 1 || self.size(next) > self.size(name);
            let Some(&[channels, height, width]) = self.shapes.get(name) else {
                break;
            };
            if !begins {
                continue;
            }
            let cut = TailCut {
                tensor: name.to_owned(),
                channels,
                height,
                width,
                parameters: 0,
                blocks: cuts.len() + 1,
            };
            let Ok(tail) = self.behind(cut) else {
                break;
            };
            if !tail.weights.is_empty() {
                cuts.push(tail.cut);
            }
            if cuts.len() == MOST_CUTS {
                break;
            }
        }
        cuts
    }

    fn behind(&self, mut cut: TailCut) -> Result<Tail, OnnxError> {
        let made =
            |node: &&'a NodeProto| node.output.first().is_some_and(|name| *name == cut.tensor);
        let start = self.nodes.iter().position(made);
        let start = start.ok_or_else(|| malformed("Nothing makes the tensor of the cut."))?;
        let mut places: HashMap<&str, usize> = HashMap::from([(cut.tensor.as_str(), 0)]);
        let mut steps = Vec::new();
        let mut weights: Vec<Weight> = Vec::new();
        for node in &self.nodes[start + 1..] {
            let step = self.step(node, &places, &mut weights);
            steps.push(step.ok_or_else(|| {
                unsupported(format!("The operator {} cannot learn here.", node.op_type))
            })?);
            if let Some(name) = node.output.first() {
                places.insert(name, steps.len());
            }
        }
        let features = self.size(FEATURES);
        let features = features.ok_or_else(|| unsupported("The features have no fixed size."))?;
        if places.get(FEATURES) != Some(&steps.len()) {
            return Err(unsupported(
                "The last operator makes something else than features.",
            ));
        }
        drop(places);
        cut.parameters = weights.iter().map(|weight| weight.values.len()).sum();
        Ok(Tail {
            cut,
            features,
            steps,
            weights,
        })
    }

    fn step(
        &self,
        node: &NodeProto,
        places: &HashMap<&str, usize>,
        weights: &mut Vec<Weight>,
    ) -> Option<TailStep> {
        let input = node.input.first()?;
        let taken = *places.get(input.as_str())?;
        let operator = match node.op_type.as_str() {
            "Conv" => {
                let weight = self.weight(node.input.get(1)?)?;
                let &[filters, seen, size, across] = weight.shape.as_slice() else {
                    return None;
                };
                let [channels, ..] = *self.shapes.get(input.as_str())?;
                let pads = pads(node)?;
                let strides = attribute(node, "strides", 2)?;
                let is_square = size == across
                    && pads.iter().all(|&pad| pad == pads[0])
                    && strides[0] == strides[1]
                    && attribute(node, "dilations", 2)?.iter().all(|&d| d == 1);
                // All channels, or each its own (as many filters as channels).
                let groups = channels / seen.max(1);
                let fits = groups == 1 || (seen == 1 && filters == channels);
                if !is_square
                    || !fits
                    || self
                        .shape(node, *self.shapes.get(input.as_str())?)
                        .is_none()
                {
                    return None;
                }
                let bias = match node.input.get(2).filter(|name| !name.is_empty()) {
                    Some(name) => self.weight(name)?,
                    // Without a name in the file there is nothing to be replaced by what it learns.
                    None => return None,
                };
                if bias.shape != [filters] {
                    return None;
                }
                // What two operators share would be learned twice.
                let shared = weights
                    .iter()
                    .any(|w| w.name == weight.name || w.name == bias.name);
                if shared {
                    return None;
                }
                weights.extend([weight, bias]);
                TailOperator::Conv {
                    weight: weights.len() - 2,
                    bias: weights.len() - 1,
                    size,
                    stride: strides[0],
                    padding: pads[0],
                }
            }
            "Clip" => {
                let bound = |at: usize, none: f32| match node.input.get(at) {
                    Some(name) if !name.is_empty() => {
                        floats(self.initial.get(name.as_str())?)?.first().copied()
                    }
                    _ => Some(none),
                };
                TailOperator::Clip {
                    low: bound(1, f32::MIN)?,
                    high: bound(2, f32::MAX)?,
                }
            }
            "Relu" => TailOperator::Relu,
            "Add" => {
                let other = node.input.get(1)?;
                if self.shapes.get(other.as_str()) != self.shapes.get(input.as_str()) {
                    return None;
                }
                TailOperator::Add(*places.get(other.as_str())?)
            }
            "GlobalAveragePool" => TailOperator::GlobalAveragePool,
            "Flatten" => {
                let axis = node.attribute.iter().find(|a| a.name == "axis");
                if axis.and_then(|a| a.i).is_some_and(|axis| axis != 1) {
                    return None;
                }
                TailOperator::Flatten
            }
            _ => return None,
        };
        Some(TailStep {
            input: taken,
            operator,
        })
    }

    /// Its values; those in 8 bits as (value − zero point) × scale, along the axis that the operator names.
    fn weight(&self, name: &str) -> Option<Weight> {
        let Some(node) = self.packed.get(name) else {
            let tensor = self.initial.get(name)?;
            return Some(Weight {
                name: name.to_owned(),
                shape: dims(tensor)?,
                values: floats(tensor)?,
            });
        };
        let tensor = |at: usize| self.initial.get(node.input.get(at)?.as_str()).copied();
        let packed = tensor(0)?;
        let shape = dims(packed)?;
        let scales = floats(tensor(1)?)?;
        let zeros = match node.input.get(2).filter(|name| !name.is_empty()) {
            Some(_) => bytes(tensor(2)?)?,
            None => vec![0.0; scales.len()],
        };
        let axis = node.attribute.iter().find(|a| a.name == "axis");
        let axis = usize::try_from(axis.and_then(|a| a.i).unwrap_or(1)).ok()?;
        let values = bytes(packed)?;
        let inner: usize = shape.get(axis + 1..).unwrap_or_default().iter().product();
        let side = shape.get(axis).copied().unwrap_or(1);
        let fits = values.len() == shape.iter().product::<usize>()
            && zeros.len() == scales.len()
            && (scales.len() == 1 || scales.len() == side);
        if !fits {
            return None;
        }
        let unpacked = values.iter().enumerate().map(|(at, value)| {
            let place = if scales.len() == 1 {
                0
            } else {
                at / inner.max(1) % side
            };
            (value - zeros[place]) * scales[place]
        });
        Some(Weight {
            name: name.to_owned(),
            shape: shape.clone(),
            values: unpacked.collect(),
        })
    }
}

/// Signed or unsigned ones of 8 bits.
fn bytes(tensor: &TensorProto) -> Option<Vec<f32>> {
    match tensor.data_type {
        2 => Some(tensor.raw_data.iter().map(|&x| f32::from(x)).collect()),
        3 => Some(
            tensor
                .raw_data
                .iter()
                .map(|&x| f32::from(x as i8))
                .collect(),
        ),
        _ => None,
    }
}

/// Numbers that are 1 each if they are not given.
fn attribute(node: &NodeProto, name: &str, count: usize) -> Option<Vec<usize>> {
    let Some(found) = node.attribute.iter().find(|a| a.name == name) else {
        return Some(vec![1; count]);
    };
    let numbers = found.ints.iter().map(|&n| usize::try_from(n).ok());
    numbers
        .collect::<Option<Vec<_>>>()
        .filter(|n| n.len() == count)
}

/// Above, left, below, right.
fn pads(node: &NodeProto) -> Option<[usize; 4]> {
    let automatic = node.attribute.iter().find(|a| a.name == "auto_pad");
    if automatic.is_some_and(|a| {
        a.s.as_deref()
            .is_some_and(|s| s != b"NOTSET" && !s.is_empty())
    }) {
        return None;
    }
    match node.attribute.iter().any(|a| a.name == "pads") {
        true => attribute(node, "pads", 4)?.try_into().ok(),
        false => Some([0; 4]),
    }
}
