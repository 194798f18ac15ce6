//! The kinds of layers, and what each makes of its input.

use serde::{Deserialize, Serialize};

use super::ImageShape;
use super::misfit::{Misfit, Setting};

/// One layer. Sizes are in pixels, the same in both directions. Softmax is no layer of its own: every network ends in
/// one, after its last dense layer.
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
    /// A convolution in which each channel has one filter of its own and sees no other channel
    /// (Howard et al. 2017, <https://arxiv.org/abs/1704.04861>).
    Depthwise {
        kernel: usize,
        stride: usize,
        /// Zeros added on each side.
        padding: usize,
    },
    Relu,
    /// `x` if positive, `slope × x` if negative (Maas et al. 2013).
    LeakyRelu {
        /// 0 to below 1.
        slope: f64,
    },
    /// `1 / (1 + e^−x)`
    Sigmoid,
    Tanh,
    /// `x × Φ(x)` with the normal distribution's Φ, exact and not the tanh approximation
    /// (Hendrycks & Gimpel 2016, <https://arxiv.org/abs/1606.08415>).
    Gelu,
    MaxPool {
        size: usize,
        stride: usize,
    },
    /// The mean of each window.
    AvgPool {
        size: usize,
        stride: usize,
    },
    /// The mean of each channel: `[channels, 1, 1]` (Lin et al. 2013, <https://arxiv.org/abs/1312.4400>).
    GlobalAvgPool,
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

/// What a new dropout layer begins with.
pub(super) const USUAL_RATE: f64 = 0.3;
/// What a new leaky ReLU begins with.
pub(super) const USUAL_SLOPE: f64 = 0.01;

/// The shape of what one layer outputs for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputShape {
    /// `[channels, height, width]`
    Map(ImageShape),
    /// `[features]`
    Vector(usize),
}

impl OutputShape {
    /// How many values it has. Exact in a checked spec; before, as many as there can be.
    pub fn len(&self) -> usize {
        usize::try_from(self.values()).unwrap_or(usize::MAX)
    }

    /// The same, whatever a pointer's width.
    pub fn values(&self) -> u64 {
        match self {
            OutputShape::Map(shape) => shape.values(),
            OutputShape::Vector(features) => *features as u64,
        }
    }

