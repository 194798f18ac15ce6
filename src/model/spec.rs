//! What a network is, before it has any weights: the input, the layers, and whether they fit together.

use serde::{Deserialize, Serialize};

/// The most parameters a network may have: 64 MB of weights, three times that while Adam trains them.
pub const MAX_PARAMETERS: usize = 16_000_000;
/// Added to the variance in batch normalisation, by Burn and in the file alike.
pub const BATCH_NORM_EPSILON: f32 = 1e-5;
/// The most values one layer may put out for one image.
pub const MAX_ACTIVATIONS: usize = 4_000_000;

/// Architecture and input preprocessing.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ModelSpec {
    pub name: String,
    pub input: ImageShape,
    pub preprocessing: Preprocessing,
    pub layers: Vec<LayerSpec>,
}

/// The size of one image: 1 channel (grey) or 3 (red, green, blue), height and width in pixels.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImageShape {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
}

impl ImageShape {
    /// Values in one image.
    pub fn len(&self) -> usize {
        self.channels * self.height * self.width
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `[channels, height, width]`
    pub fn dims(&self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }
}

/// How a picture becomes the network's input.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Preprocessing {
    pub fit: Fit,
    /// Each byte `b` becomes `(b − offset) × scale`.
    pub offset: f32,
    pub scale: f32,
}

impl Preprocessing {
    /// Ink cropped and centred as in MNIST, bytes divided by 255.
    pub const DIGIT: Preprocessing = Preprocessing {
        fit: Fit::Digit,
        offset: 0.0,
        scale: 1.0 / 255.0,
    };

    pub fn apply(&self, byte: u8) -> f32 {
        (f32::from(byte) - self.offset) * self.scale
    }
}

/// How a picture of any size is brought to the input's size.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Fit {
    /// The ink is found, scaled to fit 20×20 and put with its centre of mass in the middle of 28×28.
    Digit,
}

/// One layer. Sizes are in pixels, the same in both directions.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LayerSpec {
    /// A discrete two-dimensional cross-correlation with a bias for each filter.
    Conv {
        filters: usize,
        kernel: usize,
        stride: usize,
        /// Zeros added on each side.
        padding: usize,
    },
    Relu,
    MaxPool {
        size: usize,
        stride: usize,
    },
    BatchNorm,
    /// Sets a share `rate` of the values to zero while training and scales the others by `1 / (1 − rate)`.
    Dropout {
        rate: f64,
    },
    Flatten,
    /// Every output is a weighted sum of every input, plus a bias.
    Dense {
        units: usize,
    },
}

/// What one layer puts out for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `[channels, height, width]`
    Map(ImageShape),
    /// `[features]`
    Vector(usize),
}

impl Activation {
    pub fn len(&self) -> usize {
        match self {
            Activation::Map(shape) => shape.len(),
            Activation::Vector(features) => *features,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape without the batch.
    pub fn dims(&self) -> Vec<usize> {
        match self {
            Activation::Map(shape) => shape.dims().to_vec(),
            Activation::Vector(features) => vec![*features],
        }
    }
}

/// A layer that does not fit, and what would.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("Layer {}: {message}", .layer + 1)]
pub struct SpecError {
    /// From 0.
    pub layer: usize,
    pub message: String,
}

impl SpecError {
    pub fn code(&self) -> &'static str {
        "spec-does-not-fit"
    }
}

impl LayerSpec {
    /// What this layer makes of `input`, or why it cannot.
    fn output(&self, input: Activation) -> Result<Activation, String> {
        match (self, input) {
            (
                LayerSpec::Conv {
                    filters,
                    kernel,
                    stride,
                    padding,
                },
                Activation::Map(shape),
            ) => {
                at_least_one("filters", *filters)?;
                if padding >= kernel {
                    return Err(format!(
                        "a padding of {padding} is as wide as the {kernel}×{kernel} kernel: choose less than {kernel}"
                    ));
                }
                let (height, width) = window(shape, *kernel, *stride, *padding)?;
                Ok(Activation::Map(ImageShape {
                    channels: *filters,
                    height,
                    width,
                }))
            }
            (LayerSpec::MaxPool { size, stride }, Activation::Map(shape)) => {
                let (height, width) = window(shape, *size, *stride, 0)?;
                Ok(Activation::Map(ImageShape {
                    height,
                    width,
                    ..shape
                }))
            }
            (LayerSpec::Dense { units }, Activation::Vector(_)) => {
                at_least_one("units", *units)?;
                Ok(Activation::Vector(*units))
            }
            (LayerSpec::Flatten, Activation::Map(shape)) => Ok(Activation::Vector(shape.len())),
            (LayerSpec::Dropout { rate }, _) => {
                if (0.0..1.0).contains(rate) {
                    Ok(input)
                } else {
                    Err(format!(
                        "a dropout rate of {rate} is outside 0 to below 1: try 0.5"
                    ))
                }
            }
            (LayerSpec::Relu | LayerSpec::BatchNorm, _) => Ok(input),
            (LayerSpec::Dense { .. }, Activation::Map(_)) => {
                Err("a dense layer takes a vector: put Flatten before it".into())
            }
            (LayerSpec::Flatten, Activation::Vector(_)) => {
                Err("this is a vector already: leave this Flatten out".into())
            }
            (LayerSpec::Conv { .. } | LayerSpec::MaxPool { .. }, Activation::Vector(_)) => Err(
                "convolution and pooling need an image, not a vector: put them before Flatten"
                    .into(),
            ),
        }
    }

