//! A head with a hidden layer, on whitened rows: learned with Burn on the CPU.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::RngExt;
use rand::seq::SliceRandom;

use super::linear::Matrix;
use super::logistic::Solution;
use crate::data::order::{Stream, generator};
use crate::kernels::{self, AdamStep};
use crate::model::Loss;
use crate::train::{TrainError, loss};

/// Values of the hidden layer.
pub const HIDDEN: usize = 64;
/// Rows in a step.
const BATCH: usize = 32;
/// Steps: few rows are seen often, many seldom.
const STEPS: usize = 300;
/// AdamW's rate, which falls to 0, and its decay.
const RATE: f64 = 3e-3;
const DECAY: f64 = 0.01;
/// How long rows are made: they come with a length of about 1.
const LENGTH: f32 = 10.0;

/// The two layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers {
    /// `[hidden, values]`, in front of the ReLU.
    pub first: Solution,
    /// `[classes, hidden]`
    pub second: Solution,
}

impl Layers {
    /// `[rows, classes]`
    pub fn logits(&self, rows: &Matrix) -> Matrix {
        let mut hidden = self.first.logits(rows);
        hidden.values.iter_mut().for_each(|x| *x = x.max(0.0));
        self.second.logits(&hidden)
    }
}

/// A parameter and what AdamW remembers of it.
struct Parameter<const D: usize> {
    value: Tensor<D>,
    moments: Option<[Tensor<1>; 2]>,
    decays: bool,
}

impl<const D: usize> Parameter<D> {
    fn new(values: Vec<f32>, shape: [usize; D], decays: bool, device: &Device) -> Self {
        let value = Tensor::from_data(TensorData::new(values, shape), device);
        Parameter {
            value: value.require_grad(),
            moments: None,
            decays,
        }
    }

    fn learn(&mut self, gradient: Option<Tensor<D>>, step: usize, rate: f64) {
        let Some(gradient) = gradient else { return };
        let shape = self.value.dims();
        let gradient = gradient.reshape([-1]);
        let moments = self.moments.take();
        let moments = moments.unwrap_or_else(|| [gradient.zeros_like(), gradient.zeros_like()]);
        let (beta1, beta2) = (0.9f32, 0.999f32);
        let power = step as i32 + 1;
        let width = (1.0 - beta2.powi(power)).sqrt();
        let decay = if self.decays { rate * DECAY } else { 0.0 };
        let adam = AdamStep {
            decay: (1.0 - decay) as f32,
            beta1,
            beta2,
            correction: width / (1.0 - beta1.powi(power)),
            epsilon: 1e-8 * width,
            rate,
        };
        let value = self.value.clone().inner().reshape([-1]);
        let (value, moments) = kernels::adam(value, gradient, moments, adam);
        self.moments = Some(moments);
        self.value = Tensor::from_inner(value.reshape(shape)).require_grad();
    }

    async fn read(&self) -> Result<Vec<f32>, TrainError> {
        let failed = |error: String| TrainError::Device(error);
        let data = self.value.clone().inner().into_data_async().await;
        let data = data.map_err(|error| failed(error.to_string()))?;
        data.try_into_vec()
            .map_err(|error| failed(format!("{error:?}")))
    }
}

/// Learns from whitened `rows` `[rows, values]`; the same seed, the same layers.
///
/// # Errors
/// If the device fails.
pub async fn fit(
    rows: &Matrix,
    labels: &[u16],
    classes: usize,
    seed: u64,
) -> Result<Layers, TrainError> {
    let device = Device::flex().autodiff();
    let values = rows.columns;
    let mut rng = generator(seed, Stream::Hidden, 0);
    let mut even = |count: usize, inputs: usize| -> Vec<f32> {
        let bound = (6.0 / inputs.max(1) as f32).sqrt();
        (0..count)
            .map(|_| bound * (2.0 * rng.random::<f32>() - 1.0))
            .collect()
    };
    // Rows have a length of LENGTH, spread over all values: the first layer's weights are as for that many inputs.
    let first = even(values * HIDDEN, values);
    let second = even(HIDDEN * classes, HIDDEN);
    let mut first = Parameter::new(first, [values, HIDDEN], true, &device);
    let mut first_bias = Parameter::new(vec![0.0; HIDDEN], [HIDDEN], false, &device);
    let mut second = Parameter::new(second, [HIDDEN, classes], true, &device);
    let mut second_bias = Parameter::new(vec![0.0; classes], [classes], false, &device);
    let mut order: Vec<usize> = (0..rows.rows).collect();
    let batch = BATCH.min(rows.rows);
    let per_epoch = rows.rows / batch.max(1);
    let steps = STEPS.max(3 * per_epoch);
    for step in 0..steps {
        if step % per_epoch == 0 {
            let epoch = 1 + (step / per_epoch) as u64;
            order.shuffle(&mut generator(seed, Stream::Hidden, epoch));
        }
        let place = step % per_epoch * batch;
        let chosen = &order[place..place + batch];
        let mut inputs = rows.taken(chosen);
        inputs.scale(LENGTH);
        let inputs = TensorData::new(inputs.values, [batch, values]);
        let inputs = Tensor::<2>::from_data(inputs, &device);
        let targets: Vec<i32> = chosen.iter().map(|&row| i32::from(labels[row])).collect();
        let targets = Tensor::<1, Int>::from_data(TensorData::new(targets, [batch]), &device);
        let hidden = kernels::dense(inputs, first.value.clone(), first_bias.value.clone());
        let logits = kernels::dense(
            relu(hidden),
            second.value.clone(),
            second_bias.value.clone(),
        );
        let gradients = loss(Loss::CrossEntropy, logits, targets).backward();
        let part = step as f64 / steps as f64;
        let rate = RATE * 0.5 * (1.0 + (std::f64::consts::PI * part).cos());
        first.learn(first.value.grad(&gradients), step, rate);
        first_bias.learn(first_bias.value.grad(&gradients), step, rate);
        second.learn(second.value.grad(&gradients), step, rate);
        second_bias.learn(second_bias.value.grad(&gradients), step, rate);
    }
    let layer = |weight: Vec<f32>, bias: Vec<f32>, inputs: usize| {
        let weight = Matrix::new(inputs, bias.len(), weight);
        Solution {
            weight: Matrix::new(bias.len(), inputs, super::span::transposed(&weight)),
            bias,
            steps,
        }
    };
    let mut layers = Layers {
        first: layer(first.read().await?, first_bias.read().await?, values),
        second: layer(second.read().await?, second_bias.read().await?, HIDDEN),
    };
    layers.first.weight.scale(LENGTH);
    Ok(layers)
}
