//! What a network is, before it has any weights: the input, the layers, and whether they fit together.

use serde::{Deserialize, Serialize};

use super::layer::{LayerSpec, OutputShape};
use super::memory::{self, MAX_IMAGE_BYTES, MAX_LAYER_BYTES, Memory};
use super::misfit::{Misfit, Setting};
use super::recipe::BATCH_SIZES;
use crate::older::reads_older;
use crate::pixels::{Fit, Preprocessing};

/// The most parameters a network may have: 64 MB of weights, five times that while Adam trains them.
pub const MAX_PARAMETERS: usize = 16_000_000;
/// The most values one layer may output for one image.
pub const MAX_ACTIVATIONS: usize = 4_000_000;
/// The most layers.
pub const MAX_LAYERS: usize = 200;
/// Added to the variance in batch normalisation, by Burn and in the file alike.
pub const BATCH_NORM_EPSILON: f32 = 1e-5;
/// Pixels along a side of the input.
pub const INPUT_SIDES: std::ops::RangeInclusive<usize> = 8..=128;

/// Architecture and input preprocessing.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ModelSpec {
    pub name: String,
    pub input: ImageShape,
    pub preprocessing: Preprocessing,
    pub layers: Vec<LayerSpec>,
}

// Without an input or layers it does not pass `check`.
reads_older!(ModelSpec {
    name: "name",
    input: "input",
    preprocessing: "preprocessing",
    layers: "layers",
});

/// The size of one image: 1 channel (grey) or 3 (red, green, blue), height and width in pixels.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImageShape {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
}

impl ImageShape {
    /// Values in one image; of sizes that nobody has checked, as many as there can be.
    pub fn len(&self) -> usize {
        usize::try_from(self.values()).unwrap_or(usize::MAX)
    }

    /// The same, whatever a pointer's width.
    pub fn values(&self) -> u64 {
        let sides = self.dims().map(|side| side as u64);
        sides.into_iter().fold(1, u64::saturating_mul)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `[channels, height, width]`
    pub fn dims(&self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }
}

/// A layer that does not fit, and what would.
#[derive(thiserror::Error, Clone, Debug, PartialEq)]
#[error("Layer {}: {misfit}", .layer + 1)]
pub struct SpecError {
    /// From 0.
    pub layer: usize,
    pub misfit: Misfit,
}

impl SpecError {
    pub fn code(&self) -> &'static str {
        "spec-does-not-fit"
    }
}

impl ModelSpec {
    /// The network for images of another size and kind, and for so many classes: as many units as its last dense layer
    /// then has.
    pub fn made_for(mut self, input: ImageShape, fit: Fit, classes: usize) -> Self {
        self.input = input;
        self.preprocessing.fit = fit;
        let last = self.layers.iter_mut().rev().find_map(|layer| match layer {
            LayerSpec::Dense { units } => Some(units),
            _ => None,
        });
        if let Some(units) = last {
            *units = classes;
        }
        self
    }

    /// The output shape of each layer, first to last; the last is a vector with one value (a logit) for each class.
    ///
    /// # Errors
    /// The first layer that does not fit, with what would.
    pub fn check(&self) -> Result<Vec<OutputShape>, SpecError> {
        let first = |misfit| SpecError { layer: 0, misfit };
        let ImageShape {
            channels,
            height,
            width,
        } = self.input;
        if !matches!(channels, 1 | 3) {
            return Err(first(Misfit::Channels { found: channels }));
        }
        if !(INPUT_SIDES.contains(&height) && INPUT_SIDES.contains(&width)) {
            return Err(first(Misfit::InputSize {
                height,
                width,
                least: *INPUT_SIDES.start(),
                most: *INPUT_SIDES.end(),
            }));
        }
        if self.layers.is_empty() {
            return Err(first(Misfit::NoLayers));
        }
        let walked = self.walk()?;
        match self.layers.last() {
            Some(LayerSpec::Dense { units }) if *units >= 2 => Ok(walked.outputs),
            _ => Err(SpecError {
                layer: self.layers.len() - 1,
                misfit: Misfit::LastLayer,
            }),
        }
    }

    fn walk(&self) -> Result<Walked, SpecError> {
        let mut shape = OutputShape::Map(self.input);
        let mut parameters = 0usize;
        let mut memory = Memory::of_input(shape);
        let mut least_batch = 1;
        let mut outputs = Vec::with_capacity(self.layers.len());
        for (layer, spec) in self.layers.iter().enumerate() {
            let at = |misfit| SpecError { layer, misfit };
            if layer >= MAX_LAYERS {
                return Err(at(Misfit::TooLarge {
                    what: Setting::Layers,
                    found: self.layers.len(),
                    most: MAX_LAYERS,
                }));
            }
            spec.within_reach().map_err(at)?;
            let output = spec.output(shape).map_err(at)?;
            parameters = parameters.saturating_add(spec.parameters(shape));
            memory.add(spec, shape, output);
            let own = memory::of_layer(spec, shape, output);
            within_limits(parameters, output, own, &memory).map_err(at)?;
            if spec.normalizes_single_values(shape) {
                least_batch = 2;
            }
            shape = output;
            outputs.push(output);
        }
        Ok(Walked {
            outputs,
            memory,
            least_batch,
        })
    }

