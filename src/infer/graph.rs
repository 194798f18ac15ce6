//! A file's graph by stages, for its page: what it takes and outputs, which operators, which shapes, what it costs.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use tract_onnx::prelude::*;

use super::InferError;
use super::answer::answer;
use super::engine::{engine, proto};
use crate::onnx::{self, Declared, Outline, OutlineNode};

#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ModelGraph {
    pub inputs: Vec<TensorFacts>,
    pub outputs: Vec<TensorFacts>,
    /// From the image to the answer, of the operators that it needs.
    pub stages: Vec<GraphStage>,
    /// The most frequent first.
    pub operators: Vec<OperatorCount>,
    /// Nodes in the graph, those of graphs within it not counted.
    pub nodes: usize,
    /// Of one image's answer; 0 if a size is not known.
    pub multiply_adds: f64,
    pub opset: i64,
    pub ir_version: i64,
    /// What wrote the file, with its version; may be empty.
    pub producer: String,
}

/// A tensor as the file itself declares it.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TensorFacts {
    pub name: String,
    /// As `float32`
    pub element: String,
    /// Each a number, or a name where it is not fixed.
    pub shape: Vec<String>,
}

/// Operators one behind the other whose outputs have the same height and width.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GraphStage {
    /// Of its last output, for one image: `[channels, height, width]`, `[pieces, values]` or `[values]`; empty if it is not known.
    pub shape: Vec<usize>,
    pub operators: Vec<OperatorCount>,
    pub parameters: usize,
    pub multiply_adds: f64,
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OperatorCount {
    /// As ONNX calls it, with its domain if it is not the standard's.
    pub operator: String,
    pub count: usize,
}

/// What is done to a file that [`onnx::read`] accepts. The network is not run: sizes that the file does not state are
/// those that an engine works out from the operators.
///
/// # Errors
/// If the file is broken. Shapes that cannot be told are left out.
pub fn graph(file: &[u8]) -> Result<ModelGraph, InferError> {
    let outline = onnx::outline(file)?;
    let answer = answer(&outline.facts)?.output.name;
    let shapes = Shapes::of(file, &outline, &answer);
    let stages = stages(&outline, &shapes, &answer);
    let multiply_adds = stages.iter().map(|stage| stage.multiply_adds).sum();
    let mut counts = Counts::default();
    for node in &outline.nodes {
        counts.add(node);
    }
    let told = |all: &[Declared]| all.iter().map(TensorFacts::from).collect();
    Ok(ModelGraph {
        inputs: told(&outline.inputs),
        outputs: told(&outline.outputs),
        nodes: outline.nodes.len(),
        stages,
        operators: counts.sorted(),
        multiply_adds,
        opset: outline.opset,
        ir_version: outline.ir_version,
        producer: outline.producer,
    })
}

impl From<&Declared> for TensorFacts {
    fn from(declared: &Declared) -> Self {
        TensorFacts {
            name: declared.name.clone(),
            element: declared.element.to_owned(),
            shape: declared.shape.clone(),
        }
    }
}

/// The shapes of tensors, for one image, its own dimension first.
struct Shapes<'a> {
    worked_out: HashMap<String, Vec<usize>>,
    outline: &'a Outline,
}

impl<'a> Shapes<'a> {
    fn of(file: &[u8], outline: &'a Outline, answer: &str) -> Self {
        let mut shapes = Shapes {
            worked_out: worked_out(file, outline, answer).unwrap_or_default(),
            outline,
        };
        // Weights that are kept in few bits are of the same size in many: engines have them so from the start.
        for node in outline.nodes.iter().filter(|node| keeps_shape(node)) {
            let (Some(taken), Some(made)) = (node.takes.first(), node.makes.first()) else {
                continue;
            };
            if shapes.get(made).is_none()
                && let Some(shape) = shapes.get(taken)
            {
                let shape = shape.to_vec();
                shapes.worked_out.insert(made.clone(), shape);
            }
        }
        shapes
    }

