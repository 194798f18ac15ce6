use std::collections::HashMap;
use std::sync::Arc;

use prost::Message;
use serde::Serialize;
use tract_onnx::prelude::*;

use super::InferError;
use super::answer::answer;
use super::engine::{engine, proto};
use super::overview::Small;
use super::seen::{seen, seen_of_photo, takes_drawings};
use super::session::labels;
use crate::model::LayerSpec;
use crate::model::weights::{self, Weight};
use crate::onnx::{self, Facts, NetworkFile, OnnxError, OnnxErrorKind, PROBABILITIES};
use crate::pixels::Rgba;

/// What all stages of a network may hold together: 256 MB.
const MOST_VALUES: u64 = 64_000_000;
const SOFTMAX: &str = "Softmax";

/// A file opened up: one run tells the image and what every layer makes of it.
pub struct Layers {
    facts: Facts,
    labels: Vec<String>,
    stages: Vec<Stage>,
    answer: usize,
    weights: Vec<Weight>,
    plan: Arc<TypedRunnableModel>,
}

/// A place between two operators. The first stage is the image; each further one is what an operator outputs.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// The layer that outputs it; missing for the image, and for operators that are no layers of Hearth's.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerSpec>,
    /// As ONNX calls what outputs it; missing for the image and for layers of Hearth's own files.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Between which numbers the operator `Clip` keeps its values; missing for all others.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f32; 2]>,
    /// The stages that it is made of.
    pub inputs: Vec<usize>,
    /// `[channels, height, width]` or `[features]`
    pub shape: Vec<usize>,
    pub small: Small,
}

impl Stage {
    /// How many values there are.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// One array of weights among all of them.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// `{layer}.{part}`, as in Hearth's files; layer `i` outputs stage `i + 1`.
    pub name: String,
    pub shape: Vec<usize>,
    /// Where its values begin in [`Layers::weights`].
    pub start: usize,
}

/// What every stage holds for one image.
pub struct StageValues {
    image: Vec<f32>,
    outputs: TVec<TValue>,
}

impl StageValues {
    /// The values of a stage; none if there is no such stage.
    ///
    /// # Errors
    /// If tract fails.
    pub fn values(&self, stage: usize) -> Result<&[f32], InferError> {
        let Some(output) = stage.checked_sub(1) else {
            return Ok(&self.image);
        };
        let Some(output) = self.outputs.get(output) else {
            return Ok(&[]);
        };
        let values = output.to_plain_array_view::<f32>().map_err(engine)?;
        Ok(values.to_slice().unwrap_or_default())
    }
}

