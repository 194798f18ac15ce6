//! Samples as the tensors of one step.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::data::Dataset;
use crate::data::order::{Stream, generator};
use crate::model::Recipe;
use crate::model::{ImageShape, ModelSpec};
use crate::pixels::augment::{Augmentation, augment};

/// One batch on a device.
pub struct Batch {
    /// `[batch, channels, height, width]`, as the network takes them.
    pub images: Tensor<4>,
    /// `[batch]`, the index of the true class.
    pub targets: Tensor<1, Int>,
    /// The same on the host.
    pub labels: Vec<usize>,
}

/// Augmentation for one epoch: what is drawn depends on the seed, the epoch and the sample alone.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    pub amount: &'a Augmentation,
    pub seed: u64,
    pub epoch: usize,
}

impl<'a> Drawn<'a> {
    pub fn of(recipe: &'a Recipe, epoch: usize) -> Option<Self> {
        let amount = recipe.augmentation.as_ref()?;
        Some(Drawn {
            amount,
            seed: recipe.seed,
            epoch,
        })
    }
}

/// The samples `indices` of `dataset`, preprocessed as `spec` says, augmented if `drawn` is given.
pub fn batch(
    dataset: &Dataset,
    spec: &ModelSpec,
    indices: &[u32],
    drawn: Option<Drawn>,
    device: &Device,
) -> Batch {
    let ImageShape {
        channels,
        height,
        width,
    } = spec.input;
    let size = spec.input.len();
    let mut values = vec![0.0f32; indices.len() * size];
    let mut labels = Vec::with_capacity(indices.len());
    for (&index, out) in indices.iter().zip(values.chunks_exact_mut(size)) {
        let bytes = dataset.pixels(index as usize);
        labels.push(dataset.label(index as usize));
        match drawn {
            Some(drawn) => {
                let counter = (drawn.epoch as u64) << 32 | u64::from(index);
                let mut rng = generator(drawn.seed, Stream::Augmentation, counter);
                augment(bytes, spec.input.dims(), drawn.amount, &mut rng, out);
                // `augment` answers in 0–1.
                spec.preprocessing.apply_to_shares(out, channels);
            }
            None => spec.preprocessing.apply(bytes, channels, out),
        }
    }
    let targets: Vec<i32> = labels.iter().map(|&label| label as i32).collect();
    Batch {
        images: Tensor::from_data(
            TensorData::new(values, [indices.len(), channels, height, width]),
            device,
        ),
        targets: Tensor::from_data(TensorData::new(targets, [indices.len()]), device),
        labels,
    }
}
