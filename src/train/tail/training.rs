use serde::Serialize;

use super::layers::TailLayers;
use super::learner::Learner;
use crate::model::head::{Head, HeadKind};
use crate::model::weights::Weight;
use crate::onnx::{self, DatasetFacts, OnnxError, Tail};
use crate::train::TrainError;
use crate::train::head::{
    Examples, HeadTraining, KEPT, grouped_folds, likeliest, temperature, threshold,
};

/// The share of the images that is held out: one of so many parts.
const PARTS: usize = 4;
/// Images whose features are computed at once.
const AT_ONCE: usize = 32;
/// Epochs that there may be.
const MOST_EPOCHS: usize = 200;

/// What the network makes of labelled images, and of changed copies of these, up to the cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TailMaps {
    /// `[row, channels, height, width]`
    pub maps: Vec<f32>,
    /// As in [`Examples`].
    pub samples: Vec<u32>,
    pub copies: Vec<u8>,
    pub labels: Vec<u16>,
    pub groups: Vec<u32>,
    pub classes: Vec<String>,
}

/// How far a fine-tuning has come.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TailProgress {
    /// Units of work (an optimiser step, or a batch of features).
    pub done: usize,
    pub total: usize,
    /// In progress, from 1: first without the held-out images, then with all.
    pub epoch: usize,
    pub epochs: usize,
    /// The mean of the last epoch's steps; 0 before the first.
    pub loss: f64,
    /// On held-out images, 0–1, of the tuned network; missing before it is known, and where nothing can be held out.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Of the head on frozen features, on the same images.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
}

/// What a fine-tuning came to.
#[derive(Clone, Debug, PartialEq)]
pub struct TailTuned {
    pub head: Head,
    /// Of the tail, by the names that the file's operators know them by.
    pub weights: Vec<Weight>,
}

/// What is done next.
enum Stage {
    /// Features of all rows by the file's own weights.
    Frozen,
    /// Learning without the held-out images.
    Judged(Box<Learner>),
    /// Features of all rows by that.
    JudgedFeatures(TailLayers),
    /// Learning from all.
    All(Box<Learner>),
    AllFeatures(TailLayers),
    Done(Box<TailTuned>),
}

/// A fine-tuning on the CPU, pulled: it works only while [`TailTraining::advance`] runs.
///
/// It learns twice: without a quarter of the images first, which then judge it beside the head on frozen features (the one
/// that has to be beaten) and give the temperature and the threshold of its novelty; then from all images, for as long.
/// What is held out is never learned from in the first run, nor are its near duplicates and copies.
pub struct TailTraining {
    file: Vec<u8>,
    tail: Tail,
    data: TailMaps,
    held_out: Vec<bool>,
    epochs: usize,
    seed: u64,
    stage: Stage,
    /// Of the rows, as far as they have been computed.
    features: Vec<f32>,
    frozen: Vec<f32>,
    loss: (f64, usize),
    last_loss: f64,
    judged: Judged,
    done: usize,
}

/// What the held-out images say.
#[derive(Clone, Copy, Default)]
struct Judged {
    baseline: Option<f64>,
    accuracy: Option<f64>,
    temperature: Option<f32>,
    threshold: Option<crate::model::head::RejectFacts>,
}