impl Layers {
    /// Reads and checks the file, and prepares one plan that gives every stage's values. In a chain of Hearth's layers
    /// a stage is what a layer outputs; in any other network, what an operator outputs.
    ///
    /// # Errors
    /// If the file is broken, needs what tract does not have, or holds too much.
    pub fn load(file: &[u8]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let tensor = answer(&facts)?.output.name;
        let model = proto(file, &[&tensor])?;
        let (found, weights) = match onnx::network(file) {
            Ok(network) => chain(network)?,
            Err(error) if error.kind() == OnnxErrorKind::Unsupported => {
                branching(&model.encode_to_vec())?
            }
            Err(error) => return Err(error.into()),
        };
        let (plan, shapes) = plan(&model, &facts, &found)?;
        drop(model);
        // In 64 bits: in 32 the sizes of a hostile file add up to little.
        let size = |shape: &Vec<usize>| {
            let sides = shape.iter().map(|&side| side as u64);
            sides.fold(1, u64::saturating_mul)
        };
        let all = shapes.iter().flatten().map(size);
        if all.fold(0, u64::saturating_add) > MOST_VALUES {
            return Err(refused(
                OnnxErrorKind::TooLarge,
                "What its layers output takes more memory than a page may use.",
            ));
        }
        let (stages, weights, answer) = numbered(&facts, found, shapes, weights, &tensor);
        Ok(Layers {
            labels: labels(&facts, stages[answer].size()),
            facts,
            stages,
            answer,
            weights,
            plan,
        })
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The classes: the file's, or their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// From the image to the answer, each after those that it is made of.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage that answers: probabilities, or scores where the file has none.
    pub fn answer(&self) -> usize {
        self.answer
    }

    /// Where each array is in [`Layers::weights`].
    pub fn parts(&self) -> Vec<Part> {
        let mut start = 0;
        let part = |weight: &Weight| {
            let part = Part {
                name: weight.name.clone(),
                shape: weight.shape.clone(),
                start,
            };
            start += weight.values.len();
            part
        };
        self.weights.iter().map(part).collect()
    }

    /// Every weight, one array after another.
    pub fn weights(&self) -> Vec<f32> {
        let values = self.weights.iter().flat_map(|weight| &weight.values);
        values.copied().collect()
    }

    /// The weights of one layer, one array after another.
    pub fn weights_of(&self, layer: usize) -> Vec<f32> {
        let own = self
            .weights
            .iter()
            .filter(|weight| weight.layer() == Some(layer));
        own.flat_map(|weight| &weight.values).copied().collect()
    }

    /// Whether [`Layers::drawing`] can answer.
    pub fn takes_drawings(&self) -> bool {
        takes_drawings(&self.facts)
    }

    /// One preprocessed image `[channels, height, width]` → what every stage holds.
    ///
    /// # Errors
    /// If the image has another size, tract fails, or the answer is no number.
    pub fn run(&self, image: Vec<f32>) -> Result<StageValues, InferError> {
        if image.len() != self.facts.input.len() {
            return Err(InferError::InputSize {
                needed: self.facts.input.len(),
                given: image.len(),
            });
        }
        let [channels, height, width] = self.facts.input.dims();
        let input = Tensor::from_shape(&[1, channels, height, width], &image).map_err(engine)?;
        let outputs = self.plan.run(tvec!(input.into())).map_err(engine)?;
        let run = StageValues { image, outputs };
        match run
            .values(self.answer)?
            .iter()
            .all(|value| value.is_finite())
        {
            true => Ok(run),
            false => Err(InferError::NotFinite),
        }
    }

    /// An image `[channels, height, width]` of bytes → what every stage holds.
    ///
    /// # Errors
    /// As [`Layers::run`].
    pub fn pixels(&self, pixels: &[u8]) -> Result<StageValues, InferError> {
        let preprocessing = self.facts.preprocessing();
        self.run(preprocessing.image(pixels, self.facts.input.channels))
    }

    /// A drawing of any size, ink on a plain or transparent ground → what every stage holds; `None` if there is no
    /// ink.
    ///
    /// # Errors
    /// As [`Layers::run`], and if the model takes no drawings.
    pub fn drawing(&self, picture: Rgba) -> Result<Option<StageValues>, InferError> {
        let seen = seen(&self.facts, picture)?;
        seen.map(|seen| self.pixels(&seen)).transpose()
    }

    /// A photo of any size → what every stage holds; `None` where a network for what is drawn finds nothing drawn.
    ///
    /// # Errors
    /// As [`Layers::run`].
    pub fn photo(&self, picture: Rgba) -> Result<Option<StageValues>, InferError> {
        let seen = seen_of_photo(&self.facts, picture);
        seen.map(|seen| self.pixels(&seen)).transpose()
    }

    /// A run, small: of every stage what its [`Stage::small`] says, one after another.
    ///
    /// # Errors
    /// If tract fails.
    pub fn overview(&self, run: &StageValues) -> Result<Vec<f32>, InferError> {
        let mut all = Vec::with_capacity(self.stages.iter().map(|stage| stage.small.size()).sum());
        for (index, stage) in self.stages.iter().enumerate() {
            stage.small.add(run.values(index)?, &stage.shape, &mut all);
        }
        Ok(all)
    }
}

/// What becomes a stage if tract can tell its values.
struct Found {
    layer: Option<LayerSpec>,
    operator: Option<String>,
    bounds: Option<[f32; 2]>,
    tensor: String,
    /// The tensors that it is made of.
    inputs: Vec<String>,
    /// What the file's own description says.
    shape: Option<Vec<usize>>,
}

/// A chain of layers, and the softmax if the file has it.
fn chain(network: NetworkFile) -> Result<(Vec<Found>, Vec<Weight>), InferError> {
    let NetworkFile {
        facts,
        spec,
        weights,
        tensors,
        ..
    } = network;
    let outputs = spec.check().map_err(|error| malformed(error.to_string()))?;
    let mut before = facts.input_name.clone();
    let layers = spec.layers.iter().zip(outputs).zip(tensors);
    let mut found: Vec<Found> = layers
        .map(|((layer, output), tensor)| Found {
            layer: Some(layer.clone()),
            operator: None,
            bounds: None,
            inputs: vec![std::mem::replace(&mut before, tensor.clone())],
            tensor,
            shape: Some(output.dims()),
        })
        .collect();
    if facts.outputs.iter().any(|name| name == PROBABILITIES) {
        found.push(Found {
            layer: None,
            operator: Some(SOFTMAX.to_owned()),
            bounds: None,
            tensor: PROBABILITIES.to_owned(),
            inputs: vec![before],
            shape: Some(vec![spec.classes()]),
        });
    }
    Ok((found, weights))
}

/// Every operator of the graph.
fn branching(file: &[u8]) -> Result<(Vec<Found>, Vec<Weight>), InferError> {
    let mut weights = Vec::new();
    let found = onnx::operators(file)?.into_iter().enumerate();
    let found = found.map(|(index, operator)| {
        weights.extend(operator.weights.into_iter().map(|weight| Weight {
            name: renamed(&weight.name, index),
            ..weight
        }));
        Found {
            layer: operator.layer,
            operator: Some(operator.kind),
            bounds: operator.bounds,
            tensor: operator.tensor,
            inputs: operator.inputs,
            shape: None,
        }
    });
    Ok((found.collect(), weights))
}

/// The same part of another layer.
fn renamed(name: &str, layer: usize) -> String {
    weights::name(layer, name.rsplit('.').next().unwrap_or(name))
}

type Plan = Arc<TypedRunnableModel>;
/// Without the batch: `None` for what is no list and no map of 32-bit floats.
type Shapes = Vec<Option<Vec<usize>>>;

/// A plan that outputs all that was found and can be shown, and the shape of each, without the batch: `None` for what is
/// no list and no map of 32-bit floats.
fn plan(
    model: &tract_onnx::pb::ModelProto,
    facts: &Facts,
    found: &[Found],
) -> Result<(Plan, Shapes), InferError> {
    let [channels, height, width] = facts.input.dims();
    let input = f32::fact([1, channels, height, width]);
    let names = found.iter().map(|found| found.tensor.as_str());
    let mut typed = tract_onnx::onnx()
        .model_for_proto_model(model)
        .and_then(|mut model| {
            model.select_outputs_by_name(names)?;
            model.with_input_fact(0, input.into())?.into_typed()
        })
        .map_err(engine)?;
    let mut shapes = Vec::new();
    for (index, found) in found.iter().enumerate() {
        let shape = match found.operator.as_deref() {
            // It stands for what it is made of.
            Some("Identity") => None,
            _ => shown(typed.output_fact(index).map_err(engine)?),
        };
        // The file's description is only believed if the network bears it out.
        if found.shape.is_some() && found.shape != shape {
            return Err(malformed(format!(
                "This model's description and its network disagree on what layer {} outputs.",
                index + 1
            )));
        }
        shapes.push(shape);
    }
    let outlets = typed.output_outlets().map_err(engine)?.to_vec();
    let kept = outlets.iter().zip(&shapes).filter(|(_, s)| s.is_some());
    let kept: Vec<OutletId> = kept.map(|(outlet, _)| *outlet).collect();
    typed.select_output_outlets(&kept).map_err(engine)?;
    let plan = typed
        .into_optimized()
        .and_then(TypedModel::into_runnable)
        .map_err(engine)?;
    Ok((plan, shapes))
}

/// The shape of a list or of maps.
fn shown(fact: &TypedFact) -> Option<Vec<usize>> {
    let shape = fact.shape.as_concrete()?;
    if fact.datum_type != f32::datum_type() || shape.contains(&0) {
        return None;
    }
    match *shape {
        [1, channels, height, width] => Some(vec![channels, height, width]),
        [1, height, width] => Some(vec![1, height, width]),
        [1, features] => Some(vec![features]),
        _ => None,
    }
}

/// What was found and can be shown as stages that know each other by their places; weights with the names of their
/// stages; and the stage that answers.
fn numbered(
    facts: &Facts,
    found: Vec<Found>,
    shapes: Shapes,
    weights: Vec<Weight>,
    answer: &str,
) -> (Vec<Stage>, Vec<Weight>, usize) {
    let image = facts.input.dims().to_vec();
    let mut start = 0;
    let mut small = |shape: &[usize]| {
        let small = Small::new(shape, start);
        start += small.size();
        small
    };
    let mut stages = vec![Stage {
        layer: None,
        operator: None,
        bounds: None,
        inputs: Vec::new(),
        small: small(&image),
        shape: image,
    }];
    // What is not shown stands for what it is made of.
    let mut places = HashMap::from([(facts.input_name.clone(), vec![0])]);
    let mut layers = Vec::new();
    for (found, shape) in found.into_iter().zip(shapes) {
        let mut inputs = Vec::new();
        for place in found.inputs.iter().filter_map(|name| places.get(name)) {
            inputs.extend(place);
        }
        let Some(shape) = shape else {
            // Once each: passed on and on, the same place would double every time.
            inputs.sort_unstable();
            inputs.dedup();
            places.insert(found.tensor, inputs);
            layers.push(None);
            continue;
        };
        let takes = inputs.first().map(|&input: &usize| &stages[input].shape);
        let layer = found.layer.filter(|layer| match layer {
            // A product with matrices of a sequence is none.
            LayerSpec::Dense { .. } => takes.is_some_and(|shape| shape.len() == 1),
            LayerSpec::BatchNorm => weights
                .iter()
                .filter(|weight| weight.layer() == Some(layers.len()))
                .all(|weight| weight.values.len() == shape[0]),
            _ => true,
        });
        layers.push(Some(stages.len() - 1));
        places.insert(found.tensor, vec![stages.len()]);
        stages.push(Stage {
            layer,
            operator: found.operator,
            bounds: found.bounds,
            inputs,
            small: small(&shape),
            shape,
        });
    }
    let moved = |weight: Weight| {
        let layer = weight.layer().and_then(|layer| layers[layer])?;
        let name = renamed(&weight.name, layer);
        Some(Weight { name, ..weight })
    };
    let weights = weights.into_iter().filter_map(moved).collect();
    let last = stages.len() - 1;
    let answer = places.get(answer).and_then(|places| places.first());
    (stages, weights, answer.copied().unwrap_or(last))
}

fn malformed(message: impl Into<String>) -> InferError {
    refused(OnnxErrorKind::Malformed, message)
}

fn refused(kind: OnnxErrorKind, message: impl Into<String>) -> InferError {
    OnnxError::new(kind, message).into()
}
