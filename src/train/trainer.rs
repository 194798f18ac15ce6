use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;
use web_time::Instant;

use super::batch::{Drawn, batch};
use super::outcome::{Outcome, Pending, Tally, answer, read, shares};
use super::rolling::Rolling;
use super::{Fault, Optimizer, TrainError, TrainingEvent, loss};
use crate::data::order::shuffled;
use crate::data::{Dataset, Split};
use crate::model::network::{DropoutKey, Network};
use crate::model::random::mix;
use crate::model::weights::{self, Weight};
use crate::model::{EpochRecord, ModelSpec, Recipe};
use crate::onnx::{self, Checkpoint, Metadata, NetworkFile, Position};

/// Images classified at once in validation: as many as in a step, which there is memory for, within these bounds.
const VALIDATION_BATCH: std::ops::RangeInclusive<usize> = 32..=256;

/// Streams of random numbers that must not meet: each is the seed mixed with one of these.
mod purpose {
    pub const WEIGHTS: u64 = 1;
    pub const DROPOUT: u64 = 2;
}

/// One run. Same seed, same run, on the same build and device.
pub struct Trainer {
    spec: ModelSpec,
    recipe: Recipe,
    dataset: Dataset,
    /// With autodiff.
    device: Device,
    network: Network,
    optimizer: Optimizer,
    /// That there is memory for.
    largest_batch: usize,
    samples: Vec<u32>,
    held_out: Vec<u32>,
    rolling: Rolling,
    /// Of this epoch.
    order: Vec<u32>,
    phase: Phase,
    /// Finished steps.
    step: usize,
    tally: Tally,
    history: Vec<EpochRecord>,
    fault: Fault,
}

enum Phase {
    Training,
    /// The epoch's weights, frozen, and how many of the held-out images they have classified.
    Validating {
        network: Box<Network>,
        done: usize,
        tally: Tally,
    },
    Done,
}

impl Trainer {
    /// Begins a run on `device` (without autodiff) with fresh weights, holding out the share of the training samples
    /// that the recipe asks for.
    ///
    /// # Errors
    /// If recipe, spec and dataset do not go together.
    pub fn new(
        spec: ModelSpec,
        recipe: Recipe,
        dataset: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let values = weights::initial(&spec, mix(&[recipe.seed, purpose::WEIGHTS]))?;
        Self::with_weights(spec, recipe, &values, dataset, device)
    }

    /// The same, from weights that another run has left.
    ///
    /// # Errors
    /// As [`Trainer::new`], and if the weights do not belong to the spec.
    pub fn with_weights(
        spec: ModelSpec,
        recipe: Recipe,
        values: &[Weight],
        dataset: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        recipe.check()?;
        let mut trainer = Self::build(spec, recipe, values, dataset, device)?;
        trainer.shuffle();
        Ok(trainer)
    }

    /// Goes on where the training that wrote `file` stood, to the same end as if it had never stopped; with `epochs`
    /// it is to be that many altogether, instead of the recipe's, and at least those that have been begun.
    ///
    /// # Errors
    /// As [`Trainer::with_weights`]; [`TrainError::NoState`] if the file has no training's state, or a part of it,
    /// and [`TrainError::OtherDataset`], [`TrainError::ChangedData`] or [`TrainError::OtherData`] if that training saw
    /// other data.
    pub fn resume(
        file: NetworkFile,
        epochs: Option<usize>,
        dataset: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let metadata = file.facts.metadata;
        let state = file.checkpoint.zip(metadata.recipe.clone());
        let (checkpoint, mut recipe) = state.ok_or(TrainError::NoState)?;
        same_data(&metadata, &dataset)?;
        let Position {
            step,
            samples,
            loss,
            correct,
            images,
        } = checkpoint.position;
        recipe.epochs = epochs.unwrap_or(recipe.epochs);
        let mut trainer = Self::build(file.spec, recipe, &file.weights, dataset, device)?;
        if trainer.samples.len() != samples {
            return Err(TrainError::OtherData {
                then: samples,
                now: trainer.samples.len(),
            });
        }
        // Each array belongs to a weight and is as long: a file may come from anyone.
        let belongs = |array: &Weight| {
            let name = array.name.rsplit_once('.').map(|(weight, _)| weight);
            let weight = file
                .weights
                .iter()
                .find(|weight| Some(weight.name.as_str()) == name);
            weight.is_some_and(|weight| weight.values.len() == array.values.len())
        };
        if !checkpoint.state.iter().all(belongs) {
            return Err(TrainError::NoState);
        }
        trainer.step = trainer.steps_at(&checkpoint.position, metadata.history.len());
        trainer.history = metadata.history;
        trainer.tally = Tally {
            loss,
            correct,
            images,
        };
        let finished = trainer.history.len();
        let begun = finished.saturating_mul(trainer.steps_per_epoch()) < trainer.step;
        let epochs = finished + usize::from(begun);
        trainer.recipe.epochs = trainer.recipe.epochs.max(epochs);
        trainer.optimizer.restore(&checkpoint.state, step, device);
        // A tool that drops initialisers which no operator uses leaves a file that only looks as if it could go on.
        let learned = file.weights.iter().filter(|weight| weight.is_learned());
        if step > 0
            && !learned
                .into_iter()
                .all(|weight| trainer.optimizer.knows(&weight.name))
        {
            return Err(TrainError::NoState);
        }
        trainer.find_phase()?;
        Ok(trainer)
    }