    /// Learned values, biases included (running statistics of batch normalisation are not learned).
    pub fn parameters(&self, input: Activation) -> usize {
        match (self, input) {
            (
                LayerSpec::Conv {
                    filters, kernel, ..
                },
                Activation::Map(shape),
            ) => filters.saturating_mul((shape.channels * kernel * kernel).saturating_add(1)),
            (LayerSpec::Dense { units }, Activation::Vector(features)) => {
                units.saturating_mul(features + 1)
            }
            (LayerSpec::BatchNorm, Activation::Map(shape)) => 2 * shape.channels,
            (LayerSpec::BatchNorm, Activation::Vector(features)) => 2 * features,
            _ => 0,
        }
    }

    /// As a textbook would write it: `Conv 32 3×3`.
    pub fn title(&self) -> String {
        match self {
            LayerSpec::Conv {
                filters, kernel, ..
            } => format!("Conv {filters} {kernel}×{kernel}"),
            LayerSpec::Relu => "ReLU".into(),
            LayerSpec::MaxPool { size, .. } => format!("MaxPool {size}"),
            LayerSpec::BatchNorm => "BatchNorm".into(),
            LayerSpec::Dropout { rate } => format!("Dropout {rate}"),
            LayerSpec::Flatten => "Flatten".into(),
            LayerSpec::Dense { units } => format!("Dense {units}"),
        }
    }
}

fn at_least_one(what: &str, value: usize) -> Result<(), String> {
    if value == 0 {
        Err(format!("there must be at least 1 of {what}"))
    } else {
        Ok(())
    }
}

/// Height and width after a window of `size` moves by `stride` over the padded input.
fn window(
    shape: ImageShape,
    size: usize,
    stride: usize,
    padding: usize,
) -> Result<(usize, usize), String> {
    at_least_one("kernel size", size)?;
    at_least_one("stride", stride)?;
    let along = |length: usize| {
        let padded = length + 2 * padding;
        if size > padded {
            Err(format!(
                "a {size}×{size} window does not fit into {}×{}: choose at most {}, or pool less before it",
                shape.height,
                shape.width,
                shape.height.min(shape.width) + 2 * padding
            ))
        } else {
            Ok((padded - size) / stride + 1)
        }
    };
    Ok((along(shape.height)?, along(shape.width)?))
}

impl ModelSpec {
    /// What each layer puts out, first to last; the last is a vector with one value (a logit) for each class.
    ///
    /// # Errors
    /// The first layer that does not fit, with what would.
    pub fn check(&self) -> Result<Vec<Activation>, SpecError> {
        let first = |message: String| SpecError { layer: 0, message };
        if !matches!(self.input.channels, 1 | 3) {
            return Err(first(format!(
                "an image has 1 channel or 3, not {}",
                self.input.channels
            )));
        }
        if ![self.input.height, self.input.width]
            .iter()
            .all(|side| (8..=128).contains(side))
        {
            return Err(first(format!(
                "an image of {}×{} is outside 8 to 128 pixels a side",
                self.input.height, self.input.width
            )));
        }
        let outputs = self.walk()?;
        match (self.layers.last(), outputs.last()) {
            (Some(LayerSpec::Dense { units }), _) if *units >= 2 => Ok(outputs),
            _ => Err(SpecError {
                layer: self.layers.len().saturating_sub(1),
                message: "the last layer must be Dense with one unit for each class (at least 2)"
                    .into(),
            }),
        }
    }

