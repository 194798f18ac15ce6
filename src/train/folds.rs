//! Answers to every sample by networks that have not learned from it: k-fold cross-validation, pulled like a
//! [`Trainer`].

use burn::tensor::Device;
use rand::seq::SliceRandom;
use serde::Serialize;

use super::{TrainError, Trainer, TrainingEvent};
use crate::data::order::{Stream, generator};
use crate::data::{Dataset, Split};
use crate::model::random::mix;
use crate::model::{LayerSpec, ModelSpec, Preprocessing, Recipe, RollingValidation, Schedule};

/// How many folds there may be.
pub const FOLDS: std::ops::RangeInclusive<usize> = 2..=20;

/// How far the folds have come.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FoldProgress {
    /// In progress, from 1.
    pub fold: usize,
    pub folds: usize,
    /// Units of work (optimiser steps, and batches that are answered) of all folds …
    pub done: usize,
    /// … and how many there are.
    pub total: usize,
}

/// The folds of one dataset. Every labelled sample is judged, whatever its split.
pub struct OutOfFold {
    dataset: Dataset,
    spec: ModelSpec,
    recipe: Recipe,
    device: Device,
    /// The samples of each, ascending.
    folds: Vec<Vec<u32>>,
    /// Of the fold in progress.
    trainer: Option<Trainer>,
    fold: usize,
    /// Samples of that fold that have been answered.
    answered: usize,
    /// Units of the folds before, and of this one.
    done: usize,
    total: usize,
    /// `[sample, class]`
    probabilities: Vec<f32>,
}

/// A small network that learns enough to judge labels, and its recipe: for so many images of this shape (channels, height,
/// width).
pub fn judge(shape: [usize; 3], classes: usize, samples: usize) -> (ModelSpec, Recipe) {
    let [channels, height, width] = shape;
    let mut layers = Vec::new();
    let mut side = height.min(width);
    let mut filters = 16;
    while side > 8 {
        // Large images are halved at once, or most of the time would go into the first layer.
        let (kernel, stride) = if side > 32 { (5, 2) } else { (3, 1) };
        layers.extend([
            LayerSpec::Conv {
                filters,
                kernel,
                stride,
                padding: kernel / 2,
            },
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
            LayerSpec::MaxPool { size: 2, stride: 2 },
        ]);
        side = side.div_ceil(stride) / 2;
        filters = (2 * filters).min(64);
    }
    layers.extend([
        LayerSpec::Flatten,
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::Dense { units: classes },
    ]);
    let spec = ModelSpec {
        name: "judge".into(),
        input: crate::model::ImageShape {
            channels,
            height,
            width,
        },
        preprocessing: Preprocessing::WHOLE,
        layers,
    };
    // Few images are seen often, many seldom: more would learn the wrong labels too.
    let epochs = (ENOUGH / samples.max(1)).clamp(3, 40);
    let recipe = Recipe {
        learning_rate: 2e-3,
        schedule: Schedule::Cosine,
        batch_size: if samples < 1000 { 16 } else { 64 },
        epochs,
        ..Recipe::default()
    };
    (spec, recipe)
}

/// Images that are seen in one fold's training, if there are not so many that they are seen three times.
const ENOUGH: usize = 12_000;

impl OutOfFold {
    /// With the network of [`judge`].
    ///
    /// # Errors
    /// As [`OutOfFold::new`].
    pub fn quick(
        dataset: Dataset,
        folds: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let (spec, recipe) = judge(dataset.shape(), dataset.classes().len(), dataset.len());
        Self::new(dataset, spec, recipe, folds, seed, device)
    }

