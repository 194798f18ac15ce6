use std::sync::Arc;

use serde::Serialize;
use tract_onnx::prelude::*;

use super::InferError;
use crate::model::Fit;
use crate::onnx::{self, Facts, LOGITS, PROBABILITIES};
use crate::pixels::{Rgba, digit};

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
    /// The image that the network sees: 28×28, ink bright, 0–255.
    pub seen: Vec<u8>,
}

/// A file that is ready to answer, one image at a time.
pub struct Session {
    facts: Facts,
    labels: Vec<String>,
    plan: Arc<TypedRunnableModel>,
    scores: Scores,
}

/// What the numbers are that the model puts out.
#[derive(Clone, Copy)]
enum Scores {
    Probabilities,
    Logits,
    /// Of a file from elsewhere: probabilities where they look like it, otherwise logits.
    Unknown,
}

impl Session {
    /// Reads, checks and optimises the file.
    ///
    /// # Errors
    /// Where the file is broken, or needs what tract does not have.
    pub fn load(file: &[u8]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let (output, scores) = if facts.outputs.iter().any(|name| name == PROBABILITIES) {
            (PROBABILITIES.to_owned(), Scores::Probabilities)
        } else if facts.outputs.iter().any(|name| name == LOGITS) {
            (LOGITS.to_owned(), Scores::Logits)
        } else {
            (facts.outputs[0].clone(), Scores::Unknown)
        };
        Self::with_output(file, facts, &output, scores)
    }

    /// Like [`Session::load`], but [`Session::run`] answers with the logits.
    ///
    /// # Errors
    /// As `load`, and where the file has no logits.
    pub fn load_logits(file: &[u8]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        if !facts.outputs.iter().any(|name| name == LOGITS) {
            return Err(InferError::NoOutput(LOGITS.into()));
        }
        Self::with_output(file, facts, LOGITS, Scores::Logits)
    }

    fn with_output(
        mut file: &[u8],
        facts: Facts,
        output: &str,
        scores: Scores,
    ) -> Result<Self, InferError> {
        let [channels, height, width] = facts.input.dims();
        let input = f32::fact([1, channels, height, width]);
        let plan = tract_onnx::onnx()
            .model_for_read(&mut file)
            .and_then(|mut model| {
                model.select_outputs_by_name([output])?;
                model.with_input_fact(0, input.into())?.into_optimized()
            })
            .map_err(engine)?;
        let classes = classes(&plan)?;
        let labels = match facts.metadata.labels.len() {
            n if n == classes => facts.metadata.labels.clone(),
            _ => (0..classes).map(|index| index.to_string()).collect(),
        };
        Ok(Session {
            facts,
            labels,
            plan: plan.into_runnable().map_err(engine)?,
            scores,
        })
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The classes: the file's, or their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// One preprocessed image `[channels, height, width]` → one number for each class, as the file puts them out.
    ///
    /// # Errors
    /// Where the image has another size, or tract fails.
    pub fn run(&self, image: &[f32]) -> Result<Vec<f32>, InferError> {
        if image.len() != self.facts.input.len() {
            return Err(InferError::InputSize {
                needed: self.facts.input.len(),
                given: image.len(),
            });
        }
        let [channels, height, width] = self.facts.input.dims();
        let input = Tensor::from_shape(&[1, channels, height, width], image).map_err(engine)?;
        let output = self.plan.run(tvec!(input.into())).map_err(engine)?;
        let values = output[0].to_plain_array_view::<f32>().map_err(engine)?;
        Ok(values.iter().copied().collect())
    }

    /// Images `[count, channels, height, width]` of bytes → probabilities `[count, classes]`, in the labels' order.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn probabilities(&self, pixels: &[u8], count: usize) -> Result<Vec<f32>, InferError> {
        let size = self.facts.input.len();
        if count.checked_mul(size) != Some(pixels.len()) {
            return Err(InferError::InputSize {
                needed: count.saturating_mul(size),
                given: pixels.len(),
            });
        }
        let preprocessing = self.facts.preprocessing();
        let mut all = Vec::with_capacity(count * self.labels.len());
        let mut image = vec![0.0; size];
        for bytes in pixels.chunks_exact(size) {
            for (value, &byte) in image.iter_mut().zip(bytes) {
                *value = preprocessing.apply(byte);
            }
            all.extend(self.scores.probabilities(self.run(&image)?));
        }
        Ok(all)
    }

    /// A drawing of any size, ink on a plain or transparent ground; `None` where there is no ink.
    ///
    /// # Errors
    /// As [`Session::run`], and where the model takes no digits.
    pub fn drawing(&self, picture: Rgba) -> Result<Option<Drawing>, InferError> {
        let [channels, height, width] = self.facts.input.dims();
        if (channels, height, width) != (1, 28, 28) || self.facts.preprocessing().fit != Fit::Digit
        {
            return Err(InferError::NoDrawings {
                channels,
                height,
                width,
            });
        }
        let Some(seen) = digit::center(picture) else {
            return Ok(None);
        };
        let probabilities = self.probabilities(&seen, 1)?;
        Ok(Some(Drawing {
            predictions: best_first(&self.labels, &probabilities),
            seen: seen.to_vec(),
        }))
    }
}

impl Scores {
    fn probabilities(self, scores: Vec<f32>) -> Vec<f32> {
        let spread = |scores: &[f32]| {
            scores.iter().all(|p| (-1e-6..=1.0 + 1e-6).contains(p))
                && (scores.iter().sum::<f32>() - 1.0).abs() < 1e-3
        };
        match self {
            Scores::Probabilities => scores,
            Scores::Unknown if spread(&scores) => scores,
            Scores::Logits | Scores::Unknown => softmax(&scores),
        }
    }
}

/// e^x / Σ e^x, with the largest taken off first so that nothing overflows.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|x| (x - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Classes with their probabilities, the most likely first; equals stay in the labels' order.
pub fn best_first(labels: &[String], probabilities: &[f32]) -> Vec<Prediction> {
    let mut all: Vec<Prediction> = labels
        .iter()
        .zip(probabilities)
        .enumerate()
        .map(|(index, (label, &p))| Prediction {
            index,
            label: label.clone(),
            p,
        })
        .collect();
    all.sort_by(|a, b| b.p.total_cmp(&a.p));
    all
}

/// How many classes the (only) output tells apart.
fn classes(plan: &TypedModel) -> Result<usize, InferError> {
    let fact = plan.output_fact(0).map_err(engine)?;
    let shape = fact.shape.as_concrete().unwrap_or_default().to_vec();
    let classes: usize = shape.iter().product();
    if fact.datum_type != f32::datum_type() || classes < 2 || shape.last() != Some(&classes) {
        return Err(InferError::OutputShape(shape));
    }
    Ok(classes)
}

/// tract's account, outermost cause first, in one line.
fn engine(error: TractError) -> InferError {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    InferError::Engine(causes.join(": "))
}
