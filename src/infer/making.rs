//! How a file becomes a session: for which size of image, for how many at once, and what its numbers are.

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use super::answer::{Answer, no_answer};
use super::engine::{engine, plan_of};
use super::scores::Scores;
use super::session::labels;
use super::{InferError, Session};
use crate::onnx::{Facts, NOVELTY};

/// Sides of images that networks which take any size are usually made for.
const USUAL_SIDES: [usize; 13] = [224, 28, 32, 64, 96, 128, 160, 192, 240, 256, 299, 384, 512];

/// Makes sessions of one file: for sizes, and for so many images at once.
pub(super) struct Maker<'a> {
    pub model: &'a ModelProto,
    pub answer: &'a Answer,
    pub novelty: bool,
    pub inner: &'a [&'a str],
}

impl Maker<'_> {
    /// For `batch` images at once, or for as many as the network takes.
    pub fn fitting(&self, facts: Facts, batch: usize) -> Result<Session, InferError> {
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
pub(super) fn sizes(facts: &Facts) -> Vec<Facts> {
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

/// Whether an output is one number for each image.
fn is_one_each(plan: &TypedModel, output: usize, batch: usize) -> bool {
    plan.output_fact(output).is_ok_and(|fact| {
        let shape = fact.shape.as_concrete().unwrap_or_default();
        let count: usize = shape.iter().product();
        fact.datum_type == f32::datum_type() && shape.first() == Some(&batch) && count == batch
    })
}
