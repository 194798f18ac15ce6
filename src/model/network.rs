//! A [`ModelSpec`] as a network that Burn can run and differentiate.

use burn::module::{Module, Param, RunningState};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::activation;
use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d, batch_norm_train};
use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Device, Tensor, TensorData, Transaction};

use super::random::{Stream, mix};
use super::weights::{self, Weight};
use super::{BATCH_NORM_EPSILON, LayerSpec, ModelSpec, SpecError};
use crate::kernels::{self, Window};

/// The layers, first to last. Built on a device with `.autodiff()` it learns; [`Module::valid`] gives the same
/// weights for evaluation. Do not keep a `clone()`: it shares batch normalisation's running statistics.
#[derive(Module, Debug, Default)]
pub struct Network {
    layers: Vec<Layer>,
}

#[derive(Module, Debug)]
enum Layer {
    Conv(Conv),
    BatchNorm(BatchNorm),
    Pointwise(Pointwise),
    MaxPool(MaxPool),
    AvgPool(AvgPool),
    GlobalAvgPool(GlobalAvgPool),
    Dropout(Dropout),
    Flatten(Flatten),
    Dense(Dense),
}

/// Also depthwise, if the weights say so.
#[derive(Module, Debug)]
struct Conv {
    /// `[filters, channels, kernel, kernel]`; depthwise `[channels, 1, kernel, kernel]`
    weight: Param<Tensor<4>>,
    /// `[filters]`
    bias: Param<Tensor<1>>,
    #[module(skip)]
    window: Window,
}

#[derive(Module, Debug)]
struct Dense {
    /// `[inputs, units]`
    weight: Param<Tensor<2>>,
    /// `[units]`
    bias: Param<Tensor<1>>,
}

#[derive(Module, Debug)]
struct MaxPool {
    #[module(skip)]
    window: Window,
}

#[derive(Module, Debug)]
struct AvgPool {
    #[module(skip)]
    window: Window,
}

#[derive(Module, Debug)]
struct GlobalAvgPool {
    /// Values that each channel is left with along a side.
    side: usize,
}

/// An activation function: the same curve for every value.
#[derive(Module, Debug)]
struct Pointwise {
    #[module(skip)]
    curve: Curve,
}

#[derive(Clone, Copy, Debug)]
enum Curve {
    Relu,
    LeakyRelu { slope: f64 },
    Sigmoid,
    Tanh,
    Gelu,
}

#[derive(Module, Debug)]
struct Dropout {
    rate: f32,
}

#[derive(Module, Debug)]
struct Flatten {
    /// The first axis of an image that becomes part of the vector.
    axis: usize,
}

/// What a layer passes on: images `[batch, channels, height, width]` or vectors `[batch, features]`.
enum Flow {
    Map(Tensor<4>),
    Vector(Tensor<2>),
}

/// Which random masks dropout draws: a mask depends on the seed, the step and the sample's position in the whole batch,
/// not on the device or on how the batch is divided.
#[derive(Clone, Copy, Debug)]
pub struct DropoutKey {
    pub seed: u64,
    pub step: u64,
    /// The position of the first sample given here in the whole batch.
    pub first_sample: u64,
}

/// Weights that do not belong to the spec.
#[derive(thiserror::Error, Clone, Debug)]
pub enum NetworkError {
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error("The weight {0} is missing.")]
    Missing(String),
    #[error("The weight {name} has the shape {found:?}, where the network needs {needed:?}.")]
    Shape {
        name: String,
        found: Vec<usize>,
        needed: Vec<usize>,
    },
    #[error("The device could not be read: {0}")]
    Read(String),
}

impl NetworkError {
    pub fn code(&self) -> &'static str {
        match self {
            NetworkError::Spec(error) => error.code(),
            NetworkError::Missing(_) => "weights-missing",
            NetworkError::Shape { .. } => "weights-shape",
            NetworkError::Read(_) => "device-read",
        }
    }
}

impl Network {
    /// # Errors
    /// If the spec does not fit, or a weight is missing or has another shape.
    pub fn new(spec: &ModelSpec, values: &[Weight], device: &Device) -> Result<Self, NetworkError> {
        let needed = weights::shapes(spec)?;
        let find = |layer: usize, part: &str| -> Result<TensorData, NetworkError> {
            let name = weights::name(layer, part);
            let missing = || NetworkError::Missing(name.clone());
            let (_, shape) = needed
                .iter()
                .find(|(n, _)| *n == name)
                .ok_or_else(missing)?;
            let weight = values.iter().find(|w| w.name == name).ok_or_else(missing)?;
            if weight.shape != *shape || weight.values.len() != shape.iter().product::<usize>() {
                return Err(NetworkError::Shape {
                    name,
                    found: weight.shape.clone(),
                    needed: shape.clone(),
                });
            }
            Ok(TensorData::new(weight.values.clone(), shape.clone()))
        };
        let layers = spec
            .layers
            .iter()
            .enumerate()
            .map(|(i, layer)| Layer::new(layer, |part| find(i, part), device))
            .collect::<Result<_, _>>()?;
        Ok(Network { layers })
    }

