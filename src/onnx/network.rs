//! A file as a network again: its layers, and its weights in Burn's layout.
//!
//! Hearth's own files say their layers in the metadata. In a file from elsewhere the graph is followed from the image
//! to the answer: if it is one chain of operators that Hearth has as layers it becomes a spec, otherwise the first
//! operator that has no layer is named.

use std::collections::HashMap;

use super::proto::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};
use super::read::{decode, facts, malformed, not_finite, unsupported};
use super::tensor::{dims, floats, integers};
use super::write::tensors;
use super::{Checkpoint, Facts, OnnxError};
use crate::model::weights::{self, Weight};
use crate::model::{BATCH_NORM_EPSILON, LayerSpec, MAX_LAYERS, ModelSpec};

/// What a file holds, ready to be trained on or looked into.
#[derive(Clone, Debug)]
pub struct NetworkFile {
    pub facts: Facts,
    pub spec: ModelSpec,
    /// In the order of [`weights::shapes`].
    pub weights: Vec<Weight>,
    /// The name of the tensor that each layer outputs; the last holds the logits.
    pub tensors: Vec<String>,
    /// Where the training that wrote the file stood.
    pub checkpoint: Option<Checkpoint>,
}

/// Reads the file, checks it, and finds its layers.
///
/// # Errors
/// If the file is broken, or holds an operator (which is named) that is no layer of Hearth's.
pub fn network(file: &[u8]) -> Result<NetworkFile, OnnxError> {
    let model = decode(file)?;
    let facts = facts(&model, file.len())?;
    let graph = model
        .graph
        .as_ref()
        .ok_or_else(|| malformed("This model holds no network."))?;
    let checkpoint = Checkpoint::of(graph, &model.metadata_props);
    let (spec, weights, tensors) = match facts.metadata.spec.clone() {
        Some(spec) => own(spec, graph)?,
        None => elsewhere(&model, graph, &facts)?,
    };
    let broken = |weight: &&Weight| !weight.values.iter().all(|value| value.is_finite());
    if let Some(weight) = weights.iter().find(broken) {
        return Err(not_finite(&weight.name));
    }
    Ok(NetworkFile {
        facts,
        spec,
        weights,
        tensors,
        checkpoint,
    })
}

type Found = (ModelSpec, Vec<Weight>, Vec<String>);

/// A file of Hearth's: the weights have the names that [`weights::shapes`] gives them.
fn own(spec: ModelSpec, graph: &GraphProto) -> Result<Found, OnnxError> {
    let needed = weights::shapes(&spec).map_err(|error| malformed(error.to_string()))?;
    let weights = needed
        .into_iter()
        .map(|(name, shape)| {
            let tensor = graph.initializer.iter().find(|tensor| tensor.name == name);
            let tensor =
                tensor.ok_or_else(|| malformed(format!("The weight {name} is missing.")))?;
            let values = floats(tensor).filter(|_| dims(tensor).as_ref() == Some(&shape));
            let values = values
                .ok_or_else(|| malformed(format!("The weight {name} has the wrong shape.")))?;
            Ok(Weight {
                name,
                shape,
                values,
            })
        })
        .collect::<Result<_, OnnxError>>()?;
    let tensors = tensors(spec.layers.len());
    let made = |name: &String| graph.node.iter().any(|node| node.output.contains(name));
    match tensors.iter().find(|name| !made(name)) {
        Some(name) => Err(malformed(format!("Nothing in this model makes {name}."))),
        None => Ok((spec, weights, tensors)),
    }
}

fn elsewhere(model: &ModelProto, graph: &GraphProto, facts: &Facts) -> Result<Found, OnnxError> {
    let mut walk = Walk {
        at: facts.input_name.clone(),
        features: facts.input.channels,
        ..Walk::new(model, graph)
    };
    // Each step leaves an operator behind; a graph that leads in a circle has no end.
    for _ in 0..=graph.node.len() {
        if !walk.step()? {
            break;
        }
        if walk.layers.len() > MAX_LAYERS {
            return Err(unsupported(format!(
                "It has more than {MAX_LAYERS} layers, so it can be used but not trained."
            )));
        }
    }
    let spec = ModelSpec {
        name: facts.name.clone(),
        input: facts.input,
        preprocessing: facts.preprocessing(),
        layers: walk.layers,
    };
    // What does not fit together here is a file that contradicts itself, or is larger than Hearth trains.
    let needed = weights::shapes(&spec).map_err(|error| unsupported(error.to_string()))?;
    let fits = needed.len() == walk.weights.len()
        && needed
            .iter()
            .zip(&walk.weights)
            .all(|((name, shape), weight)| *name == weight.name && *shape == weight.shape);
    if !fits {
        return Err(malformed(
            "The weights of this model do not have the sizes that its layers need.",
        ));
    }
    Ok((spec, walk.weights, walk.tensors))
}

