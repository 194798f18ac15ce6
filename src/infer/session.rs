use std::sync::Arc;

use serde::Serialize;
use tract_onnx::prelude::*;

use super::InferError;
use super::answer::{Answer, answer, no_answer};
use super::engine::{engine, proto, values};
use super::making::{Maker, sizes};
use super::scores::Scores;
use super::seen::{seen, seen_of_photo, takes_drawings};
use crate::model::head::RejectFacts;
use crate::onnx::{self, Facts, LOGITS, NOVELTY};
use crate::pixels::{Preprocessing, Rgba};

/// One class and how likely it is.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The class's place in the model's labels.
    pub index: usize,
    pub label: String,
    /// 0–1
    pub p: f32,
}

/// What the model makes of a drawing that has ink.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Best first.
    pub predictions: Vec<Prediction>,
    /// The image that the network sees, of its input's size: ink bright, 0–255.
    pub seen: Vec<u8>,
    /// Of files that can answer *none of these*, which is the answer if it is above [`RejectFacts::threshold`].
    pub novelty: Option<f32>,
}

/// What the model makes of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// Best first, as many as were asked for. None if a network for what is drawn finds nothing drawn.
    pub predictions: Vec<Prediction>,
    /// As [`Drawing::novelty`]; `None` too if nothing is drawn.
    pub novelty: Option<f32>,
    /// What the session was loaded to tell beside.
    pub inner: Vec<Inner>,
}

/// What the model makes of many images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// `[count, classes]`, in the labels' order.
    pub probabilities: Vec<f32>,
    /// One for each image, as [`Drawing::novelty`]; empty if the file tells none.
    pub novelty: Vec<f32>,
}

/// The values of one tensor of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Inner {
    pub name: String,
    /// With the batch, which is 1.
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// A file that is ready to answer.
pub struct Session {
    pub(super) facts: Facts,
    pub(super) labels: Vec<String>,
    pub(super) plan: Arc<TypedRunnableModel>,
    /// Images that the plan takes at once.
    pub(super) batch: usize,
    /// The output that answers, and all that could.
    pub(super) answer: Answer,
    /// What its numbers are, and how many there are for each image.
    pub(super) scores: Scores,
    pub(super) units: usize,
    /// Whether the plan gives a novelty after its answer.
    pub(super) novelty: bool,
    /// Tensors that the plan gives last.
    pub(super) inner: Vec<String>,
}

impl Session {
    /// Reads, checks and optimises the file.
    ///
    /// # Errors
    /// If the file is broken, or needs what tract does not have.
    pub fn load(file: &[u8]) -> Result<Self, InferError> {
        Self::load_batched(file, 1)
    }