    fn get(&self, tensor: &str) -> Option<&[usize]> {
        let known = self.worked_out.get(tensor);
        let known = known.or_else(|| self.outline.weights.get(tensor));
        known
            .or_else(|| self.outline.stated.get(tensor))
            .map(Vec::as_slice)
    }
}

fn keeps_shape(node: &OutlineNode) -> bool {
    matches!(
        node.operator.as_str(),
        "DequantizeLinear" | "QuantizeLinear" | "Cast" | "Identity"
    )
}

/// What tract makes of the operators, by the names of the tensors.
fn worked_out(
    file: &[u8],
    outline: &Outline,
    answer: &str,
) -> Result<HashMap<String, Vec<usize>>, InferError> {
    let proto = proto(file, &[answer])?;
    let mut model = tract_onnx::onnx()
        .model_for_proto_model(&proto)
        .map_err(engine)?;
    let [channels, height, width] = outline.facts.input.dims();
    let image = f32::fact([1, channels, height, width]);
    model.set_input_fact(0, image.into()).map_err(engine)?;
    // Where one operator resists, the others' shapes are still good.
    let _ = model.analyse(true);
    let mut shapes = HashMap::new();
    for (node, made) in model.nodes().iter().enumerate() {
        for (slot, output) in made.outputs.iter().enumerate() {
            let sides = output.fact.shape.as_concrete_finite();
            let sides = sides.ok().flatten().map(|sides| sides.to_vec());
            let name = model.outlet_label(OutletId::new(node, slot));
            if let (Some(sides), Some(name)) = (sides, name) {
                shapes.insert(name.to_owned(), sides);
            }
        }
    }
    Ok(shapes)
}

/// What the shapes of a stage have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Size {
    /// Height and width.
    Maps(usize, usize),
    /// Pieces of an image, one behind the other.
    Pieces(usize),
    Values,
}

impl Size {
    /// `None` for what is no picture and no list of one image's: sizes that a network computes, say.
    fn of(shape: &[usize]) -> Option<Self> {
        Some(match *shape {
            [_, _, 1, 1] | [_, _] => Size::Values,
            [_, _, height, width] => Size::Maps(height, width),
            [_, pieces, _] => Size::Pieces(pieces),
            _ => return None,
        })
    }

    fn area(self) -> usize {
        match self {
            Size::Maps(height, width) => height.saturating_mul(width),
            Size::Pieces(pieces) => pieces,
            Size::Values => 1,
        }
    }

    /// Whether values of another size are only a detour, if this size comes back after it: the averages by which maps are
    /// weighed, or the pieces of an image weighed against each other.
    fn may_leave_for(self, other: Size) -> bool {
        matches!(self, Size::Pieces(_)) || other.area() < self.area()
    }
}

/// The operators that the answer needs, in their order; others, of an output beside it for instance, are on no way to it.
fn way_to<'o>(answer: &'o str, outline: &'o Outline) -> Vec<&'o OutlineNode> {
    let mut needed = HashSet::from([answer]);
    let mut way = Vec::new();
    for node in outline.nodes.iter().rev() {
        if node.makes.iter().any(|made| needed.contains(made.as_str())) {
            needed.extend(node.takes.iter().map(String::as_str));
            way.push(node);
        }
    }
    way.reverse();
    way
}

/// Weights, and what is made of nothing else: no image flows through it.
fn fixed(outline: &Outline) -> HashSet<&str> {
    let mut fixed: HashSet<&str> = outline.weights.keys().map(String::as_str).collect();
    for node in &outline.nodes {
        let mut takes = node.takes.iter().filter(|name| !name.is_empty());
        if takes.all(|name| fixed.contains(name.as_str())) {
            fixed.extend(node.makes.iter().map(String::as_str));
        }
    }
    fixed
}

