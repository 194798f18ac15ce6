//! One run: the layers behind the cut and a dense layer on their features learn together.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

use super::layers::{Parameter, TailLayers, read};
use crate::data::order::shuffled;
use crate::kernels;
use crate::model::head::{Head, Step};
use crate::onnx::Tail;
use crate::train::TrainError;

/// Images in a step.
const BATCH: usize = 32;
/// How far a weight of the tail goes in a step at most, of its array's root mean square, at the beginning; it falls to 0
/// along half a cosine.
const RATE: f64 = 5e-3;
/// The same for the head.
const HEAD_RATE: f64 = 1e-2;
/// The share of the way from the first weights that each step takes back; it falls likewise.
const BACK: f64 = 2e-3;
/// Below this the root of a feature would be too steep to go down.
const LEAST: f32 = 1e-3;

/// The share of each label that is spread evenly over all classes, so that there is something to learn of images that the
/// head knows already.
const SMOOTHING: f32 = 0.1;

pub(super) struct Learner {
    pub layers: TailLayers,
    rooted: bool,
    weight: Parameter,
    bias: Parameter,
    /// Rows of the maps that it learns from, and the class of each.
    rows: Vec<u32>,
    labels: Vec<u16>,
    epochs: usize,
    seed: u64,
    order: Vec<u32>,
    step: usize,
}

impl Learner {
    /// With the weights of the file, and of `head`, which has learned on the features that these make.
    pub fn new(
        tail: Tail,
        head: &Head,
        rows: Vec<u32>,
        labels: Vec<u16>,
        epochs: usize,
        seed: u64,
    ) -> Self {
        let device = Device::flex();
        let classes = head.classes.len();
        let dense = head.steps.iter().find_map(|step| match step {
            Step::Dense { weight, bias } => Some((weight, bias)),
            _ => None,
        });
        let scaled = |values: &Vec<f32>| -> Vec<f32> {
            let temperature = head.facts.temperature;
            values.iter().map(|x| x / temperature).collect()
        };
        let (weight, bias) = match dense {
            Some((weight, bias)) => (scaled(weight), scaled(bias)),
            None => (vec![0.0; head.features * classes], vec![0.0; classes]),
        };
        Learner {
            layers: TailLayers::new(tail),
            rooted: head.steps.first() == Some(&Step::SquareRoot),
            weight: Parameter::new(weight, &[head.features, classes], &device),
            bias: Parameter::new(bias, &[classes], &device),
            rows,
            labels,
            epochs,
            seed,
            order: Vec::new(),
            step: 0,
        }
    }

    pub fn steps_per_epoch(rows: usize) -> usize {
        rows.div_ceil(BATCH)
    }

    fn per_epoch(&self) -> usize {
        Self::steps_per_epoch(self.rows.len())
    }

    /// Finished epochs.
    pub fn epoch(&self) -> usize {
        self.step / self.per_epoch().max(1)
    }

    pub fn is_done(&self) -> bool {
        self.epoch() >= self.epochs
    }

    /// One step; the mean loss of its images.
    pub async fn learn(&mut self, maps: &[f32]) -> Result<f64, TrainError> {
        let within = self.step % self.per_epoch();
        if within == 0 {
            let places: Vec<u32> = (0..self.rows.len() as u32).collect();
            self.order = shuffled(&places, self.seed, self.epoch() as u32);
        }
        let end = (within * BATCH + BATCH).min(self.order.len());
        let chosen = &self.order[within * BATCH..end];
        let size = self.layers.inputs();
        let mut batch = Vec::with_capacity(chosen.len() * size);
        for &place in chosen {
            let row = self.rows[place as usize] as usize;
            batch.extend_from_slice(&maps[row * size..(row + 1) * size]);
        }
        let classes = self.bias.shape[0];
        let even = SMOOTHING / classes as f32;
        let mut wanted = vec![even; chosen.len() * classes];
        for (row, &place) in wanted.chunks_exact_mut(classes).zip(chosen) {
            row[usize::from(self.labels[place as usize])] += 1.0 - SMOOTHING;
        }
        let device = Device::flex().autodiff();
        let wanted = TensorData::new(wanted, [chosen.len(), classes]);
        let wanted = Tensor::<2>::from_data(wanted, &device);
        let leaves: Vec<_> = self
            .layers
            .parameters
            .iter()
            .map(|p| p.leaf(true))
            .collect();
        let (weight, bias) = (self.weight.leaf(true), self.bias.leaf(true));
        let features = self
            .layers
            .forward(self.layers.batch(batch, &device), &leaves);
        let features = match self.rooted {
            true => features.clamp_min(LEAST).sqrt(),
            false => features,
        };
        let shape = [self.weight.shape[0], self.weight.shape[1]];
        let logits = kernels::dense(features, weight.clone().reshape(shape), bias.clone());
        let loss = -(log_softmax(logits, 1) * wanted).sum_dim(1).mean();
        let gradients = loss.backward();
        let share = self.step as f64 / (self.per_epoch() * self.epochs).max(1) as f64;
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * share).cos());
        let of_tail = self.layers.parameters.iter_mut().zip(&leaves);
        let all = of_tail.map(|(p, leaf)| (p, leaf, RATE));
        let of_head = [
            (&mut self.weight, &weight, HEAD_RATE),
            (&mut self.bias, &bias, HEAD_RATE),
        ];
        for (parameter, leaf, rate) in all.chain(of_head) {
            if let Some(gradient) = leaf.grad(&gradients) {
                let size = parameter.size.max(1e-6);
                parameter.learn(gradient, self.step, rate * fall * size, BACK * fall);
            }
        }
        let loss = read(loss.inner()).await?;
        let loss = loss.first().copied().unwrap_or(f32::NAN);
        self.step += 1;
        match loss.is_finite() {
            true => Ok(f64::from(loss)),
            false => Err(TrainError::NotFinite { step: self.step }),
        }
    }
}