    /// How many images a batch may have.
    ///
    /// # Errors
    /// As [`ModelSpec::check`].
    pub fn batch_sizes(&self) -> Result<BatchSizes, SpecError> {
        self.check()?;
        Ok(self.walk()?.batch_sizes())
    }

    /// The number of classes the last layer tells apart; 0 if there is no such layer.
    pub fn classes(&self) -> usize {
        match self.layers.last() {
            Some(LayerSpec::Dense { units }) => *units,
            _ => 0,
        }
    }

    /// Every layer with its shape and cost, as far as they fit, and the first problem if there is one.
    pub fn describe(&self) -> SpecReport {
        let problem = self.check().err();
        let mut shape = OutputShape::Map(self.input);
        let mut layers = Vec::new();
        // The last layer may be of the wrong kind and still have a shape.
        let fitting = match &problem {
            Some(error) if error.misfit != Misfit::LastLayer => error.layer,
            _ => self.layers.len(),
        };
        for spec in &self.layers[..fitting] {
            let Ok(output) = spec.output(shape) else {
                break;
            };
            layers.push(LayerReport {
                kind: spec.kind().into(),
                title: spec.title(),
                shape: output.dims(),
                parameters: spec.parameters(shape),
                multiply_adds: spec.multiply_adds(shape, output),
            });
            shape = output;
        }
        SpecReport {
            parameters: layers.iter().map(|layer| layer.parameters).sum(),
            multiply_adds: layers.iter().map(|layer| layer.multiply_adds).sum(),
            layers,
            batch_sizes: self
                .walk()
                .map_or(BatchSizes::ANY, |walked| walked.batch_sizes()),
            problem: problem.map(|error| SpecProblem {
                layer: error.layer,
                message: error.misfit.to_string(),
                misfit: error.misfit,
            }),
        }
    }
}

/// What going through the layers finds.
struct Walked {
    outputs: Vec<OutputShape>,
    memory: Memory,
    least_batch: usize,
}

impl Walked {
    fn batch_sizes(&self) -> BatchSizes {
        let most = usize::try_from(self.memory.largest_batch()).unwrap_or(usize::MAX);
        BatchSizes {
            least: self.least_batch,
            most: most.min(*BATCH_SIZES.end()),
        }
    }
}

/// Whether the network may be as large as it is with its latest layer, which needs `own` bytes itself.
fn within_limits(
    parameters: usize,
    output: OutputShape,
    own: u64,
    network: &Memory,
) -> Result<(), Misfit> {
    if parameters > MAX_PARAMETERS {
        return Err(Misfit::Parameters {
            most: MAX_PARAMETERS,
        });
    }
    if output.len() > MAX_ACTIVATIONS {
        return Err(Misfit::Activations {
            most: MAX_ACTIVATIONS,
        });
    }
    if own > MAX_LAYER_BYTES {
        return Err(Misfit::LayerMemory {
            megabytes: megabytes(own),
            most: megabytes(MAX_LAYER_BYTES),
        });
    }
    if network.training(1) > MAX_IMAGE_BYTES {
        return Err(Misfit::NetworkMemory {
            most: megabytes(MAX_IMAGE_BYTES),
        });
    }
    Ok(())
}

fn megabytes(bytes: u64) -> usize {
    usize::try_from(bytes.div_ceil(1_000_000)).unwrap_or(usize::MAX)
}

/// How many images a batch may have.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BatchSizes {
    /// 2 for a network with a batch normalisation whose variance a single image would not have.
    pub least: usize,
    /// As many as there is memory for, within [`BATCH_SIZES`].
    pub most: usize,
}

impl BatchSizes {
    const ANY: BatchSizes = BatchSizes {
        least: 1,
        most: *BATCH_SIZES.end(),
    };
}

/// A spec as the page shows it before training.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SpecReport {
    pub parameters: usize,
    /// For one image, forward.
    pub multiply_adds: u64,
    pub layers: Vec<LayerReport>,
    /// Any size if the spec does not fit.
    pub batch_sizes: BatchSizes,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub problem: Option<SpecProblem>,
}

/// One layer: its shape is without the batch.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LayerReport {
    #[cfg_attr(target_family = "wasm", tsify(type = "LayerSpec[\"kind\"]"))]
    pub kind: String,
    pub title: String,
    pub shape: Vec<usize>,
    pub parameters: usize,
    pub multiply_adds: u64,
}

/// The layer at which a spec does not fit (`layer` from 0), and what would.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SpecProblem {
    pub layer: usize,
    /// In English.
    pub message: String,
    pub misfit: Misfit,
}
