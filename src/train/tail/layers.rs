use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use crate::kernels::{self, AdamStep, Window};
use crate::onnx::{Tail, TailOperator};
use crate::train::TrainError;

/// The first and second decay of Adam's moments, and what keeps its division sound.
const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// A weight on its way, flat, without autodiff.
#[derive(Clone)]
pub(super) struct Parameter {
    pub shape: Vec<usize>,
    value: Tensor<1>,
    /// What it is drawn back to.
    first: Tensor<1>,
    moments: Option<[Tensor<1>; 2]>,
    /// The root mean square of the first values: what a step is measured by.
    pub size: f64,
}

impl Parameter {
    pub fn new(values: Vec<f32>, shape: &[usize], device: &Device) -> Self {
        let squares: f64 = values.iter().map(|&x| f64::from(x).powi(2)).sum();
        let size = (squares / values.len().max(1) as f64).sqrt();
        let length = values.len();
        let value = Tensor::from_data(TensorData::new(values, [length]), device);
        Parameter {
            shape: shape.to_vec(),
            first: value.clone(),
            value,
            moments: None,
            size,
        }
    }

    /// To be differentiated by, if the device is one for that.
    pub fn leaf(&self, learns: bool) -> Tensor<1> {
        match learns {
            true => Tensor::from_inner(self.value.clone()).require_grad(),
            false => self.value.clone(),
        }
    }

    /// One step of Adam, with what `back` of `rate` says drawn back to the first values.
    pub fn learn(&mut self, gradient: Tensor<1>, step: usize, rate: f64, back: f64) {
        let moments = self.moments.take();
        let moments = moments.unwrap_or_else(|| [gradient.zeros_like(), gradient.zeros_like()]);
        let power = i32::try_from(step + 1).unwrap_or(i32::MAX);
        let [beta1, beta2] = BETAS;
        let width = (1.0 - beta2.powi(power)).sqrt();
        let adam = AdamStep {
            decay: 1.0,
            beta1,
            beta2,
            correction: width / (1.0 - beta1.powi(power)),
            epsilon: EPSILON * width,
            rate,
        };
        let gone = self.value.clone() - self.first.clone();
        let (value, moments) = kernels::adam(self.value.clone(), gradient, moments, adam);
        self.value = value - gone.mul_scalar(back);
        self.moments = Some(moments);
    }

    pub async fn read(&self) -> Result<Vec<f32>, TrainError> {
        read(self.value.clone()).await
    }
}

pub(super) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.into_data_async().await;
    let data = data.map_err(|error| TrainError::Device(error.to_string()))?;
    let values = data.try_into_vec();
    values.map_err(|error| TrainError::Device(format!("{error:?}")))
}

/// The part of a network behind a cut, on the CPU.
pub struct TailLayers {
    tail: Tail,
    pub(super) parameters: Vec<Parameter>,
}

impl TailLayers {
    pub fn new(tail: Tail) -> Self {
        let device = Device::flex();
        let new = |weight: &crate::model::weights::Weight| {
            Parameter::new(weight.values.clone(), &weight.shape, &device)
        };
        TailLayers {
            parameters: tail.weights.iter().map(new).collect(),
            tail,
        }
    }

    pub fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Values of one image at the cut.
    pub fn inputs(&self) -> usize {
        let cut = &self.tail.cut;
        cut.channels * cut.height * cut.width
    }

    /// The features of `maps`, `[image, channels, height, width]`.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn features(&self, maps: Vec<f32>) -> Result<Vec<f32>, TrainError> {
        let leaves: Vec<_> = self.parameters.iter().map(|p| p.leaf(false)).collect();
        read(self.forward(self.batch(maps, &Device::flex()), &leaves)).await
    }

    /// How the sum of all features, each times its value in `towards`, changes with each weight.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn gradients(
        &self,
        maps: Vec<f32>,
        towards: Vec<f32>,
    ) -> Result<Vec<Vec<f32>>, TrainError> {
        let device = Device::flex().autodiff();
        let leaves: Vec<_> = self.parameters.iter().map(|p| p.leaf(true)).collect();
        let features = self.forward(self.batch(maps, &device), &leaves);
        let towards = TensorData::new(towards, features.dims());
        let sum = (features * Tensor::from_data(towards, &device)).sum();
        let gradients = sum.backward();
        let mut all = Vec::new();
        for leaf in &leaves {
            match leaf.grad(&gradients) {
                Some(gradient) => all.push(read(gradient).await?),
                None => all.push(vec![0.0; leaf.dims()[0]]),
            }
        }
        Ok(all)
    }

    pub(super) fn batch(&self, maps: Vec<f32>, device: &Device) -> Tensor<4> {
        let cut = &self.tail.cut;
        let count = maps.len() / self.inputs().max(1);
        let shape = [count, cut.channels, cut.height, cut.width];
        Tensor::from_data(TensorData::new(maps, shape), device)
    }

    /// Maps at the cut → `[image, features]`, with `leaves` in place of the weights.
    pub(super) fn forward(&self, maps: Tensor<4>, leaves: &[Tensor<1>]) -> Tensor<2> {
        let images = maps.dims()[0];
        let mut values = vec![maps];
        for step in &self.tail.steps {
            let input = values[step.input].clone();
            let made = match &step.operator {
                TailOperator::Conv {
                    weight,
                    bias,
                    size,
                    stride,
                    padding,
                } => {
                    let shape: [usize; 4] =
                        std::array::from_fn(|i| self.parameters[*weight].shape[i]);
                    let window = Window {
                        size: *size,
                        stride: *stride,
                        padding: *padding,
                    };
                    let weights = leaves[*weight].clone().reshape(shape);
                    kernels::conv(input, weights, leaves[*bias].clone(), window)
                }
                TailOperator::Clip { low, high } => input.clamp(*low, *high),
                TailOperator::Relu => relu(input),
                TailOperator::Add(other) => input + values[*other].clone(),
                TailOperator::GlobalAveragePool => input.mean_dim(3).mean_dim(2),
                TailOperator::Flatten => {
                    let [images, channels, height, width] = input.dims();
                    input.reshape([images, channels * height * width, 1, 1])
                }
            };
            values.push(made);
        }
        let last = values.pop();
        let last = last.expect("the maps at least");
        last.reshape([images, self.tail.features])
    }
}