    /// Channels of an image, or the length of a vector.
    fn features(&self) -> u64 {
        match self {
            OutputShape::Map(shape) => shape.channels as u64,
            OutputShape::Vector(features) => *features as u64,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape without the batch.
    pub fn dims(&self) -> Vec<usize> {
        match self {
            OutputShape::Map(shape) => shape.dims().to_vec(),
            OutputShape::Vector(features) => vec![*features],
        }
    }
}

/// What a window does that moves over an image.
#[derive(Clone, Copy)]
struct Moving {
    size: usize,
    stride: usize,
    padding: usize,
    /// What `size` is called in this layer.
    called: Setting,
}

impl LayerSpec {
    /// One of each kind, with the settings that a new one begins with: convolutions keep the size.
    pub fn each() -> [LayerSpec; 14] {
        [
            LayerSpec::Conv {
                filters: 16,
                kernel: 3,
                stride: 1,
                padding: 1,
            },
            LayerSpec::Depthwise {
                kernel: 3,
                stride: 1,
                padding: 1,
            },
            LayerSpec::Relu,
            LayerSpec::LeakyRelu { slope: USUAL_SLOPE },
            LayerSpec::Sigmoid,
            LayerSpec::Tanh,
            LayerSpec::Gelu,
            LayerSpec::MaxPool { size: 2, stride: 2 },
            LayerSpec::AvgPool { size: 2, stride: 2 },
            LayerSpec::GlobalAvgPool,
            LayerSpec::BatchNorm,
            LayerSpec::Dropout { rate: USUAL_RATE },
            LayerSpec::Flatten,
            LayerSpec::Dense { units: 64 },
        ]
    }

    /// What this layer makes of `input`, or why it cannot.
    pub(super) fn output(&self, input: OutputShape) -> Result<OutputShape, Misfit> {
        let map = || match input {
            OutputShape::Map(shape) => Ok(shape),
            OutputShape::Vector(_) => Err(Misfit::NeedsMap),
        };
        match *self {
            LayerSpec::Conv { filters, .. } => {
                let shape = map()?;
                at_least_one(Setting::Filters, filters)?;
                self.moved(ImageShape {
                    channels: filters,
                    ..shape
                })
            }
            LayerSpec::Depthwise { .. } | LayerSpec::MaxPool { .. } | LayerSpec::AvgPool { .. } => {
                self.moved(map()?)
            }
            LayerSpec::GlobalAvgPool => Ok(OutputShape::Map(ImageShape {
                height: 1,
                width: 1,
                ..map()?
            })),
            LayerSpec::Dense { units } => match input {
                OutputShape::Map(_) => Err(Misfit::NeedsFlatten),
                OutputShape::Vector(_) => {
                    at_least_one(Setting::Units, units)?;
                    Ok(OutputShape::Vector(units))
                }
            },
            LayerSpec::Flatten => match input {
                OutputShape::Map(shape) => Ok(OutputShape::Vector(shape.len())),
                OutputShape::Vector(_) => Err(Misfit::FlattenTwice),
            },
            // In the precision they are used in, where 0.99999999 is 1.
            LayerSpec::Dropout { rate } if !(0.0..1.0).contains(&(rate as f32)) => {
                Err(Misfit::DropoutRate { rate })
            }
            LayerSpec::LeakyRelu { slope } if !(0.0..1.0).contains(&(slope as f32)) => {
                Err(Misfit::Slope { slope })
            }
            LayerSpec::Dropout { .. }
            | LayerSpec::LeakyRelu { .. }
            | LayerSpec::Relu
            | LayerSpec::Sigmoid
            | LayerSpec::Tanh
            | LayerSpec::Gelu
            | LayerSpec::BatchNorm => Ok(input),
        }
    }

    /// The window of convolution and pooling.
    fn moving(&self) -> Option<Moving> {
        match *self {
            LayerSpec::Conv {
                kernel,
                stride,
                padding,
                ..
            }
            | LayerSpec::Depthwise {
                kernel,
                stride,
                padding,
            } => Some(Moving {
                size: kernel,
                stride,
                padding,
                called: Setting::Kernel,
            }),
            LayerSpec::MaxPool { size, stride } | LayerSpec::AvgPool { size, stride } => {
                Some(Moving {
                    size,
                    stride,
                    padding: 0,
                    called: Setting::Size,
                })
            }
            _ => None,
        }
    }

    /// `shape` after this layer's window has moved over it.
    fn moved(&self, shape: ImageShape) -> Result<OutputShape, Misfit> {
        let Some(window) = self.moving() else {
            return Ok(OutputShape::Map(shape));
        };
        at_least_one(window.called, window.size)?;
        at_least_one(Setting::Stride, window.stride)?;
        let around = window.padding.saturating_mul(2);
        let most = shape.height.min(shape.width).saturating_add(around);
        if window.size > most {
            return Err(Misfit::WindowTooLarge {
                size: window.size,
                height: shape.height,
                width: shape.width,
                most,
            });
        }
        // Otherwise a window could lie in the padding alone.
        if window.padding >= window.size {
            return Err(Misfit::PaddingTooWide {
                padding: window.padding,
                kernel: window.size,
            });
        }
        let positions =
            |side: usize| (side.saturating_add(around) - window.size) / window.stride + 1;
        Ok(OutputShape::Map(ImageShape {
            height: positions(shape.height),
            width: positions(shape.width),
            ..shape
        }))
    }

    /// Learned values, biases included (running statistics of batch normalisation are not learned).
    pub fn parameters(&self, input: OutputShape) -> usize {
        usize::try_from(self.weights(input)).unwrap_or(usize::MAX)
    }

    /// The same, whatever a pointer's width.
    pub(super) fn weights(&self, input: OutputShape) -> u64 {
        let with_bias = self.fan_in(input).saturating_add(1);
        match *self {
            LayerSpec::Conv { filters, .. } => with_bias.saturating_mul(filters as u64),
            LayerSpec::Depthwise { .. } => with_bias.saturating_mul(input.features()),
            LayerSpec::Dense { units } => with_bias.saturating_mul(units as u64),
            LayerSpec::BatchNorm => input.features().saturating_mul(2),
            _ => 0,
        }
    }

    /// Values in the matrix that im2col makes of one image: a column for each output position.
    pub(super) fn patches(&self, input: OutputShape, output: OutputShape) -> u64 {
        match (self, output) {
            (LayerSpec::Conv { .. }, OutputShape::Map(map)) => {
                let positions = (map.height as u64).saturating_mul(map.width as u64);
                self.fan_in(input).saturating_mul(positions)
            }
            _ => 0,
        }
    }

    /// Inputs that each output is a weighted sum of; 0 without weights.
    fn fan_in(&self, input: OutputShape) -> u64 {
        let area = |kernel: usize| (kernel as u64).saturating_mul(kernel as u64);
        match *self {
            LayerSpec::Conv { kernel, .. } => input.features().saturating_mul(area(kernel)),
            LayerSpec::Depthwise { kernel, .. } => area(kernel),
            LayerSpec::Dense { .. } => input.values(),
            _ => 0,
        }
    }

    /// Whether it takes the mean and the variance of single values, one for each image of a batch.
    pub(super) fn normalizes_single_values(&self, input: OutputShape) -> bool {
        *self == LayerSpec::BatchNorm && input.values() == input.features()
    }

    /// Multiplications, each with its addition, for one image: those of convolution and dense layers, beside which
    /// the others do not count.
    pub fn multiply_adds(&self, input: OutputShape, output: OutputShape) -> u64 {
        self.fan_in(input).saturating_mul(output.values())
    }

    /// As a textbook would write it: `Conv 32 3×3`.
    pub fn title(&self) -> String {
        match self {
            LayerSpec::Conv {
                filters, kernel, ..
            } => format!("Conv {filters} {kernel}×{kernel}"),
            LayerSpec::Depthwise { kernel, .. } => format!("Depthwise {kernel}×{kernel}"),
            LayerSpec::Relu => "ReLU".into(),
            LayerSpec::LeakyRelu { slope } => format!("Leaky ReLU {slope}"),
            LayerSpec::Sigmoid => "Sigmoid".into(),
            LayerSpec::Tanh => "Tanh".into(),
            LayerSpec::Gelu => "GELU".into(),
            LayerSpec::MaxPool { size, .. } => format!("MaxPool {size}"),
            LayerSpec::AvgPool { size, .. } => format!("AvgPool {size}"),
            LayerSpec::GlobalAvgPool => "GlobalAvgPool".into(),
            LayerSpec::BatchNorm => "BatchNorm".into(),
            LayerSpec::Dropout { rate } => format!("Dropout {rate}"),
            LayerSpec::Flatten => "Flatten".into(),
            LayerSpec::Dense { units } => format!("Dense {units}"),
        }
    }

    /// The name that the `kind` of its serialised form has.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerSpec::Conv { .. } => "conv",
            LayerSpec::Depthwise { .. } => "depthwise",
            LayerSpec::Relu => "relu",
            LayerSpec::LeakyRelu { .. } => "leakyRelu",
            LayerSpec::Sigmoid => "sigmoid",
            LayerSpec::Tanh => "tanh",
            LayerSpec::Gelu => "gelu",
            LayerSpec::MaxPool { .. } => "maxPool",
            LayerSpec::AvgPool { .. } => "avgPool",
            LayerSpec::GlobalAvgPool => "globalAvgPool",
            LayerSpec::BatchNorm => "batchNorm",
            LayerSpec::Dropout { .. } => "dropout",
            LayerSpec::Flatten => "flatten",
            LayerSpec::Dense { .. } => "dense",
        }
    }

    /// Whether every setting is small enough to calculate with.
    pub(super) fn within_reach(&self) -> Result<(), Misfit> {
        if let Some(window) = self.moving() {
            at_most(window.called, window.size, 128)?;
            at_most(Setting::Stride, window.stride, 128)?;
            at_most(Setting::Padding, window.padding, 128)?;
        }
        match *self {
            LayerSpec::Conv { filters, .. } => at_most(Setting::Filters, filters, 1024),
            LayerSpec::Dense { units } => at_most(Setting::Units, units, 65_536),
            _ => Ok(()),
        }
    }
}

fn at_least_one(what: Setting, value: usize) -> Result<(), Misfit> {
    if value == 0 {
        Err(Misfit::TooSmall { what, least: 1 })
    } else {
        Ok(())
    }
}

fn at_most(what: Setting, found: usize, most: usize) -> Result<(), Misfit> {
    if found > most {
        Err(Misfit::TooLarge { what, found, most })
    } else {
        Ok(())
    }
}
