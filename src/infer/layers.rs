use std::sync::Arc;

use serde::Serialize;
use tract_onnx::prelude::*;

use super::InferError;
use super::session::{engine, labels, seen, takes_drawings};
use crate::model::weights::Weight;
use crate::model::{LayerSpec, OutputShape};
use crate::onnx::{self, Facts, NetworkFile, OnnxError, OnnxErrorKind, PROBABILITIES};
use crate::pixels::Rgba;

/// A file opened up: one run answers with the image and with what every layer makes of it.
pub struct Layers {
    facts: Facts,
    labels: Vec<String>,
    stages: Vec<Stage>,
    weights: Vec<Weight>,
    plan: Arc<TypedRunnableModel>,
}

/// A place between two layers. The first stage is the image, the last the probabilities; between them stands what each
/// layer outputs.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Missing for the image and for the probabilities, which softmax makes.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerSpec>,
    /// `[channels, height, width]` or `[features]`
    pub shape: Vec<usize>,
    /// Where its values begin in what a run answers with.
    pub start: usize,
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
    /// `{layer}.{part}`, as in the file.
    pub name: String,
    pub shape: Vec<usize>,
    /// Where its values begin in [`Layers::weights`].
    pub start: usize,
}

impl Layers {
    /// Reads and checks the file, and prepares one plan that gives every layer's values.
    ///
    /// # Errors
    /// If the file is broken, holds a layer that Hearth does not know, or needs what tract does not have.
    pub fn load(mut file: &[u8]) -> Result<Self, InferError> {
        let network = onnx::network(file)?;
        let facts = &network.facts;
        let probabilities = facts.outputs.iter().any(|name| name == PROBABILITIES);
        let stages = stages(&network, probabilities)?;
        let [channels, height, width] = facts.input.dims();
        let input = f32::fact([1, channels, height, width]);
        let names = network.tensors.iter().map(String::as_str);
        let names = names.chain(probabilities.then_some(PROBABILITIES));
        let plan = tract_onnx::onnx()
            .model_for_read(&mut file)
            .and_then(|mut model| {
                model.select_outputs_by_name(names)?;
                model.with_input_fact(0, input.into())?.into_optimized()
            })
            .map_err(engine)?;
        check_shapes(&plan, &stages[1..])?;
        Ok(Layers {
            labels: labels(facts, network.spec.classes()),
            facts: network.facts,
            stages,
            weights: network.weights,
            plan: plan.into_runnable().map_err(engine)?,
        })
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The classes: the file's, or their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// From the image to the probabilities.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
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

    /// Whether [`Layers::drawing`] can answer.
    pub fn takes_drawings(&self) -> bool {
        takes_drawings(&self.facts)
    }

    /// One preprocessed image `[channels, height, width]` → every stage's values, one after another.
    ///
    /// # Errors
    /// If the image has another size, tract fails, or the answer is no number.
    pub fn run(&self, image: &[f32]) -> Result<Vec<f32>, InferError> {
        if image.len() != self.facts.input.len() {
            return Err(InferError::InputSize {
                needed: self.facts.input.len(),
                given: image.len(),
            });
        }
        let [channels, height, width] = self.facts.input.dims();
        let input = Tensor::from_shape(&[1, channels, height, width], image).map_err(engine)?;
        let outputs = self.plan.run(tvec!(input.into())).map_err(engine)?;
        let mut all = Vec::with_capacity(self.stages.iter().map(Stage::size).sum());
        all.extend_from_slice(image);
        for output in &outputs {
            all.extend(output.to_plain_array_view::<f32>().map_err(engine)?);
        }
        let answer = all.len() - self.stages.last().map_or(0, Stage::size);
        match all[answer..].iter().all(|value| value.is_finite()) {
            true => Ok(all),
            false => Err(InferError::NotFinite),
        }
    }

    /// An image `[channels, height, width]` of bytes → every stage's values.
    ///
    /// # Errors
    /// As [`Layers::run`].
    pub fn pixels(&self, pixels: &[u8]) -> Result<Vec<f32>, InferError> {
        let preprocessing = self.facts.preprocessing();
        let image: Vec<f32> = pixels.iter().map(|&b| preprocessing.apply(b)).collect();
        self.run(&image)
    }

    /// A drawing of any size, ink on a plain or transparent ground → every stage's values; `None` if there is no
    /// ink.
    ///
    /// # Errors
    /// As [`Layers::run`], and if the model takes no drawings.
    pub fn drawing(&self, picture: Rgba) -> Result<Option<Vec<f32>>, InferError> {
        let seen = seen(&self.facts, picture)?;
        seen.map(|seen| self.pixels(&seen)).transpose()
    }
}

/// The image, what each layer outputs, and the probabilities if the file has them.
fn stages(network: &NetworkFile, probabilities: bool) -> Result<Vec<Stage>, InferError> {
    let spec = &network.spec;
    let outputs = spec.check().map_err(|error| malformed(error.to_string()))?;
    let image = (None, OutputShape::Map(spec.input));
    let layers = spec.layers.iter().cloned().map(Some).zip(outputs);
    let softmax = (None, OutputShape::Vector(spec.classes()));
    let mut start = 0;
    let stage = |(layer, activation): (Option<LayerSpec>, OutputShape)| {
        let stage = Stage {
            layer,
            shape: activation.dims(),
            start,
        };
        start += stage.size();
        stage
    };
    let all = std::iter::once(image).chain(layers);
    let all = all.chain(probabilities.then_some(softmax));
    Ok(all.map(stage).collect())
}

/// The file's description is only believed if the network bears it out.
fn check_shapes(plan: &TypedModel, stages: &[Stage]) -> Result<(), InferError> {
    for (index, stage) in stages.iter().enumerate() {
        let fact = plan.output_fact(index).map_err(engine)?;
        let shape = fact.shape.as_concrete().unwrap_or_default();
        let alike = shape.first() == Some(&1) && shape[1..] == stage.shape;
        if fact.datum_type != f32::datum_type() || !alike {
            return Err(malformed(format!(
                "This model's description and its network disagree on what layer {} outputs.",
                index + 1
            )));
        }
    }
    Ok(())
}

fn malformed(message: String) -> InferError {
    OnnxError::new(OnnxErrorKind::Malformed, message).into()
}