    fn walk(&self) -> Result<Vec<Activation>, SpecError> {
        let mut activation = Activation::Map(self.input);
        let mut parameters = 0usize;
        let mut outputs = Vec::with_capacity(self.layers.len());
        for (layer, spec) in self.layers.iter().enumerate() {
            let at = |message: String| SpecError { layer, message };
            // Sizes beyond these would overflow the arithmetic below on a 32-bit machine.
            spec.within_reach().map_err(at)?;
            let output = spec.output(activation).map_err(at)?;
            parameters = parameters.saturating_add(spec.parameters(activation));
            if parameters > MAX_PARAMETERS {
                return Err(at(format!(
                    "with this layer the network has more than {MAX_PARAMETERS} parameters: pool more before it or choose fewer units"
                )));
            }
            if output.len() > MAX_ACTIVATIONS {
                return Err(at(format!(
                    "this layer puts out more than {MAX_ACTIVATIONS} values for one image: choose fewer filters or a larger stride"
                )));
            }
            activation = output;
            outputs.push(output);
        }
        Ok(outputs)
    }

    /// The number of classes the last layer tells apart; 0 where there is no such layer.
    pub fn classes(&self) -> usize {
        match self.layers.last() {
            Some(LayerSpec::Dense { units }) => *units,
            _ => 0,
        }
    }

    /// Every layer with its shape and parameters, as far as they fit, and the first problem if there is one.
    pub fn describe(&self) -> SpecReport {
        let problem = self.check().err();
        let mut activation = Activation::Map(self.input);
        let mut layers = Vec::new();
        for spec in &self.layers {
            if problem.as_ref().is_some_and(|p| p.layer == layers.len()) {
                break;
            }
            let parameters = spec.parameters(activation);
            let Ok(output) = spec.output(activation) else {
                break;
            };
            activation = output;
            layers.push(LayerReport {
                kind: spec.kind().into(),
                title: spec.title(),
                shape: activation.dims(),
                parameters,
            });
        }
        SpecReport {
            parameters: layers.iter().map(|layer| layer.parameters).sum(),
            layers,
            problem: problem.map(|error| SpecProblem {
                layer: error.layer,
                message: error.message,
            }),
        }
    }
}

impl LayerSpec {
    fn within_reach(&self) -> Result<(), String> {
        let too_large = |what: &str, value: usize, most: usize| {
            if value > most {
                Err(format!("{value} {what} is more than {most}"))
            } else {
                Ok(())
            }
        };
        match self {
            LayerSpec::Conv {
                filters,
                kernel,
                stride,
                padding,
            } => too_large("filters", *filters, 1024)
                .and_then(|()| too_large("pixels of kernel", *kernel, 128))
                .and_then(|()| too_large("pixels of stride", *stride, 128))
                .and_then(|()| too_large("pixels of padding", *padding, 128)),
            LayerSpec::MaxPool { size, stride } => too_large("pixels of window", *size, 128)
                .and_then(|()| too_large("pixels of stride", *stride, 128)),
            LayerSpec::Dense { units } => too_large("units", *units, 65_536),
            _ => Ok(()),
        }
    }

    /// The name that the `kind` of its serialised form has.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerSpec::Conv { .. } => "conv",
            LayerSpec::Relu => "relu",
            LayerSpec::MaxPool { .. } => "maxPool",
            LayerSpec::BatchNorm => "batchNorm",
            LayerSpec::Dropout { .. } => "dropout",
            LayerSpec::Flatten => "flatten",
            LayerSpec::Dense { .. } => "dense",
        }
    }
}

/// A spec as the page shows it before training.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SpecReport {
    pub parameters: usize,
    pub layers: Vec<LayerReport>,
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
}

/// Where a spec does not fit (`layer` from 0), and what would.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SpecProblem {
    pub layer: usize,
    pub message: String,
}
