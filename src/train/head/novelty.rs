//! How unlike everything learned an image is, as one number, and from where on it is none of the classes.

use rand::seq::SliceRandom;

use super::linear::{Matrix, product_transposed};
use super::nearest::normalised;
use super::span::Span;
use super::whiten::{Stretching, class_means};
use crate::data::order::{Stream, generator};
use crate::model::head::{Measure, Novelty, NoveltyPart, RejectFacts, Step};

/// Known images of which so many are to be kept.
pub const KEPT: f32 = 0.95;
/// Images that are remembered at most.
const REMEMBERED: usize = 512;
/// Of them, those that are asked.
const ASKED: usize = 3;
/// The part of angles to images counts twice: 1 over it.
const WEIGHT: f32 = 2.0;

/// What the score needs of some rows: the angle to the nearest class mean where classes are as wide in all directions
/// alike, and the angles to the nearest images.
pub(super) struct Known {
    stretching: Stretching,
    /// The mean of the class means.
    middle: Vec<f32>,
    /// `[classes, coordinates]`, of length 1.
    centres: Matrix,
    /// Rows of features of length 1 that are remembered.
    bank: Vec<usize>,
}

impl Known {
    /// `rows` of the span, with their labels; `originals` are those of them that show an image itself.
    pub fn new(
        span: &Span,
        rows: &[usize],
        labels: &[u16],
        originals: &[(usize, u16)],
        classes: usize,
        seed: u64,
    ) -> Self {
        let taken = span.rows().taken(rows);
        let dimension = span.centred.columns;
        let stretching = Stretching::new(&taken, labels, classes, dimension);
        let means = present(&class_means(&taken, labels, classes), labels);
        let middle = means.mean();
        Known {
            centres: normalised(stretching.apply(&means, &middle)),
            bank: remembered(originals, seed),
            stretching,
            middle,
        }
    }

    /// The score of the rows `asked` of the span; `unit` is [`unit`] of it.
    pub fn scores(&self, span: &Span, unit: &Matrix, asked: &[usize]) -> Vec<f32> {
        let rows = span.rows().taken(asked);
        let stretched = normalised(self.stretching.apply(&rows, &self.middle));
        let centres = product_transposed(&stretched, &self.centres);
        let images = product_transposed(&unit.taken(asked), &unit.taken(&self.bank));
        let score = |place: usize| {
            let nearest = centres.row(place).iter().copied().fold(-1.0, f32::max);
            let mut all = images.row(place).to_vec();
            all.sort_by(|a, b| b.total_cmp(a));
            let taken = &all[..ASKED.min(all.len())];
            let mean = taken.iter().sum::<f32>() / taken.len().max(1) as f32;
            0.5 * ((1.0 - nearest) + WEIGHT * (1.0 - mean))
        };
        (0..asked.len()).map(score).collect()
    }

    /// As steps on features; `facts` are what [`threshold`] found.
    pub fn novelty(&self, span: &Span, unit: &Matrix, facts: RejectFacts) -> Novelty {
        let mut middle = span.directions(Matrix::new(1, self.middle.len(), self.middle.clone()));
        let mean = middle.values.iter_mut().zip(&span.mean);
        mean.for_each(|(x, mean)| *x += mean);
        let stretch = Step::Stretch {
            mean: middle.values,
            axes: span.directions(self.stretching.axes.clone()).values,
            gains: self.stretching.gains.clone(),
        };
        let steps = |more: Vec<Step>| {
            let mut steps = span.first_steps();
            steps.extend(more);
            steps.push(Step::Normalise);
            steps
        };
        let angle = NoveltyPart {
            steps: steps(vec![stretch]),
            measure: Measure::Neighbours {
                rows: normalised(span.directions(self.centres.clone())).values,
                nearest: 1,
            },
            mean: 0.0,
            deviation: 1.0,
        };
        let images = NoveltyPart {
            steps: steps(Vec::new()),
            measure: Measure::Neighbours {
                rows: unit.taken(&self.bank).values,
                nearest: ASKED.min(self.bank.len()),
            },
            mean: 0.0,
            deviation: 1.0 / WEIGHT,
        };
        Novelty {
            parts: vec![angle, images],
            facts,
        }
    }
}

/// The rows of classes that have any.
fn present(means: &Matrix, labels: &[u16]) -> Matrix {
    let mut there: Vec<usize> = labels.iter().map(|&label| usize::from(label)).collect();
    there.sort_unstable();
    there.dedup();
    means.taken(&there)
}

/// At most [`REMEMBERED`] of these rows, of each class alike.
fn remembered(rows: &[(usize, u16)], seed: u64) -> Vec<usize> {
    if rows.len() <= REMEMBERED {
        return rows.iter().map(|&(row, _)| row).collect();
    }
    let mut shuffled = rows.to_vec();
    shuffled.shuffle(&mut generator(seed, Stream::Bank, 0));
    let mut seen = vec![0usize; 1 + usize::from(rows.iter().map(|row| row.1).max().unwrap_or(0))];
    let mut ranked: Vec<(usize, usize)> = shuffled
        .into_iter()
        .map(|(row, label)| {
            seen[usize::from(label)] += 1;
            (seen[usize::from(label)], row)
        })
        .collect();
    ranked.sort_unstable();
    let mut bank: Vec<usize> = ranked
        .into_iter()
        .take(REMEMBERED)
        .map(|(_, row)| row)
        .collect();
    bank.sort_unstable();
    bank
}

/// From the scores of known samples that were not learned from: the score at or below which `kept` of further ones are
/// expected to lie, and the share of these that do.
pub fn threshold(scores: &[f32], kept: f32) -> RejectFacts {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f32::total_cmp);
    // Of n + 1 scores in any order the next is as likely to be at each place (Vovk's conformal bound).
    let place = ((sorted.len() + 1) as f32 * kept).ceil() as usize;
    let threshold = sorted.get(place.clamp(1, sorted.len().max(1)) - 1);
    let threshold = threshold.copied().unwrap_or(f32::MAX);
    let below = sorted.iter().filter(|&&score| score <= threshold).count();
    RejectFacts {
        threshold,
        kept: below as f32 / sorted.len().max(1) as f32,
    }
}

/// All rows' features, after the span's first steps, divided by their length.
pub(super) fn unit(span: &Span) -> Matrix {
    let mut rows = span.centred.clone();
    let less: Vec<f32> = span.mean.iter().map(|mean| -mean).collect();
    rows.subtract(&less);
    normalised(rows)
}