    /// Images `[batch, channels, height, width]` → logits `[batch, classes]`. With a `dropout` key, dropout is at work.
    pub fn forward(&self, images: Tensor<4>, dropout: Option<DropoutKey>) -> Tensor<2> {
        let mut flow = Flow::Map(images);
        for (index, layer) in self.layers.iter().enumerate() {
            flow = layer.forward(flow, dropout.map(|key| (key, index as u64)));
        }
        match flow {
            Flow::Vector(logits) => logits,
            Flow::Map(_) => unreachable!("a checked spec ends in a dense layer"),
        }
    }

    /// Every value the network holds, copied to the host, in the order of [`weights::shapes`].
    ///
    /// # Errors
    /// If the device fails.
    pub async fn weights(&self) -> Result<Vec<Weight>, NetworkError> {
        let mut read = Reading::default();
        for (index, layer) in self.layers.iter().enumerate() {
            match layer {
                Layer::Conv(conv) => {
                    read.add(index, "weight", conv.weight.val());
                    read.add(index, "bias", conv.bias.val());
                }
                Layer::Dense(dense) => {
                    read.add(index, "weight", dense.weight.val());
                    read.add(index, "bias", dense.bias.val());
                }
                Layer::BatchNorm(norm) => {
                    read.add(index, "scale", norm.gamma.val());
                    read.add(index, "bias", norm.beta.val());
                    read.add(index, "mean", norm.running_mean.value_sync());
                    read.add(index, "variance", norm.running_var.value_sync());
                }
                Layer::Pointwise(_)
                | Layer::MaxPool(_)
                | Layer::AvgPool(_)
                | Layer::GlobalAvgPool(_)
                | Layer::Dropout(_)
                | Layer::Flatten(_) => {}
            }
        }
        read.finish().await
    }
}

/// Tensors on their way to the host, in one transaction so that a device is waited for once.
#[derive(Default)]
struct Reading {
    names: Vec<(usize, &'static str, Vec<usize>)>,
    transaction: Transaction,
}

impl Reading {
    fn add<const D: usize>(&mut self, layer: usize, part: &'static str, tensor: Tensor<D>) {
        self.names.push((layer, part, tensor.dims().to_vec()));
        let transaction = std::mem::take(&mut self.transaction);
        self.transaction = transaction.register(tensor.without_autodiff());
    }

    async fn finish(self) -> Result<Vec<Weight>, NetworkError> {
        let failed = |error: String| NetworkError::Read(error);
        let data = self
            .transaction
            .execute_async()
            .await
            .map_err(|error| failed(error.to_string()))?;
        self.names
            .into_iter()
            .zip(data)
            .map(|((layer, part, shape), data)| {
                let values = data
                    .try_into_vec::<f32>()
                    .map_err(|error| failed(format!("{error:?}")))?;
                Ok(Weight::new(layer, part, shape, values))
            })
            .collect()
    }
}

impl Layer {
    fn new(
        spec: &LayerSpec,
        find: impl Fn(&str) -> Result<TensorData, NetworkError>,
        device: &Device,
    ) -> Result<Self, NetworkError> {
        Ok(match *spec {
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
            } => Layer::Conv(Conv {
                weight: parameter(find("weight")?, device),
                bias: parameter(find("bias")?, device),
                window: Window {
                    size: kernel,
                    stride,
                    padding,
                },
            }),
            LayerSpec::Dense { .. } => Layer::Dense(Dense {
                weight: parameter(find("weight")?, device),
                bias: parameter(find("bias")?, device),
            }),
            LayerSpec::BatchNorm => {
                let scale = find("scale")?;
                let mut norm = BatchNormConfig::new(scale.shape()[0])
                    .with_epsilon(f64::from(BATCH_NORM_EPSILON))
                    .init(device);
                norm.gamma = parameter(scale, device);
                norm.beta = parameter(find("bias")?, device);
                norm.running_mean = RunningState::new(Tensor::from_data(find("mean")?, device));
                norm.running_var = RunningState::new(Tensor::from_data(find("variance")?, device));
                Layer::BatchNorm(norm)
            }
            LayerSpec::Relu => pointwise(Curve::Relu),
            LayerSpec::LeakyRelu { slope } => pointwise(Curve::LeakyRelu { slope }),
            LayerSpec::Sigmoid => pointwise(Curve::Sigmoid),
            LayerSpec::Tanh => pointwise(Curve::Tanh),
            LayerSpec::Gelu => pointwise(Curve::Gelu),
            LayerSpec::MaxPool { size, stride } => Layer::MaxPool(MaxPool {
                window: Window::unpadded(size, stride),
            }),
            LayerSpec::AvgPool { size, stride } => Layer::AvgPool(AvgPool {
                window: Window::unpadded(size, stride),
            }),
            LayerSpec::GlobalAvgPool => Layer::GlobalAvgPool(GlobalAvgPool { side: 1 }),
            LayerSpec::Dropout { rate } => Layer::Dropout(Dropout { rate: rate as f32 }),
            LayerSpec::Flatten => Layer::Flatten(Flatten { axis: 1 }),
        })
    }

