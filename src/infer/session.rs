use std::sync::Arc;

use serde::Serialize;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use super::InferError;
use crate::model::head::RejectFacts;
use crate::onnx::{self, Facts, LOGITS, NOVELTY, PROBABILITIES};
use crate::pixels::Rgba;

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
    facts: Facts,
    labels: Vec<String>,
    plan: Arc<TypedRunnableModel>,
    /// Images that the plan takes at once.
    batch: usize,
    scores: Scores,
    /// Whether the plan gives a novelty after its answer.
    novelty: bool,
    /// Tensors that the plan gives last.
    inner: Vec<String>,
}

/// What the numbers are that the model outputs.
#[derive(Clone, Copy)]
pub(super) enum Scores {
    Probabilities,
    Logits,
    /// Of a file from elsewhere: probabilities if they look like it, otherwise logits.
    Unknown,
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
    /// that was written for one image at a time gets them one by one.
    ///
    /// # Errors
    /// As `load`.
    pub fn load_batched(file: &[u8], batch: usize) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let (output, scores) = answer(&facts);
        let model = proto(file)?;
        let novelty = tells_novelty(&facts);
        let load = |batch| {
            Self::of(
                &model,
                facts.clone(),
                (&output, scores),
                batch,
                novelty,
                &[],
            )
        };
        match batch {
            0 | 1 => load(1),
            _ => load(batch).or_else(|_| load(1)),
        }
    }

    /// Like [`Session::load`], but [`Session::photo`] also tells the values of tensors of the network, by name:
    /// [`crate::onnx::FEATURES`], say, or the last feature map. What is not asked for is not kept while a network runs.
    ///
    /// # Errors
    /// As `load`, and if there is no such tensor.
    pub fn load_with(file: &[u8], inner: &[&str]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        let (output, scores) = answer(&facts);
        let novelty = tells_novelty(&facts);
        Self::of(&proto(file)?, facts, (&output, scores), 1, novelty, inner)
    }

    /// Like [`Session::load`], but [`Session::run`] answers with the logits.
    ///
    /// # Errors
    /// As `load`, and if the file has no logits.
    pub fn load_logits(file: &[u8]) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        if !facts.outputs.iter().any(|name| name == LOGITS) {
            return Err(InferError::NoOutput(LOGITS.into()));
        }
        let logits = (LOGITS, Scores::Logits);
        Self::of(&proto(file)?, facts, logits, 1, false, &[])
    }

    fn of(
        model: &ModelProto,
        facts: Facts,
        (output, scores): (&str, Scores),
        batch: usize,
        novelty: bool,
        inner: &[&str],
    ) -> Result<Self, InferError> {
        let beside = novelty.then_some(NOVELTY);
        let outputs = std::iter::once(output).chain(beside);
        let plan = plan_of(model, &facts, outputs.chain(inner.iter().copied()), batch)?;
        if novelty && !is_one_each(&plan, 1, batch) {
            return Self::of(model, facts, (output, scores), batch, false, inner);
        }
        let classes = classes(&plan, batch)?;
        Ok(Session {
            labels: labels(&facts, classes),
            facts,
            plan: plan.into_runnable().map_err(engine)?,
            batch,
            scores,
            novelty,
            inner: inner.iter().map(|&name| name.to_owned()).collect(),
        })
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The classes: the file's, or their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
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
        values.truncate(self.labels.len());
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
        let size = self.facts.input.len();
        if count.checked_mul(size) != Some(pixels.len()) {
            return Err(InferError::InputSize {
                needed: count.saturating_mul(size),
                given: pixels.len(),
            });
        }
        let preprocessing = self.facts.preprocessing();
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
            for scores in values(&outputs[0])?.chunks_exact(classes).take(count) {
                let probabilities = self.scores.probabilities(scores.to_vec())?;
                all.probabilities.extend(probabilities);
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
        let mut scores = values(&outputs[0])?;
        scores.truncate(self.labels.len());
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
            predictions: top_of(&self.labels, &self.scores.probabilities(scores)?, top),
            novelty: self.novelty(&outputs)?.next(),
            inner: inner.collect::<Result<_, InferError>>()?,
        })
    }
}

/// The output that answers, and what its numbers are.
pub(super) fn answer(facts: &Facts) -> (String, Scores) {
    let has = |output: &str| facts.outputs.iter().any(|name| name == output);
    if has(PROBABILITIES) {
        (PROBABILITIES.to_owned(), Scores::Probabilities)
    } else if has(LOGITS) {
        (LOGITS.to_owned(), Scores::Logits)
    } else {
        (facts.outputs[0].clone(), Scores::Unknown)
    }
}