/// Initialisers, and constants that are operators.
fn constants(graph: &GraphProto) -> HashMap<&str, &TensorProto> {
    let initializers = graph
        .initializer
        .iter()
        .map(|tensor| (tensor.name.as_str(), tensor));
    let operators = graph.node.iter().filter(|node| node.op_type == "Constant");
    let values = operators.filter_map(|node| {
        let tensor = attribute(node, "value")?.t.as_ref()?;
        Some((node.output.first()?.as_str(), tensor))
    });
    initializers.chain(values).collect()
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute
        .iter()
        .find(|attribute| attribute.name == name)
}

/// Some writers leave out a number that is 0, but not its attribute.
fn int(node: &NodeProto, name: &str, missing: i64) -> i64 {
    attribute(node, name).map_or(missing, |attribute| attribute.i.unwrap_or(0))
}

/// As [`int`].
fn float(node: &NodeProto, name: &str, missing: f32) -> f32 {
    attribute(node, name).map_or(missing, |attribute| attribute.f.unwrap_or(0.0))
}

/// The number as people wrote it: 0.3, not 0.30000001192092896.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// All values of a list if they are the same, `missing` if there are none.
fn same(node: &NodeProto, name: &str, missing: usize) -> Result<usize, OnnxError> {
    let list = attribute(node, name).map_or(&[][..], |attribute| &attribute.ints);
    match list {
        [] => Ok(missing),
        [first, rest @ ..] if rest.iter().all(|side| side == first) => {
            usize::try_from(*first).map_err(|_| cannot(node, &format!("has negative {name}")))
        }
        _ => Err(cannot(
            node,
            &format!("has {name} that differ in their directions"),
        )),
    }
}

fn cannot(node: &NodeProto, what: &str) -> OnnxError {
    unsupported(format!(
        "Its operator {} {what}, so it can be used but not trained.",
        called(node)
    ))
}

/// The operator's type, and its name if it has one.
fn called(node: &NodeProto) -> String {
    match node.name.as_str() {
        "" => node.op_type.clone(),
        name => format!("{} ({name})", node.op_type),
    }
}

/// A walk through a graph, one layer after another.
pub(super) struct Walk<'a> {
    graph: &'a GraphProto,
    opset: i64,
    constants: HashMap<&'a str, &'a TensorProto>,
    /// The tensor reached.
    at: String,
    /// Channels of the tensor reached, or the length of a vector.
    features: usize,
    layers: Vec<LayerSpec>,
    weights: Vec<Weight>,
    tensors: Vec<String>,
}

impl<'a> Walk<'a> {
    /// Before the first step; nothing has been reached.
    pub(super) fn new(model: &'a ModelProto, graph: &'a GraphProto) -> Self {
        let opset = model.opset_import.iter().find(|set| set.domain.is_empty());
        Walk {
            graph,
            opset: opset.map_or(0, |set| set.version),
            constants: constants(graph),
            at: String::new(),
            features: 0,
            layers: Vec::new(),
            weights: Vec::new(),
            tensors: Vec::new(),
        }
    }

    /// One operator by itself, wherever it stands in the graph: the layer that it is, with the layer's weights as those
    /// of layer 0. Of padding that differs from side to side only what lies before the first row and column is told:
    /// with the output's shape that says which patch a cell is made of. `None` for what is none of Hearth's layers.
    pub(super) fn alone(&mut self, node: &'a NodeProto) -> Option<(LayerSpec, Vec<Weight>)> {
        self.layers.clear();
        self.weights.clear();
        self.at = node.input.first().cloned().unwrap_or_default();
        match node.op_type.as_str() {
            "Conv" => {
                self.features = usize::try_from(int(node, "group", 1)).ok()?;
                self.padded_conv(node, leading_pads(node)?).ok()?;
            }
            "MatMul" => {
                let (shape, values) = self.matrix(node, false).ok()?;
                self.dense(shape, values, vec![0.0; shape[1]], node);
            }
            "Softmax" | "LogSoftmax" => return None,
            _ => self.layer(node).ok()?,
        }
        let layer = self.layers.pop()?;
        Some((layer, std::mem::take(&mut self.weights)))
    }