    /// The steps behind a restored run. Files of before count a last image alone as a step of its own; how many images
    /// of the epoch are behind it says where it stands in either way of counting.
    fn steps_at(&self, position: &Position, finished: usize) -> usize {
        if self.samples.len() % self.recipe.batch_size != 1 {
            return position.step;
        }
        let per_epoch = self.steps_per_epoch();
        let into = match position.images >= self.samples.len() {
            true => per_epoch,
            false => position.images / self.recipe.batch_size,
        };
        finished.saturating_mul(per_epoch).saturating_add(into)
    }

    /// The phase in which a restored run stands, from its steps and finished epochs.
    fn find_phase(&mut self) -> Result<(), TrainError> {
        let per_epoch = self.steps_per_epoch();
        let finished = self.history.len();
        match self.step.checked_sub(finished.saturating_mul(per_epoch)) {
            Some(0) if finished >= self.recipe.epochs => self.phase = Phase::Done,
            Some(into) if into < per_epoch => self.shuffle(),
            Some(into) if into == per_epoch => self.begin_validation(),
            _ => return Err(TrainError::NoState),
        }
        Ok(())
    }

    fn build(
        spec: ModelSpec,
        recipe: Recipe,
        values: &[Weight],
        mut dataset: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        recipe.check_begun()?;
        let sizes = spec.batch_sizes()?;
        if dataset.shape() != spec.input.dims() {
            return Err(TrainError::ImageShape {
                network: spec.input.dims(),
                dataset: dataset.shape(),
            });
        }
        if dataset.classes().len() != spec.classes() {
            return Err(TrainError::Classes {
                network: spec.classes(),
                dataset: dataset.classes().len(),
            });
        }
        dataset.hold_out_validation(recipe.validation_share as f32, recipe.seed);
        let samples = dataset.indices(Split::Train);
        if samples.is_empty() {
            return Err(TrainError::NoSamples);
        }
        let largest = recipe.batch_size.min(samples.len());
        if largest > sizes.most {
            return Err(TrainError::BatchTooLarge {
                batch: recipe.batch_size,
                most: sizes.most,
            });
        }
        if largest < sizes.least {
            return Err(TrainError::BatchTooSmall { least: sizes.least });
        }
        let device = device.clone().autodiff();
        let held_out = dataset.indices(Split::Validation);
        Ok(Trainer {
            network: Network::new(&spec, values, &device)?,
            optimizer: Optimizer::new(recipe.optimizer),
            largest_batch: sizes.most,
            rolling: Rolling::new(recipe.rolling_validation, &dataset, &held_out, recipe.seed),
            held_out,
            samples,
            order: Vec::new(),
            phase: Phase::Training,
            step: 0,
            tally: Tally::default(),
            history: Vec::new(),
            fault: Fault::default(),
            dataset,
            device,
            spec,
            recipe,
        })
    }

    /// Stops with an error once the device has reported a fault: what it computes from then on means nothing.
    pub fn watching(self, fault: Fault) -> Self {
        Trainer { fault, ..self }
    }

    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The held-out samples, by their indices, whose answers every [`TrainingEvent::RollingValidation`] tells.
    pub fn watched(&self) -> &[u32] {
        self.rolling.watched()
    }

    /// Finished epochs.
    pub fn history(&self) -> &[EpochRecord] {
        &self.history
    }

    pub fn steps_per_epoch(&self) -> usize {
        self.recipe.steps_per_epoch(self.samples.len())
    }

    pub fn total_steps(&self) -> usize {
        self.steps_per_epoch().saturating_mul(self.recipe.epochs)
    }