/// The file as tract's messages, with all that [`onnx::converted`] does.
pub(super) fn proto(file: &[u8]) -> Result<ModelProto, InferError> {
    let converted = onnx::converted(file, &[])?;
    tract_onnx::onnx()
        .proto_model_for_read(&mut converted.as_slice())
        .map_err(engine)
}

/// An optimised network that gives these tensors for `batch` images. What none of them needs is not in it.
pub(super) fn plan_of<'a>(
    model: &ModelProto,
    facts: &Facts,
    outputs: impl Iterator<Item = &'a str>,
    batch: usize,
) -> Result<TypedModel, InferError> {
    let [channels, height, width] = facts.input.dims();
    let input = f32::fact([batch, channels, height, width]);
    tract_onnx::onnx()
        .model_for_proto_model(model)
        .and_then(|mut model| {
            model.select_outputs_by_name(outputs)?;
            model.with_input_fact(0, input.into())?.into_optimized()
        })
        .map_err(engine)
}

/// Whether the file says, beside its answer, how unlike everything learned an image is.
fn tells_novelty(facts: &Facts) -> bool {
    facts.metadata.reject.is_some() && facts.outputs.iter().any(|name| name == NOVELTY)
}

/// Whether an output is one number for each image.
fn is_one_each(plan: &TypedModel, output: usize, batch: usize) -> bool {
    plan.output_fact(output).is_ok_and(|fact| {
        let shape = fact.shape.as_concrete().unwrap_or_default();
        let count: usize = shape.iter().product();
        fact.datum_type == f32::datum_type() && shape.first() == Some(&batch) && count == batch
    })
}

pub(super) fn values(output: &TValue) -> Result<Vec<f32>, InferError> {
    let values = output.to_plain_array_view::<f32>().map_err(engine)?;
    Ok(values.iter().copied().collect())
}

/// The bytes that a network is given of a photo, `[channels, height, width]`; `None` if it is one for what is drawn,
/// and nothing is.
pub(super) fn seen_of_photo(facts: &Facts, picture: Rgba) -> Option<Vec<u8>> {
    let fit = facts.preprocessing().fit;
    fit.of_photo(picture, facts.input.dims())
}

/// The bytes that a network is given of a drawing; `None` if there is no ink.
pub(super) fn seen(facts: &Facts, picture: Rgba) -> Result<Option<Vec<u8>>, InferError> {
    if takes_drawings(facts) {
        let fit = facts.preprocessing().fit;
        return Ok(fit.of_drawing(picture, facts.input.dims()));
    }
    let [channels, height, width] = facts.input.dims();
    Err(InferError::NoDrawings {
        channels,
        height,
        width,
    })
}

/// Whether the network is one for what is drawn by hand.
pub(super) fn takes_drawings(facts: &Facts) -> bool {
    facts.preprocessing().fit.takes_ink(facts.input.dims())
}

impl Scores {
    /// # Errors
    /// If they are not finite: nobody can be "NaN % sure".
    fn probabilities(self, scores: Vec<f32>) -> Result<Vec<f32>, InferError> {
        let spread = |scores: &[f32]| {
            scores.iter().all(|p| (-1e-6..=1.0 + 1e-6).contains(p))
                && (scores.iter().sum::<f32>() - 1.0).abs() < 1e-3
        };
        let probabilities = match self {
            Scores::Probabilities => scores,
            Scores::Unknown if spread(&scores) => scores,
            Scores::Logits | Scores::Unknown => softmax(&scores),
        };
        match probabilities.iter().all(|p| p.is_finite()) {
            true => Ok(probabilities),
            false => Err(InferError::NotFinite),
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

/// How many classes the first output tells apart, for `batch` images at once.
fn classes(plan: &TypedModel, batch: usize) -> Result<usize, InferError> {
    let fact = plan.output_fact(0).map_err(engine)?;
    let shape = fact.shape.as_concrete().unwrap_or_default().to_vec();
    let classes = shape.last().copied().unwrap_or(0);
    // With more images than one, the first dimension must be theirs.
    let by_image = batch == 1 || shape.first() == Some(&batch);
    let values: usize = shape.iter().product();
    let is_list = values == batch * classes && by_image;
    if fact.datum_type != f32::datum_type() || classes < 2 || !is_list {
        return Err(InferError::OutputShape(shape));
    }
    Ok(classes)
}

/// tract's account, outermost cause first, in one line.
pub(super) fn engine(error: TractError) -> InferError {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    InferError::Engine(causes.join(": "))
}