    /// The one number that an input is, if it is a constant.
    fn number(&self, node: &NodeProto, place: usize) -> Option<f32> {
        self.constant(node, place).ok()?.1.first().copied()
    }

    /// Between which numbers `Clip` keeps its values: inputs since opset 11, attributes before. `None` if they are not
    /// known beforehand.
    pub(super) fn bounds(&self, node: &NodeProto) -> Option<[f32; 2]> {
        let (least, most) = (f32::NEG_INFINITY, f32::INFINITY);
        if self.opset < 11 {
            return Some([float(node, "min", least), float(node, "max", most)]);
        }
        let bound = |place: usize, missing| match node.input.get(place) {
            Some(name) if !name.is_empty() => self.number(node, place),
            _ => Some(missing),
        };
        Some([bound(1, least)?, bound(2, most)?])
    }

    /// Follows one layer; false at the end.
    fn step(&mut self) -> Result<bool, OnnxError> {
        let users = self.users(&self.at);
        let node = match users.as_slice() {
            [] => return Ok(false),
            [node] => *node,
            _ => return self.gelu(&users).map(|()| true),
        };
        match node.op_type.as_str() {
            "MatMul" => self.matmul(node)?,
            "Softmax" | "LogSoftmax" => {
                // The head: Hearth adds its own.
                let output = node.output.first().map_or("", String::as_str);
                if !self.users(output).is_empty() {
                    return Err(cannot(node, "is not at the end"));
                }
                self.pass(node);
            }
            _ => self.layer(node)?,
        }
        Ok(true)
    }

    /// An operator that is a layer by itself.
    fn layer(&mut self, node: &NodeProto) -> Result<(), OnnxError> {
        match node.op_type.as_str() {
            "Conv" => self.padded_conv(node, same(node, "pads", 0)?)?,
            "Gemm" => self.gemm(node)?,
            "Relu" => self.push(LayerSpec::Relu, node),
            "LeakyRelu" => {
                let slope = decimal(float(node, "alpha", 0.01));
                self.push(LayerSpec::LeakyRelu { slope }, node);
            }
            "Sigmoid" => self.push(LayerSpec::Sigmoid, node),
            "Tanh" => self.push(LayerSpec::Tanh, node),
            "Gelu" if !text(node, "approximate", "none") => {
                return Err(cannot(node, "is the tanh approximation"));
            }
            "Gelu" => self.push(LayerSpec::Gelu, node),
            "MaxPool" | "AveragePool" => self.pool(node)?,
            "GlobalAveragePool" => self.push(LayerSpec::GlobalAvgPool, node),
            "BatchNormalization" => self.batch_norm(node)?,
            "Dropout" => {
                let rate = self.ratio(node);
                self.push(LayerSpec::Dropout { rate }, node);
            }
            "Flatten" if int(node, "axis", 1) == 1 => self.push(LayerSpec::Flatten, node),
            "Reshape" => self.reshape(node)?,
            "Identity" => self.pass(node),
            _ => return Err(cannot(node, "is none of Hearth's layers")),
        }
        Ok(())
    }