impl TailTraining {
    /// For the part of `file` behind `tensor`, one of [`onnx::tail_cuts`].
    ///
    /// # Errors
    /// If the file cannot be cut there, the lists do not belong together, or there is too little to learn from.
    pub fn new(
        file: Vec<u8>,
        tensor: &str,
        data: TailMaps,
        epochs: usize,
        seed: u64,
    ) -> Result<Self, TailError> {
        let tail = onnx::tail(&file, tensor)?;
        let size = tail.cut.channels * tail.cut.height * tail.cut.width;
        if !data.maps.len().is_multiple_of(size) {
            let given = data.maps.len();
            return Err(TrainError::Features(format!(
                "{given} values are not whole maps of {size}"
            ))
            .into());
        }
        Examples {
            // The maps stand for them: lists are checked in the same way.
            features: data.maps.clone(),
            dimension: size,
            samples: data.samples.clone(),
            copies: data.copies.clone(),
            labels: data.labels.clone(),
            groups: data.groups.clone(),
            classes: data.classes.clone(),
        }
        .check()?;
        Ok(TailTraining {
            file,
            tail,
            held_out: held_out(&data, seed),
            data,
            epochs: epochs.clamp(1, MOST_EPOCHS),
            seed,
            stage: Stage::Frozen,
            features: Vec::new(),
            frozen: Vec::new(),
            loss: (0.0, 0),
            last_loss: 0.0,
            judged: Judged::default(),
            done: 0,
        })
    }

    /// Which samples are held out at first.
    pub fn held_out(&self) -> &[bool] {
        &self.held_out
    }

    fn rows(&self) -> usize {
        self.data.samples.len()
    }

    /// Rows that are learned from while some are held out.
    fn fitted(&self) -> Vec<u32> {
        let samples = self.data.samples.iter().zip(0..);
        let fitted = samples.filter(|(sample, _)| !self.held_out[**sample as usize]);
        fitted.map(|(_, row)| row).collect()
    }

    pub fn progress(&self) -> TailProgress {
        let batches = self.rows().div_ceil(AT_ONCE);
        let steps = |rows: usize| Learner::steps_per_epoch(rows) * self.epochs;
        let judging = match self.held_out.contains(&true) {
            true => steps(self.fitted().len()) + batches,
            false => 0,
        };
        let epoch = match &self.stage {
            Stage::Judged(learner) | Stage::All(learner) => learner.epoch() + 1,
            Stage::Frozen => 1,
            _ => self.epochs,
        };
        TailProgress {
            done: self.done,
            total: 2 * batches + judging + steps(self.rows()),
            epoch: epoch.min(self.epochs),
            epochs: self.epochs,
            loss: self.last_loss,
            accuracy: self.judged.accuracy,
            baseline: self.judged.baseline,
        }
    }

    /// Does up to `units` units of work.
    ///
    /// # Errors
    /// If the device fails, or the loss is no longer a number.
    pub async fn advance(&mut self, units: usize) -> Result<TailProgress, TrainError> {
        for _ in 0..units.max(1) {
            if matches!(self.stage, Stage::Done(_)) {
                break;
            }
            self.unit().await?;
            self.done += 1;
        }
        Ok(self.progress())
    }

    async fn unit(&mut self) -> Result<(), TrainError> {
        // Whatever fails leaves nothing that could go on.
        match std::mem::replace(&mut self.stage, Stage::Frozen) {
            Stage::Frozen => {
                let layers = TailLayers::new(self.tail.clone());
                if self.embed(&layers).await? {
                    self.frozen = std::mem::take(&mut self.features);
                    self.stage = self.after_frozen()?;
                }
            }
            Stage::Judged(mut learner) => {
                self.step(&mut learner).await?;
                self.stage = match learner.is_done() {
                    true => Stage::JudgedFeatures(learner.layers),
                    false => Stage::Judged(learner),
                };
            }
            Stage::JudgedFeatures(layers) => {
                self.stage = match self.embed(&layers).await? {
                    true => {
                        let features = std::mem::take(&mut self.features);
                        self.judge(features)?;
                        self.learning_from_all()?
                    }
                    false => Stage::JudgedFeatures(layers),
                };
            }
            Stage::All(mut learner) => {
                self.step(&mut learner).await?;
                self.stage = match learner.is_done() {
                    true => Stage::AllFeatures(learner.layers),
                    false => Stage::All(learner),
                };
            }
            Stage::AllFeatures(layers) => {
                self.stage = match self.embed(&layers).await? {
                    true => Stage::Done(Box::new(self.tuned(&layers).await?)),
                    false => Stage::AllFeatures(layers),
                };
            }
            done @ Stage::Done(_) => self.stage = done,
        }
        Ok(())
    }