    /// Parts the samples into `folds` folds, of each class alike, by `seed`; for each fold a network is to be trained on
    /// all others by `recipe`, with nothing held out.
    ///
    /// # Errors
    /// If there are fewer samples than folds, no possible number of folds, or the first network cannot be trained.
    pub fn new(
        dataset: Dataset,
        spec: ModelSpec,
        recipe: Recipe,
        folds: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Self, TrainError> {
        if !FOLDS.contains(&folds) || dataset.len() < folds {
            return Err(TrainError::Folds {
                folds,
                samples: dataset.len(),
            });
        }
        let recipe = Recipe {
            validation_share: 0.0,
            rolling_validation: RollingValidation {
                every: 0,
                images: 0,
            },
            seed: recipe.seed,
            ..recipe
        };
        let probabilities = vec![0.0; dataset.len() * dataset.classes().len()];
        let mut all = OutOfFold {
            folds: parted(&dataset, folds, seed),
            dataset,
            spec,
            recipe,
            device: device.clone(),
            trainer: None,
            fold: 0,
            answered: 0,
            done: 0,
            total: 0,
            probabilities,
        };
        let trainer = all.begin()?;
        let batch = trainer.answered_at_once();
        let units = all.folds.iter().map(|fold| {
            let steps = all.recipe.steps_per_epoch(all.dataset.len() - fold.len());
            steps * all.recipe.epochs + fold.len().div_ceil(batch)
        });
        all.total = units.sum();
        all.trainer = Some(trainer);
        Ok(all)
    }

    fn begin(&self) -> Result<Trainer, TrainError> {
        let mut splits = vec![Split::Train; self.dataset.len()];
        for &sample in &self.folds[self.fold] {
            // Not validation: nothing is asked of them before the end.
            splits[sample as usize] = Split::Test;
        }
        let recipe = Recipe {
            // Every fold begins with weights of its own. The seed of a recipe has 53 bits.
            seed: mix(&[self.recipe.seed, self.fold as u64]) >> 11,
            ..self.recipe.clone()
        };
        let dataset = self.dataset.with_splits(splits)?;
        Trainer::new(self.spec.clone(), recipe, dataset, &self.device)
    }

    /// Does up to `units` units of work, fewer at the end of a fold's training.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn advance(&mut self, units: usize) -> Result<FoldProgress, TrainError> {
        let units = units.max(1);
        let Some(trainer) = &mut self.trainer else {
            return Ok(self.progress());
        };
        if trainer.history().len() < trainer.recipe().epochs {
            let events = trainer.advance(units).await?;
            let stepped = |event: &&TrainingEvent| matches!(event, TrainingEvent::Step { .. });
            self.done += events.iter().filter(stepped).count();
            return Ok(self.progress());
        }
        let batch = trainer.answered_at_once();
        let fold = &self.folds[self.fold];
        let end = (self.answered + batch.saturating_mul(units)).min(fold.len());
        let samples = &fold[self.answered..end];
        let answers = trainer.probabilities(samples).await?;
        let classes = self.dataset.classes().len();
        for (&sample, row) in samples.iter().zip(answers.chunks_exact(classes)) {
            let start = sample as usize * classes;
            self.probabilities[start..start + classes].copy_from_slice(row);
        }
        self.done += samples.len().div_ceil(batch);
        self.answered = end;
        if self.answered == fold.len() {
            self.trainer = None;
            self.answered = 0;
            self.fold += 1;
            if self.fold < self.folds.len() {
                self.trainer = Some(self.begin()?);
            }
        }
        Ok(self.progress())
    }

    pub fn progress(&self) -> FoldProgress {
        let folds = self.folds.len();
        FoldProgress {
            fold: (self.fold + 1).min(folds),
            folds,
            done: self.done,
            total: self.total,
        }
    }

    pub fn is_done(&self) -> bool {
        self.trainer.is_none()
    }

    /// `[sample, class]`, 0–1; 0 of samples that have not been answered yet.
    pub fn probabilities(&self) -> &[f32] {
        &self.probabilities
    }

    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }
}

/// The samples of each fold: those of a class are dealt out one by one.
fn parted(dataset: &Dataset, folds: usize, seed: u64) -> Vec<Vec<u32>> {
    let mut by_class = vec![Vec::new(); dataset.classes().len()];
    for sample in 0..dataset.len() {
        by_class[dataset.label(sample)].push(sample as u32);
    }
    let mut parts = vec![Vec::new(); folds];
    let mut rng = generator(seed, Stream::Folds, 0);
    let mut next = 0;
    for mut members in by_class {
        members.shuffle(&mut rng);
        for sample in members {
            parts[next % folds].push(sample);
            next += 1;
        }
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    parts
}