    /// The operators that take `tensor`, but for outputs of the file.
    fn users(&self, tensor: &str) -> Vec<&'a NodeProto> {
        let nodes = self.graph.node.iter();
        nodes
            .filter(|node| node.input.iter().any(|input| input == tensor))
            .collect()
    }

    fn push(&mut self, layer: LayerSpec, node: &NodeProto) {
        self.layers.push(layer);
        self.pass(node);
        self.tensors.push(self.at.clone());
    }

    /// Goes on behind an operator that changes nothing.
    fn pass(&mut self, node: &NodeProto) {
        self.at = node.output.first().cloned().unwrap_or_default();
    }

    fn keep(&mut self, part: &str, shape: Vec<usize>, values: Vec<f32>) {
        self.weights
            .push(Weight::new(self.layers.len(), part, shape, values));
    }

    /// The values and shape of the operator's `place`-th input, which must be a constant.
    fn constant(
        &self,
        node: &NodeProto,
        place: usize,
    ) -> Result<(Vec<usize>, Vec<f32>), OnnxError> {
        let name = node.input.get(place).map_or("", String::as_str);
        let tensor = self
            .constants
            .get(name)
            .ok_or_else(|| cannot(node, "has weights that are calculated"))?;
        dims(tensor)
            .zip(floats(tensor))
            .ok_or_else(|| cannot(node, "has weights that are no 32-bit floats"))
    }

    /// The bias at input `place`, or zeros.
    fn bias(&self, node: &NodeProto, place: usize, count: usize) -> Result<Vec<f32>, OnnxError> {
        if node.input.get(place).is_none_or(String::is_empty) {
            return Ok(vec![0.0; count]);
        }
        let (_, values) = self.constant(node, place)?;
        match values.len() {
            n if n == count => Ok(values),
            1 => Ok(vec![values[0]; count]),
            _ => Err(cannot(node, "has a bias of another size")),
        }
    }

    fn padded_conv(&mut self, node: &NodeProto, padding: usize) -> Result<(), OnnxError> {
        explicit_padding(node)?;
        let (shape, values) = self.constant(node, 1)?;
        let &[filters, seen, height, width] = shape.as_slice() else {
            return Err(cannot(node, "has no two-dimensional kernel"));
        };
        if height != width {
            return Err(cannot(node, "has a kernel that is not square"));
        }
        if same(node, "dilations", 1)? != 1 {
            return Err(cannot(node, "is dilated"));
        }
        let stride = same(node, "strides", 1)?;
        let groups = usize::try_from(int(node, "group", 1)).unwrap_or(0);
        let layer = match groups {
            1 => LayerSpec::Conv {
                filters,
                kernel: height,
                stride,
                padding,
            },
            n if n == self.features && filters == n && seen == 1 => LayerSpec::Depthwise {
                kernel: height,
                stride,
                padding,
            },
            _ => return Err(cannot(node, "is grouped")),
        };
        let bias = self.bias(node, 2, filters)?;
        self.keep("weight", shape, values);
        self.keep("bias", vec![filters], bias);
        self.features = filters;
        self.push(layer, node);
        Ok(())
    }

    fn gemm(&mut self, node: &NodeProto) -> Result<(), OnnxError> {
        let plain = int(node, "transA", 0) == 0
            && float(node, "alpha", 1.0) == 1.0
            && float(node, "beta", 1.0) == 1.0;
        if !plain {
            return Err(cannot(node, "transposes or scales"));
        }
        let (shape, values) = self.matrix(node, int(node, "transB", 0) != 0)?;
        let bias = self.bias(node, 2, shape[1])?;
        self.dense(shape, values, bias, node);
        Ok(())
    }

    /// A dense layer as a product, and a sum after it if it has a bias.
    fn matmul(&mut self, node: &'a NodeProto) -> Result<(), OnnxError> {
        let (shape, values) = self.matrix(node, false)?;
        let product = node.output.first().map_or("", String::as_str);
        let users = self.users(product);
        let (bias, last) = match users.as_slice() {
            [add] if add.op_type == "Add" => {
                let place = usize::from(add.input.first().is_some_and(|first| first == product));
                (self.bias(add, place, shape[1])?, *add)
            }
            _ => (vec![0.0; shape[1]], node),
        };
        self.dense(shape, values, bias, last);
        Ok(())
    }

    /// The weights of a dense layer as `[inputs, units]`.
    fn matrix(&self, node: &NodeProto, turned: bool) -> Result<([usize; 2], Vec<f32>), OnnxError> {
        let (shape, values) = self.constant(node, 1)?;
        let &[rows, columns] = shape.as_slice() else {
            return Err(cannot(node, "has weights that are no matrix"));
        };
        if !turned {
            return Ok(([rows, columns], values));
        }
        let column = |column: usize| values.iter().skip(column).step_by(columns.max(1));
        let values = (0..columns).flat_map(column).copied().collect();
        Ok(([columns, rows], values))
    }

    fn dense(&mut self, shape: [usize; 2], values: Vec<f32>, bias: Vec<f32>, last: &NodeProto) {
        let units = shape[1];
        self.keep("weight", shape.to_vec(), values);
        self.keep("bias", vec![units], bias);
        self.features = units;
        self.push(LayerSpec::Dense { units }, last);
    }

    fn pool(&mut self, node: &NodeProto) -> Result<(), OnnxError> {
        explicit_padding(node)?;
        if same(node, "pads", 0)? != 0 {
            return Err(cannot(node, "is padded"));
        }
        if int(node, "ceil_mode", 0) != 0 {
            return Err(cannot(node, "rounds its size up"));
        }
        if same(node, "dilations", 1)? != 1 {
            return Err(cannot(node, "is dilated"));
        }
        let (size, stride) = (same(node, "kernel_shape", 0)?, same(node, "strides", 1)?);
        let layer = match node.op_type.as_str() {
            "MaxPool" => LayerSpec::MaxPool { size, stride },
            _ => LayerSpec::AvgPool { size, stride },
        };
        self.push(layer, node);
        Ok(())
    }

    fn batch_norm(&mut self, node: &NodeProto) -> Result<(), OnnxError> {
        // Hearth's epsilon is the same everywhere: what another is larger by goes into the variance.
        let more = float(node, "epsilon", 1e-5) - BATCH_NORM_EPSILON;
        for (place, part) in (1..).zip(["scale", "bias", "mean", "variance"]) {
            let (shape, mut values) = self.constant(node, place)?;
            if part == "variance" {
                values
                    .iter_mut()
                    .for_each(|value| *value = (*value + more).max(0.0));
            }
            self.keep(part, shape, values);
        }
        self.push(LayerSpec::BatchNorm, node);
        Ok(())
    }

    /// Dropout's share: an input since opset 12, an attribute before, ½ if neither is given.
    fn ratio(&self, node: &NodeProto) -> f64 {
        let given = match self.opset {
            ..12 => attribute(node, "ratio").and_then(|ratio| ratio.f),
            _ => self
                .constant(node, 1)
                .ok()
                .and_then(|(_, values)| values.first().copied()),
        };
        given.map_or(0.5, decimal)
    }

    /// A reshape to `[batch, everything else]` is a Flatten.
    fn reshape(&mut self, node: &NodeProto) -> Result<(), OnnxError> {
        let shape = node
            .input
            .get(1)
            .and_then(|name| self.constants.get(name.as_str()));
        match shape.and_then(|tensor| integers(tensor)).as_deref() {
            Some([-1..=1, length]) if *length != 0 => {
                self.push(LayerSpec::Flatten, node);
                Ok(())
            }
            _ => Err(cannot(node, "gives another shape than a vector")),
        }
    }

    /// Of opsets before 20 GELU is five operators: `x × (erf(x / √2) + 1) × ½`.
    fn gelu(&mut self, users: &[&'a NodeProto]) -> Result<(), OnnxError> {
        // The last of those that take the same values is where the branches meet.
        let meeting = users.last().copied().unwrap_or(users[0]);
        let branches = || {
            cannot(
                meeting,
                "is none of Hearth's layers: they form a single chain",
            )
        };
        let first = users
            .iter()
            .find(|node| node.op_type == "Div")
            .ok_or_else(branches)?;
        let (mut node, mut chain) = (*first, Vec::new());
        for op_type in ["Erf", "Add", "Mul", "Mul"] {
            let output = node.output.first().map_or("", String::as_str);
            node = match self.users(output).as_slice() {
                [next] if next.op_type == op_type => next,
                _ => return Err(branches()),
            };
            chain.push(node);
        }
        let takes_x = chain[2].input.contains(&self.at);
        let constant = |node: &NodeProto| {
            let mut inputs = node.input.iter();
            let tensor = inputs.find_map(|name| self.constants.get(name.as_str()))?;
            floats(tensor)?.first().copied()
        };
        let near = |found: Option<f32>, value: f32| found.is_some_and(|f| (f - value).abs() < 1e-4);
        let constants = near(constant(first), std::f32::consts::SQRT_2)
            && near(constant(chain[1]), 1.0)
            && near(constant(node), 0.5);
        if !(constants && takes_x && users.len() == 2) {
            return Err(branches());
        }
        self.push(LayerSpec::Gelu, node);
        Ok(())
    }
}

/// The padding before the first row, if that before the first column is the same.
fn leading_pads(node: &NodeProto) -> Option<usize> {
    let pads = attribute(node, "pads").map_or(&[][..], |pads| &pads.ints);
    match pads {
        [] => Some(0),
        [top, left, ..] if top == left => usize::try_from(*top).ok(),
        _ => None,
    }
}

/// Whether a text attribute is `value`, or missing.
fn text(node: &NodeProto, name: &str, value: &str) -> bool {
    let found = attribute(node, name).and_then(|attribute| attribute.s.as_deref());
    found.is_none_or(|found| found == value.as_bytes())
}

fn explicit_padding(node: &NodeProto) -> Result<(), OnnxError> {
    if text(node, "auto_pad", "NOTSET") || text(node, "auto_pad", "VALID") {
        Ok(())
    } else {
        Err(cannot(node, "chooses its padding by itself"))
    }
}