    /// The features of some more rows; whether that was all.
    async fn embed(&mut self, layers: &TailLayers) -> Result<bool, TrainError> {
        let from = self.features.len() / self.tail.features;
        let to = (from + AT_ONCE).min(self.rows());
        let size = layers.inputs();
        let maps = self.data.maps[from * size..to * size].to_vec();
        self.features.extend(layers.features(maps).await?);
        Ok(to == self.rows())
    }

    async fn step(&mut self, learner: &mut Learner) -> Result<(), TrainError> {
        let epoch = learner.epoch();
        self.loss.0 += learner.learn(&self.data.maps).await?;
        self.loss.1 += 1;
        if learner.epoch() > epoch {
            self.last_loss = self.loss.0 / self.loss.1 as f64;
            self.loss = (0.0, 0);
        }
        Ok(())
    }

    fn after_frozen(&mut self) -> Result<Stage, TrainError> {
        if !self.held_out.contains(&true) {
            return self.learning_from_all();
        }
        let head = self.fit(&self.frozen, true)?;
        self.judged.baseline = Some(self.asked(&self.frozen, &head).right);
        Ok(Stage::Judged(Box::new(self.learner(&head, self.fitted()))))
    }

    fn learning_from_all(&self) -> Result<Stage, TrainError> {
        let head = self.fit(&self.frozen, false)?;
        let rows = (0..self.rows() as u32).collect();
        Ok(Stage::All(Box::new(self.learner(&head, rows))))
    }

    fn learner(&self, head: &Head, rows: Vec<u32>) -> Learner {
        let label = |&row: &u32| self.data.labels[self.data.samples[row as usize] as usize];
        let labels = rows.iter().map(label).collect();
        Learner::new(
            self.tail.clone(),
            head,
            rows,
            labels,
            self.epochs,
            self.seed,
        )
    }

    /// Logistic regression on the features of all rows, or of those that are not held out.
    fn fit(&self, features: &[f32], without: bool) -> Result<Head, TrainError> {
        let dimension = self.tail.features;
        let kept = |sample: u32| !(without && self.held_out[sample as usize]);
        let samples: Vec<u32> = (0..self.data.labels.len() as u32)
            .filter(|&s| kept(s))
            .collect();
        let mut place = vec![0; self.data.labels.len()];
        for (new, &sample) in samples.iter().enumerate() {
            place[sample as usize] = new as u32;
        }
        let mut examples = Examples {
            dimension,
            labels: samples
                .iter()
                .map(|&s| self.data.labels[s as usize])
                .collect(),
            groups: samples
                .iter()
                .map(|&s| self.data.groups[s as usize])
                .collect(),
            classes: self.data.classes.clone(),
            ..Examples::default()
        };
        for (row, &sample) in self
            .data
            .samples
            .iter()
            .enumerate()
            .filter(|(_, s)| kept(**s))
        {
            examples
                .features
                .extend_from_slice(&features[row * dimension..(row + 1) * dimension]);
            examples.samples.push(place[sample as usize]);
            examples.copies.push(self.data.copies[row]);
        }
        Ok(HeadTraining::new(examples, self.seed)?.quick())
    }

    fn judge(&mut self, features: Vec<f32>) -> Result<(), TrainError> {
        let head = self.fit(&features, true)?;
        let asked = self.asked(&features, &head);
        self.judged.accuracy = Some(asked.right);
        let classes = self.data.classes.len();
        self.judged.temperature = Some(temperature(&asked.logits, &asked.labels, classes));
        self.judged.threshold =
            (!asked.novelty.is_empty()).then(|| threshold(&asked.novelty, KEPT));
        Ok(())
    }