fn stages(outline: &Outline, shapes: &Shapes, answer: &str) -> Vec<GraphStage> {
    let way = way_to(answer, outline);
    let fixed = fixed(outline);
    let made = |node: &OutlineNode| shapes.get(node.makes.first()?);
    let size = |node: &OutlineNode| {
        let of_image = !fixed.contains(node.makes.first()?.as_str());
        made(node).and_then(Size::of).filter(|_| of_image)
    };
    let mut last: HashMap<Size, usize> = HashMap::new();
    for (place, &node) in way.iter().enumerate() {
        last.extend(size(node).map(|size| (size, place)));
    }
    let mut counted = HashSet::new();
    let mut all: Vec<(Option<Size>, Counts, GraphStage)> = Vec::new();
    for (place, &node) in way.iter().enumerate() {
        let own = size(node);
        let current = all.last().map(|stage| stage.0);
        let goes_on = match (current, own) {
            (None, _) => false,
            (Some(_), None) | (Some(None), _) => true,
            (Some(Some(current)), Some(own)) => {
                current == own || (current.may_leave_for(own) && last[&current] > place)
            }
        };
        if !goes_on {
            all.push((own, Counts::default(), GraphStage::default()));
        }
        let Some((size, counts, stage)) = all.last_mut() else {
            continue;
        };
        *size = size.or(own);
        if own.is_some() && own == *size {
            stage.shape = of_one(made(node).unwrap_or_default());
        }
        counts.add(node);
        stage.multiply_adds += multiply_adds(node, shapes);
        stage.parameters += parameters(node, outline, &mut counted);
    }
    let told = all.into_iter().map(|(_, counts, stage)| GraphStage {
        operators: counts.sorted(),
        ..stage
    });
    told.collect()
}

/// Without the dimension of the images, and of maps of one cell only how many there are.
fn of_one(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [_, values, 1, 1] => vec![values],
        [_, ref shape @ ..] => shape.to_vec(),
        [] => Vec::new(),
    }
}

/// Values in the weights that the operator is the first to use.
fn parameters<'o>(
    node: &'o OutlineNode,
    outline: &'o Outline,
    counted: &mut HashSet<&'o str>,
) -> usize {
    let own = node.takes.iter().filter_map(|name| {
        let shape = outline.weights.get(name)?;
        counted.insert(name.as_str()).then(|| {
            shape
                .iter()
                .fold(1, |all: usize, &side| all.saturating_mul(side))
        })
    });
    own.fold(0, usize::saturating_add)
}

/// 0 where a size is not known, and for operators that have none to speak of.
fn multiply_adds(node: &OutlineNode, shapes: &Shapes) -> f64 {
    let taken = |place: usize| shapes.get(node.takes.get(place)?);
    let made = || shapes.get(node.makes.first()?);
    let count = |shape: &[usize]| shape.iter().map(|&side| side as f64).product::<f64>();
    let each = |shape: &[usize]| count(shape.get(1..).unwrap_or_default());
    let found = match node.operator.as_str() {
        "Conv" | "ConvInteger" => made().zip(taken(1)).map(|(out, w)| count(out) * each(w)),
        "QLinearConv" => made().zip(taken(3)).map(|(out, w)| count(out) * each(w)),
        "ConvTranspose" => taken(0).zip(taken(1)).map(|(x, w)| count(x) * each(w)),
        "Gemm" => made().zip(taken(1)).and_then(|(out, w)| {
            let depth = if node.turned { w.get(1) } else { w.first() };
            Some(count(out) * *depth? as f64)
        }),
        "MatMul" | "MatMulInteger" => made()
            .zip(taken(0))
            .and_then(|(out, x)| Some(count(out) * *x.last()? as f64)),
        _ => None,
    };
    found.unwrap_or(0.0)
}

/// How often which operator is there.
#[derive(Default)]
struct Counts(Vec<OperatorCount>, HashMap<String, usize>);

impl Counts {
    fn add(&mut self, node: &OutlineNode) {
        let operator = match node.domain.as_str() {
            "" => node.operator.clone(),
            domain => format!("{domain}.{}", node.operator),
        };
        let place = *self.1.entry(operator.clone()).or_insert_with(|| {
            self.0.push(OperatorCount { operator, count: 0 });
            self.0.len() - 1
        });
        self.0[place].count += 1;
    }

    /// The most frequent first; those that are as frequent, in their order.
    fn sorted(mut self) -> Vec<OperatorCount> {
        self.0.sort_by_key(|one| std::cmp::Reverse(one.count));
        self.0
    }
}
