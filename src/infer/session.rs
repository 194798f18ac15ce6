use std::sync::Arc;

use serde::Serialize;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use super::InferError;
use super::answer::{Answer, answer, no_answer};
use super::scores::Scores;
use crate::model::head::RejectFacts;
use crate::onnx::{self, Facts, LOGITS, NOVELTY};
use crate::pixels::{Preprocessing, Rgba};

/// Sides of images that networks which take any size are usually made for.
const USUAL_SIDES: [usize; 13] = [224, 28, 32, 64, 96, 128, 160, 192, 240, 256, 299, 384, 512];

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
    /// The output that answers, and all that could.
    answer: Answer,
    /// What its numbers are, and how many there are for each image.
    scores: Scores,
    units: usize,
    /// Whether the plan gives a novelty after its answer.
    novelty: bool,
    /// Tensors that the plan gives last.
    inner: Vec<String>,
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

/// Makes sessions of one file: for sizes, and for so many images at once.
struct Maker<'a> {
    model: &'a ModelProto,
    answer: &'a Answer,
    novelty: bool,
    inner: &'a [&'a str],
}

impl Maker<'_> {
    /// For `batch` images at once, or for as many as the network takes.
    fn fitting(&self, facts: Facts, batch: usize) -> Result<Session, InferError> {
        let many = |facts: Facts| self.make(facts, batch);
        let Some(fixed) = facts.source.batch else {
            return match batch {
                0 | 1 => self.make(facts, 1),
                _ => many(facts.clone()).or_else(|_| self.make(facts, 1)),
            };
        };
        let whole = self.make(facts.clone(), fixed)?;
        // Most networks do not care how many there are, whatever their file says; those that do would answer wrongly.
        match self.make(facts.clone(), 1) {
            Ok(single) if alike(&single, &whole)? => match batch {
                0 | 1 => Ok(single),
                _ => Ok(many(facts).unwrap_or(single)),
            },
            _ => Ok(whole),
        }
    }

    fn make(&self, facts: Facts, batch: usize) -> Result<Session, InferError> {
        let output = self.answer.output.name.as_str();
        let beside = self.novelty.then_some(NOVELTY);
        let outputs = std::iter::once(output).chain(beside);
        let tensors = outputs.chain(self.inner.iter().copied());
        let plan = plan_of(self.model, &facts, tensors, batch)?;
        if self.novelty && !is_one_each(&plan, 1, batch) {
            let without = Maker {
                novelty: false,
                ..*self
            };
            return without.make(facts, batch);
        }
        let units = units(&plan, &facts, batch)?;
        let ending = Scores::of(self.answer.output.ending, units);
        let mut session = Session {
            labels: Vec::new(),
            facts,
            plan: plan.into_runnable().map_err(engine)?,
            batch,
            answer: self.answer.clone(),
            scores: ending.unwrap_or(Scores::Logits),
            units,
            novelty: self.novelty,
            inner: self.inner.iter().map(|&name| name.to_owned()).collect(),
        };
        if ending.is_none() {
            if units < 2 {
                return Err(InferError::OneNumber(output.to_owned()));
            }
            session.scores = Scores::of_probes(&session.probes()?);
        }
        session.labels = labels(&session.facts, session.scores.classes(units));
        Ok(session)
    }
}

/// The file's facts with the size that it says; if it takes any, and says none, with others that are usual.
fn sizes(facts: &Facts) -> Vec<Facts> {
    let mut all = vec![facts.clone()];
    if facts.source.any_size && facts.metadata.size.is_none() {
        let others = USUAL_SIDES
            .into_iter()
            .filter(|&side| side != facts.input.height);
        all.extend(others.map(|side| {
            let mut facts = facts.clone();
            (facts.input.height, facts.input.width) = (side, side);
            facts
        }));
    }
    all
}

/// Whether a network answers one image as it answers it among others.
fn alike(single: &Session, whole: &Session) -> Result<bool, InferError> {
    let pairs = single.probes()?.into_iter().zip(whole.probes()?);
    Ok(pairs.into_iter().all(|(a, b)| {
        a.iter()
            .zip(&b)
            .all(|(a, b)| (a - b).abs() <= 1e-4 * b.abs().max(1.0))
    }))
}