    /// Like [`Session::load`], for many images: tract works on `batch` at once, which takes less time for each. A network
    /// that was written for one image at a time gets them one by one, and one that was written for so many at a time gets
    /// so many.
    ///
    /// # Errors
    /// As `load`.
    pub fn load_batched(file: &[u8], batch: usize) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let answer = answer(&facts)?;
        Self::of(file, facts, answer, batch, &[])
    }

    /// Like [`Session::load`], but [`Session::photo`] also tells the values of tensors of the network, by name:
    /// [`crate::onnx::FEATURES`], say, or the last feature map. What is not asked for is not kept while a network runs.
    ///
    /// # Errors
    /// As `load`, and if there is no such tensor.
    pub fn load_with(file: &[u8], inner: &[&str]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let answer = answer(&facts)?;
        Self::of(file, facts, answer, 1, inner)
    }

    /// Like [`Session::load`], but [`Session::run`] answers with the logits.
    ///
    /// # Errors
    /// As `load`, and if the file has no logits.
    pub fn load_logits(file: &[u8]) -> Result<Self, InferError> {
        let mut facts = onnx::read(file)?;
        if !facts.outputs.iter().any(|name| name == LOGITS) {
            return Err(InferError::NoOutput(LOGITS.into()));
        }
        facts.metadata.output = Some(LOGITS.into());
        facts.metadata.reject = None;
        let answer = answer(&facts)?;
        Self::of(file, facts, answer, 1, &[])
    }

    fn of(
        file: &[u8],
        facts: Facts,
        answer: Answer,
        batch: usize,
        inner: &[&str],
    ) -> Result<Self, InferError> {
        let novelty = tells_novelty(&facts);
        let beside = novelty.then_some(NOVELTY);
        let output = answer.output.name.as_str();
        let tensors: Vec<&str> = std::iter::once(output)
            .chain(beside)
            .chain(inner.iter().copied())
            .collect();
        let model = proto(file, &tensors)?;
        let maker = Maker {
            model: &model,
            answer: &answer,
            novelty,
            inner,
        };
        let sized = sizes(&facts);
        let mut tried = sized.into_iter().map(|facts| maker.fitting(facts, batch));
        // The first error tells of the size that the file says, or of the usual one.
        let first = tried.next().unwrap_or(Err(no_answer(&facts)));
        first.or_else(|error| tried.find_map(Result::ok).ok_or(error))
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The classes: the file's, or their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What the file's scores are.
    pub fn scores(&self) -> Scores {
        self.scores
    }

    /// The output that answers.
    pub fn answer(&self) -> &str {
        &self.answer.output.name
    }

    /// All outputs that could answer: with more than one, nothing in the file tells which does.
    pub fn could_answer(&self) -> &[String] {
        &self.answer.all
    }

    /// Where *none of these* begins; `None` if the file has no such answer.
    pub fn reject(&self) -> Option<RejectFacts> {
        self.facts.metadata.reject.filter(|_| self.novelty)
    }

    /// Whether [`Session::drawing`] can answer.
    pub fn takes_drawings(&self) -> bool {
        takes_drawings(&self.facts)
    }

    /// One preprocessed image `[channels, height, width]` → one number for each class, as the file has them.
    ///
    /// # Errors
    /// If the image has another size, or tract fails.
    pub fn run(&self, image: &[f32]) -> Result<Vec<f32>, InferError> {
        if image.len() != self.facts.input.len() {
            return Err(InferError::InputSize {
                needed: self.facts.input.len(),
                given: image.len(),
            });
        }
        let mut input = vec![0.0; self.batch * image.len()];
        input[..image.len()].copy_from_slice(image);
        let mut values = values(&self.run_plan(&input)?[0])?;
        values.truncate(self.units);
        Ok(values)
    }

    fn run_plan(&self, images: &[f32]) -> Result<TVec<TValue>, InferError> {
        let [channels, height, width] = self.facts.input.dims();
        let shape = [self.batch, channels, height, width];
        let input = Tensor::from_shape(&shape, images).map_err(engine)?;
        self.plan.run(tvec!(input.into())).map_err(engine)
    }

    /// Images `[count, channels, height, width]` of bytes → probabilities `[count, classes]`, in the labels' order.
    ///
    /// # Errors
    /// As [`Session::run`], and if the answer is no number.
    pub fn probabilities(&self, pixels: &[u8], count: usize) -> Result<Vec<f32>, InferError> {
        Ok(self.answers(pixels, count)?.probabilities)
    }

    /// The same with how unlike everything learned each image is.
    ///
    /// # Errors
    /// As [`Session::probabilities`].
    pub fn answers(&self, pixels: &[u8], count: usize) -> Result<Answered, InferError> {
        self.answers_under(&self.facts.preprocessing(), pixels, count)
    }

    /// The same under another preprocessing than the file's.
    ///
    /// # Errors
    /// As [`Session::probabilities`].
    pub(super) fn answers_under(
        &self,
        preprocessing: &Preprocessing,
        pixels: &[u8],
        count: usize,
    ) -> Result<Answered, InferError> {
        let size = self.facts.input.len();
        if count.checked_mul(size) != Some(pixels.len()) {
            return Err(InferError::InputSize {
                needed: count.saturating_mul(size),
                given: pixels.len(),
            });
        }
        let classes = self.labels.len();
        let mut all = Answered {
            probabilities: Vec::with_capacity(count * classes),
            novelty: Vec::with_capacity(if self.novelty { count } else { 0 }),
        };
        // The last batch may have places left over: what is answered for them is not looked at.
        let mut images = vec![0.0; self.batch * size];
        for bytes in pixels.chunks(self.batch * size) {
            for (image, bytes) in images.chunks_exact_mut(size).zip(bytes.chunks_exact(size)) {
                preprocessing.apply(bytes, self.facts.input.channels, image);
            }
            let outputs = self.run_plan(&images)?;
            let count = bytes.len() / size;
            for scores in values(&outputs[0])?.chunks_exact(self.units).take(count) {
                all.probabilities.extend(self.scores.probabilities(scores)?);
            }
            all.novelty.extend(self.novelty(&outputs)?.take(count));
        }
        Ok(all)
    }

    /// Of each image of a run; of none if the file does not tell it.
    fn novelty(&self, outputs: &[TValue]) -> Result<impl Iterator<Item = f32>, InferError> {
        let all = match self.novelty {
            true => values(&outputs[1])?,
            false => Vec::new(),
        };
        // What is no number is like nothing.
        Ok(all
            .into_iter()
            .map(|score| if score.is_finite() { score } else { f32::MAX }))
    }

    /// A drawing of any size, ink on a plain or transparent ground; `None` if there is no ink.
    ///
    /// # Errors
    /// As [`Session::run`], and if the model takes no grey images, or digits of another size.
    pub fn drawing(&self, picture: Rgba) -> Result<Option<Drawing>, InferError> {
        let Some(seen) = seen(&self.facts, picture)? else {
            return Ok(None);
        };
        let answer = self.answers(&seen, 1)?;
        Ok(Some(Drawing {
            predictions: best_first(&self.labels, &answer.probabilities),
            seen,
            novelty: answer.novelty.first().copied(),
        }))
    }

    /// A photo of any size → its `top` likeliest classes. A network for digits gets what is written on paper: dark ink
    /// is found, and brought to the form of a drawing.
    ///
    /// # Errors
    /// If tract fails, and if the answer is no number.
    pub fn photo(&self, picture: Rgba, top: usize) -> Result<Photo, InferError> {
        let Some(seen) = seen_of_photo(&self.facts, picture) else {
            return Ok(Photo {
                predictions: Vec::new(),
                novelty: None,
                inner: Vec::new(),
            });
        };
        let preprocessing = self.facts.preprocessing();
        let mut image = vec![0.0; self.batch * seen.len()];
        preprocessing.apply(&seen, self.facts.input.channels, &mut image[..seen.len()]);
        let outputs = self.run_plan(&image)?;
        let scores = values(&outputs[0])?;
        let before = 1 + usize::from(self.novelty);
        let inner = self.inner.iter().zip(outputs.iter().skip(before));
        let inner = inner.map(|(name, output)| {
            Ok(Inner {
                name: name.clone(),
                shape: output.shape().to_vec(),
                values: values(output)?,
            })
        });
        Ok(Photo {
            predictions: top_of(
                &self.labels,
                &self.scores.probabilities(&scores[..self.units])?,
                top,
            ),
            novelty: self.novelty(&outputs)?.next(),
            inner: inner.collect::<Result<_, InferError>>()?,
        })
    }
}