    /// The weights of this moment, copied to the host.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn weights(&self) -> Result<Vec<Weight>, TrainError> {
        let weights = self.network.weights().await;
        self.fault.check()?;
        Ok(weights?)
    }

    /// The network of this moment as a complete file, with its labels, recipe and history.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn onnx(&self) -> Result<Vec<u8>, TrainError> {
        let weights = self.weights().await?;
        Ok(onnx::write(&self.spec, &weights, &self.metadata())?)
    }

    /// The same file with the state of this moment, from which [`Trainer::resume`] goes on.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, TrainError> {
        let checkpoint = Checkpoint {
            position: Position {
                step: self.step,
                samples: self.samples.len(),
                loss: self.tally.loss,
                correct: self.tally.correct,
                images: self.tally.images,
            },
            state: self.optimizer.state().await?,
        };
        // Last: it also asks whether the device is well.
        let weights = self.weights().await?;
        let file = onnx::write_checkpoint(&self.spec, &weights, &self.metadata(), &checkpoint);
        Ok(file?)
    }

    fn metadata(&self) -> Metadata {
        Metadata {
            labels: self.dataset.classes().to_vec(),
            recipe: Some(self.recipe.clone()),
            history: self.history.clone(),
            dataset: Some(self.dataset.name().into()),
            dataset_id: Some(self.dataset.content_id().into()),
            ..Metadata::default()
        }
    }

    /// Does up to `units` units of work, a unit being an optimiser step or a batch of validation, and says what
    /// happened. Stops early at the end of an epoch's steps, and when a rolling validation is due, which it then does.
    /// After the end it answers [`TrainingEvent::Done`].
    ///
    /// # Errors
    /// [`TrainError::NotFinite`] when the loss overflows, and the device's own.
    pub async fn advance(&mut self, units: usize) -> Result<Vec<TrainingEvent>, TrainError> {
        let events = match self.phase {
            Phase::Training => self.train(units).await,
            Phase::Validating { .. } => self.validate(units).await,
            Phase::Done => Ok(vec![TrainingEvent::Done]),
        };
        self.fault.check()?;
        events
    }

    /// From 1.
    fn epoch(&self) -> usize {
        self.history.len() + 1
    }

    fn shuffle(&mut self) {
        self.order = shuffled(&self.samples, self.recipe.seed, self.epoch() as u32);
    }

    async fn train(&mut self, units: usize) -> Result<Vec<TrainingEvent>, TrainError> {
        let began = Instant::now();
        let per_epoch = self.steps_per_epoch();
        let first = self.step % per_epoch;
        let most = per_epoch.min(first.saturating_add(units.max(1)));
        let last = (first + 1..=most)
            .find(|&last| self.is_rolling_due(self.step + last - first))
            .unwrap_or(most);
        let pending = (first..last).map(|index| self.one_step(index)).collect();
        let outcomes = read(pending).await?;
        let images: usize = outcomes.iter().map(|outcome| outcome.images).sum();
        let seconds_per_image = began.elapsed().as_secs_f64() / images as f64;

        let mut events = Vec::with_capacity(outcomes.len() + 1);
        for (step, outcome) in (self.step - outcomes.len() + 1..).zip(outcomes) {
            if !outcome.loss.is_finite() {
                return Err(TrainError::NotFinite { step });
            }
            let Outcome {
                loss,
                correct,
                images,
                ..
            } = outcome;
            self.tally.add(loss, correct, images);
            events.push(TrainingEvent::Step {
                epoch: self.epoch(),
                step,
                steps_per_epoch: per_epoch,
                total_steps: self.total_steps(),
                loss,
                correct,
                images,
                seconds: seconds_per_image * images as f64,
            });
        }
        if self.is_rolling_due(self.step) {
            events.push(self.validate_sample().await?);
        }
        if last == per_epoch {
            if self.held_out.is_empty() {
                self.end_epoch(None, &mut events);
            } else {
                self.begin_validation();
            }
        }
        Ok(events)
    }

    fn is_rolling_due(&self, step: usize) -> bool {
        let ends_epoch = step.is_multiple_of(self.steps_per_epoch());
        self.rolling.is_due(step, ends_epoch)
    }

    /// The weights as they are, on the rolling sample.
    async fn validate_sample(&self) -> Result<TrainingEvent, TrainError> {
        let network = self.network.valid();
        let size = self.validation_batch();
        let pending = self.rolling.sample().chunks(size);
        let outcomes = read(pending.map(|part| self.classify(&network, part)).collect()).await?;
        let mut tally = Tally::default();
        for outcome in &outcomes {
            tally.add(outcome.loss, outcome.correct, outcome.images);
        }
        let classes = self.dataset.classes().len();
        let answers = outcomes
            .iter()
            .flat_map(|outcome| outcome.logits.chunks_exact(classes))
            .take(self.rolling.watched().len());
        Ok(TrainingEvent::RollingValidation {
            epoch: self.epoch(),
            step: self.step,
            loss: tally.mean_loss(),
            accuracy: tally.accuracy(),
            images: tally.images,
            answers: answers.map(answer).collect(),
        })
    }

    fn validation_batch(&self) -> usize {
        let (least, most) = (*VALIDATION_BATCH.start(), *VALIDATION_BATCH.end());
        let size = self.recipe.batch_size.clamp(least, most);
        size.min(self.largest_batch)
    }

    /// How many samples [`Trainer::probabilities`] answers at once, within its memory.
    pub(super) fn answered_at_once(&self) -> usize {
        self.validation_batch()
    }

    /// What the network of this moment makes of samples of the dataset, `[sample, class]`, 0–1.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn probabilities(&self, samples: &[u32]) -> Result<Vec<f32>, TrainError> {
        let network = self.network.valid();
        let parts = samples.chunks(self.validation_batch());
        let outcomes = read(parts.map(|part| self.classify(&network, part)).collect()).await?;
        self.fault.check()?;
        let classes = self.dataset.classes().len();
        let logits = outcomes
            .iter()
            .flat_map(|outcome| outcome.logits.chunks_exact(classes));
        Ok(logits.flat_map(shares).collect())
    }

    /// A batch of validation: `network` is without autodiff.
    fn classify(&self, network: &Network, indices: &[u32]) -> Pending {
        let device = self.device.clone().inner();
        let batch = batch(&self.dataset, &self.spec, indices, None, &device);
        let logits = network.forward(batch.images, None);
        Pending {
            loss: loss(self.recipe.loss, logits.clone(), batch.targets),
            logits,
            labels: batch.labels,
        }
    }

    fn begin_validation(&mut self) {
        self.phase = Phase::Validating {
            network: Box::new(self.network.valid()),
            done: 0,
            tally: Tally::default(),
        };
    }

    /// Forward, backward and the optimiser's step on the `index`-th batch of this epoch.
    pub(super) fn one_step(&mut self, index: usize) -> Pending {
        let indices = &self.order[self.recipe.batch(index, self.order.len())];
        let drawn = Drawn::of(&self.recipe, self.epoch());
        let batch = batch(&self.dataset, &self.spec, indices, drawn, &self.device);
        let dropout = DropoutKey {
            seed: mix(&[self.recipe.seed, purpose::DROPOUT]),
            step: self.step as u64,
            first_sample: 0,
        };
        let logits = self.network.forward(batch.images, Some(dropout));
        let loss = loss(self.recipe.loss, logits.clone(), batch.targets);
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        let rate =
            self.recipe.learning_rate * self.recipe.schedule.factor(self.step, self.total_steps());
        let network = std::mem::take(&mut self.network);
        self.network = self.optimizer.step(rate, network, gradients);
        self.step += 1;
        Pending {
            loss: loss.inner(),
            logits: logits.inner(),
            labels: batch.labels,
        }
    }

    async fn validate(&mut self, units: usize) -> Result<Vec<TrainingEvent>, TrainError> {
        let size = self.validation_batch();
        let Phase::Validating { network, done, .. } = &self.phase else {
            return Ok(Vec::new());
        };
        let parts = self.held_out[*done..].chunks(size).take(units.max(1));
        let outcomes = read(parts.map(|part| self.classify(network, part)).collect()).await?;
        let Phase::Validating { done, tally, .. } = &mut self.phase else {
            return Ok(Vec::new());
        };
        for outcome in outcomes {
            tally.add(outcome.loss, outcome.correct, outcome.images);
            *done += outcome.images;
        }
        let (done, total, tally) = (*done, self.held_out.len(), *tally);
        let mut events = vec![TrainingEvent::Validation {
            epoch: self.epoch(),
            done,
            total,
        }];
        if done == total {
            self.end_epoch(Some(tally), &mut events);
        }
        Ok(events)
    }

    fn end_epoch(&mut self, validation: Option<Tally>, events: &mut Vec<TrainingEvent>) {
        let record = EpochRecord {
            epoch: self.epoch(),
            train_loss: self.tally.mean_loss(),
            train_accuracy: self.tally.accuracy(),
            val_loss: validation.map(|tally| tally.mean_loss()),
            val_accuracy: validation.map(|tally| tally.accuracy()),
        };
        self.history.push(record);
        self.tally = Tally::default();
        events.push(TrainingEvent::Epoch(record));
        if self.history.len() >= self.recipe.epochs {
            self.phase = Phase::Done;
            events.push(TrainingEvent::Done);
        } else {
            self.phase = Phase::Training;
            self.shuffle();
        }
    }
}

/// That the data are those which a file was trained on. What they hold decides; the name does where a file of before does
/// not say what they held.
fn same_data(file: &Metadata, dataset: &Dataset) -> Result<(), TrainError> {
    let name = dataset.name();
    let renamed = file.dataset.as_deref().filter(|then| *then != name);
    let same = match &file.dataset_id {
        Some(then) => then == dataset.content_id(),
        None => renamed.is_none(),
    };
    match (same, renamed) {
        (true, _) => Ok(()),
        (false, Some(then)) => Err(TrainError::OtherDataset {
            then: then.to_owned(),
            now: name.to_owned(),
        }),
        (false, None) => Err(TrainError::ChangedData {
            name: name.to_owned(),
        }),
    }
}