    /// What `head` says to the held-out images themselves.
    fn asked(&self, features: &[f32], head: &Head) -> Asked {
        let mut asked = Asked::default();
        let mut right = 0;
        for (row, vector) in features.chunks_exact(self.tail.features).enumerate() {
            let sample = self.data.samples[row] as usize;
            if !self.held_out[sample] || self.data.copies[row] > 0 {
                continue;
            }
            let logits = head.logits(vector);
            let label = self.data.labels[sample];
            right += usize::from(likeliest(&logits) == usize::from(label));
            if let Some(novelty) = &head.novelty {
                asked.novelty.push(novelty.score(vector, &logits));
            }
            asked.labels.push(label);
            asked.logits.extend(logits);
        }
        asked.right = right as f64 / asked.labels.len().max(1) as f64;
        asked
    }

    async fn tuned(&self, layers: &TailLayers) -> Result<TailTuned, TrainError> {
        let mut head = self.fit(&self.features, false)?;
        head.facts.kind = HeadKind::FineTuned;
        // Cross-validation on features that have learned from all images would flatter.
        if let Some(temperature) = self.judged.temperature {
            head.facts.temperature = temperature;
        }
        if let Some(accuracy) = self.judged.accuracy {
            head.facts.accuracy = accuracy as f32;
        }
        if let (Some(novelty), Some(facts)) = (&mut head.novelty, self.judged.threshold) {
            novelty.facts = facts;
        }
        let mut weights = Vec::new();
        for (weight, learned) in self.tail.weights.iter().zip(&layers.parameters) {
            weights.push(Weight {
                values: learned.read().await?,
                ..weight.clone()
            });
        }
        Ok(TailTuned { head, weights })
    }

    /// What it came to, at the end.
    pub fn result(&self) -> Option<&TailTuned> {
        match &self.stage {
            Stage::Done(tuned) => Some(tuned),
            _ => None,
        }
    }

    /// The file that answers, at the end.
    ///
    /// # Errors
    /// If it has not come to its end.
    pub fn onnx(&self, dataset: Option<DatasetFacts>) -> Result<Vec<u8>, TailError> {
        let tuned = self.result().ok_or(TrainError::NotFitted)?;
        let file = onnx::with_head(&self.file, &tuned.head, dataset, &tuned.weights);
        Ok(file?)
    }
}

#[derive(Default)]
struct Asked {
    /// The share that is.
    right: f64,
    logits: Vec<f32>,
    labels: Vec<u16>,
    novelty: Vec<f32>,
}

/// Why a file cannot be tuned.
#[derive(thiserror::Error, Clone, Debug)]
pub enum TailError {
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    #[error(transparent)]
    Train(#[from] TrainError),
}

impl TailError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TailError::Onnx(error) => error.code(),
            TailError::Train(error) => error.code(),
        }
    }
}

/// One of [`PARTS`] of the samples, groups whole; none of a class that would have nothing left.
fn held_out(data: &TailMaps, seed: u64) -> Vec<bool> {
    let mut held_out = vec![false; data.labels.len()];
    let parts = grouped_folds(&data.labels, &data.groups, PARTS, seed);
    if parts.len() < 2 {
        return held_out;
    }
    let mut left = vec![0usize; data.classes.len()];
    data.labels
        .iter()
        .for_each(|&label| left[usize::from(label)] += 1);
    // A group goes as a whole or stays as a whole.
    let mut groups: std::collections::BTreeMap<u32, Vec<u32>> = Default::default();
    for &sample in parts
        .iter()
        .min_by_key(|part| part.len())
        .into_iter()
        .flatten()
    {
        groups
            .entry(data.groups[sample as usize])
            .or_default()
            .push(sample);
    }
    for members in groups.values() {
        let mut after = left.clone();
        let labels = members
            .iter()
            .map(|&s| usize::from(data.labels[s as usize]));
        labels.for_each(|label| after[label] -= 1);
        if after.iter().all(|&count| count > 0) {
            left = after;
            members.iter().for_each(|&s| held_out[s as usize] = true);
        }
    }
    held_out
}