/// Whether the file says, beside its answer, how unlike everything learned an image is.
fn tells_novelty(facts: &Facts) -> bool {
    facts.metadata.reject.is_some() && facts.outputs.iter().any(|name| name == NOVELTY)
}

/// Classes with their probabilities, the most likely first; equals stay in the labels' order.
pub fn best_first(labels: &[String], probabilities: &[f32]) -> Vec<Prediction> {
    top_of(labels, probabilities, labels.len())
}

/// The `top` first of [`best_first`]: of a thousand names few are copied.
fn top_of(labels: &[String], probabilities: &[f32], top: usize) -> Vec<Prediction> {
    let mut ranked: Vec<(usize, f32)> = probabilities.iter().copied().enumerate().collect();
    ranked.truncate(labels.len());
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranked.truncate(top);
    let prediction = |(index, p): (usize, f32)| Prediction {
        index,
        label: labels[index].clone(),
        p,
    };
    ranked.into_iter().map(prediction).collect()
}

/// The classes: the file's, or their numbers.
pub(super) fn labels(facts: &Facts, classes: usize) -> Vec<String> {
    match facts.metadata.labels.len() {
        n if n == classes => facts.metadata.labels.clone(),
        _ => (0..classes).map(|index| index.to_string()).collect(),
    }
}