impl Session {
    /// What the network gives for a few images that have nothing in common: none, all, and two of stripes.
    fn probes(&self) -> Result<Vec<Vec<f32>>, InferError> {
        let preprocessing = self.facts.preprocessing();
        let size = self.facts.input.len();
        let stripes = |wide: usize| move |place: usize| (place / wide % 3 * 100) as u8;
        let narrow = stripes(3);
        let wide = stripes(self.facts.input.width * 2 + 5);
        let images: [Vec<u8>; 4] = [
            vec![0; size],
            vec![255; size],
            (0..size).map(narrow).collect(),
            (0..size).map(wide).collect(),
        ];
        let run = |bytes: &Vec<u8>| {
            let mut image = vec![0.0; size];
            preprocessing.apply(bytes, self.facts.input.channels, &mut image);
            self.run(&image)
        };
        images.iter().map(run).collect()
    }
}

/// The file as tract's messages, with all that [`onnx::converted`] does.
pub(super) fn proto(file: &[u8], tensors: &[&str]) -> Result<ModelProto, InferError> {
    let converted = onnx::converted(file, tensors)?;
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

/// The bytes that a network is given of a drawing under a preprocessing: of a network that takes photos, as a photo.
pub(super) fn drawn_under(
    preprocessing: &Preprocessing,
    facts: &Facts,
    picture: Rgba,
) -> Option<Vec<u8>> {
    let (fit, shape) = (preprocessing.fit, facts.input.dims());
    match fit.takes_ink(shape) {
        true => fit.of_drawing(picture, shape),
        false => fit.of_photo(picture, shape),
    }
}

/// The same of a photo.
pub(super) fn photographed_under(
    preprocessing: &Preprocessing,
    facts: &Facts,
    picture: Rgba,
) -> Option<Vec<u8>> {
    preprocessing.fit.of_photo(picture, facts.input.dims())
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

/// How many numbers the first output has for each of `batch` images.
fn units(plan: &TypedModel, facts: &Facts, batch: usize) -> Result<usize, InferError> {
    let fact = plan.output_fact(0).map_err(engine)?;
    let shape = fact.shape.as_concrete().unwrap_or_default();
    // With more images than one, the first dimension must be theirs.
    let own = match shape.first() {
        Some(&first) if first == batch && shape.len() > 1 => &shape[1..],
        _ if batch == 1 => shape,
        _ => return Err(no_answer(facts)),
    };
    let is_list = own.iter().filter(|&&side| side != 1).count() <= 1;
    if fact.datum_type != f32::datum_type() || own.is_empty() || !is_list {
        return Err(no_answer(facts));
    }
    Ok(own.iter().product())
}

/// tract's account, outermost cause first, in one line; an operator that it lacks by its name.
pub(super) fn engine(error: TractError) -> InferError {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    let all = causes.join(": ");
    if let Some(rest) = all.split("Unimplemented(").nth(1) {
        let operator = rest.split(')').next().unwrap_or(rest);
        return InferError::Operator {
            operator: operator.to_owned(),
            node: String::new(),
        };
    }
    InferError::Engine(readable(&all))
}

/// More says nothing to whoever reads it.
const LONGEST_ACCOUNT: usize = 300;

/// An account without numbers that wrapped around below zero, and no longer than anybody reads.
fn readable(account: &str) -> String {
    let mut text = String::with_capacity(account.len());
    let mut digits = String::new();
    for letter in account.chars().chain(['\n']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let number = digits.parse::<u128>().unwrap_or(u128::MAX);
        text.push_str(match digits.is_empty() || number < WRAPPED {
            true => &digits,
            false => "a negative size",
        });
        digits.clear();
        text.push(letter);
    }
    let text = text.trim();
    match text.char_indices().nth(LONGEST_ACCOUNT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Beyond this a size is one that wrapped around.
const WRAPPED: u128 = 1 << 31;