    fn forward(&self, input: Flow, key: Option<(DropoutKey, u64)>) -> Flow {
        match (self, input) {
            (Layer::Conv(conv), Flow::Map(x)) => Flow::Map(kernels::conv(
                x,
                conv.weight.val(),
                conv.bias.val(),
                conv.window,
            )),
            (Layer::MaxPool(pool), Flow::Map(x)) => Flow::Map(kernels::pool(x, pool.window)),
            (Layer::BatchNorm(norm), Flow::Map(x)) => Flow::Map(normalized(norm, x)),
            (Layer::BatchNorm(norm), Flow::Vector(x)) => Flow::Vector(normalized(norm, x)),
            (Layer::AvgPool(pool), Flow::Map(x)) => Flow::Map(pool.forward(x)),
            (Layer::GlobalAvgPool(pool), Flow::Map(x)) => {
                Flow::Map(adaptive_avg_pool2d(x, [pool.side; 2]))
            }
            (Layer::Pointwise(of), Flow::Map(x)) => Flow::Map(of.curve.at(x)),
            (Layer::Pointwise(of), Flow::Vector(x)) => Flow::Vector(of.curve.at(x)),
            (Layer::Dropout(dropout), Flow::Map(x)) => Flow::Map(dropout.forward(x, key)),
            (Layer::Dropout(dropout), Flow::Vector(x)) => Flow::Vector(dropout.forward(x, key)),
            (Layer::Flatten(flatten), Flow::Map(x)) => Flow::Vector(x.flatten(flatten.axis, 3)),
            (Layer::Dense(dense), Flow::Vector(x)) => {
                Flow::Vector(kernels::dense(x, dense.weight.val(), dense.bias.val()))
            }
            (layer, _) => unreachable!("a checked spec does not lead here: {layer:?}"),
        }
    }
}

fn pointwise(curve: Curve) -> Layer {
    Layer::Pointwise(Pointwise { curve })
}

/// As Burn's `BatchNorm::forward`, but that the running variance counts the unbiased one, over n − 1 values, as in
/// PyTorch and ONNX: Burn's counts the batch's own, over n.
fn normalized<const D: usize>(norm: &BatchNorm, x: Tensor<D>) -> Tensor<D> {
    if !x.device().is_autodiff() {
        return norm.forward(x);
    }
    let shape = x.dims();
    let values = shape.iter().product::<usize>() / shape[1];
    let unbiased = values as f64 / values.saturating_sub(1).max(1) as f64;
    let batch = batch_norm_train(x, norm.gamma.val(), norm.beta.val(), norm.epsilon);
    for (running, found, correction) in [
        (&norm.running_mean, batch.mean, 1.0),
        (&norm.running_var, batch.variance, unbiased),
    ] {
        let kept = running.value_sync().mul_scalar(1.0 - norm.momentum);
        let new = found.detach().mul_scalar(norm.momentum * correction);
        running.update(kept.add(new).detach());
    }
    batch.output
}

impl Curve {
    fn at<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Curve::Relu => activation::relu(x),
            Curve::LeakyRelu { slope } => activation::leaky_relu(x, slope),
            Curve::Sigmoid => activation::sigmoid(x),
            Curve::Tanh => activation::tanh(x),
            Curve::Gelu => activation::gelu(x),
        }
    }
}

impl AvgPool {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let Window { size, stride, .. } = self.window;
        avg_pool2d(x, AvgPoolOptions::new([size; 2]).with_stride([stride; 2]))
    }
}

impl Dropout {
    fn forward<const D: usize>(&self, x: Tensor<D>, key: Option<(DropoutKey, u64)>) -> Tensor<D> {
        let Some((key, layer)) = key.filter(|_| self.rate > 0.0) else {
            return x;
        };
        let shape = x.dims();
        let features: usize = shape[1..].iter().product();
        let kept = 1.0 / (1.0 - self.rate);
        let mut mask = Vec::with_capacity(shape[0] * features);
        for sample in 0..shape[0] as u64 {
            let position = key.first_sample + sample;
            let mut stream = Stream::new(mix(&[key.seed, key.step, layer, position]));
            mask.extend((0..features).map(|_| if stream.unit() < self.rate { 0.0 } else { kept }));
        }
        let device = x.device();
        x * Tensor::from_data(TensorData::new(mask, shape), &device)
    }
}

fn parameter<const D: usize>(data: TensorData, device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::from_data(data, device))
}
