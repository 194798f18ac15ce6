//! What more labels would bring: accuracy on held-out images by the number of labels, drawn at random or the least certain
//! first.

use rand::seq::SliceRandom;
use serde::Serialize;

use super::Examples;
use super::folds::grouped_folds;
use super::linear::Matrix;
use super::logistic::{Problem, fit, softmax};
use super::span::Span;
use super::temperature::likeliest;
use super::training::HeadProgress;
use super::whiten::Whitening;
use crate::data::order::{Stream, generator};
use crate::train::TrainError;

/// Times that everything is drawn anew; the mean is told.
const DRAWS: usize = 4;
/// One part in so many is held out.
const PARTS: usize = 3;
/// Samples beyond these are left out.
const MOST: usize = 600;
/// Fewer tell nothing.
const LEAST: usize = 12;
/// How much more labels each point has than the one before.
const GROWTH: f64 = 1.5;
/// Of L2: what suits heads without further search.
const STRENGTH: f32 = 1.0;
/// Points that a curve is drawn through at least.
const FITTED: usize = 3;
/// Beyond so many times the labels that there are, nobody can tell.
const FAR: f64 = 20.0;
/// A curve that explains less than this share of how the errors vary is none.
const EXPLAINED: f64 = 0.7;

/// The accuracy with so many labels, 0–1, a mean over draws.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    pub labels: usize,
    /// Drawn at random.
    pub random: f64,
    /// Those first of which the head is least certain.
    pub uncertain: f64,
}

/// A learning curve, and what it promises.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CurveReport {
    /// By labels, ascending.
    pub points: Vec<CurvePoint>,
    /// Further labels, drawn at random, for one percentage point more; missing where it cannot be told.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_for_one_point: Option<usize>,
    /// The same, with the least certain first.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_for_one_point_uncertain: Option<usize>,
    /// Images that each point was judged on, of all draws.
    pub judged: usize,
}

/// Pulled: it works only while [`LearningCurve::advance`] runs.
pub struct LearningCurve {
    examples: Examples,
    /// Labels that there are, before any were left out.
    labels: usize,
    span: Span,
    seed: u64,
    sizes: Vec<usize>,
    draws: Vec<Draw>,
    /// Correct answers by order (random, uncertain), then by size.
    right: [Vec<usize>; 2],
    judged: usize,
    done: usize,
    /// What the uncertain order has chosen in the draw in progress.
    chosen: Vec<usize>,
}

/// Samples by place.
struct Draw {
    held_out: Vec<usize>,
    /// In random order; it begins with one of each class.
    pool: Vec<usize>,
}

impl LearningCurve {
    /// Of images without copies.
    ///
    /// # Errors
    /// As [`Examples::check`], and if there are too few images.
    pub fn new(examples: Examples, seed: u64) -> Result<Self, TrainError> {
        examples.check()?;
        let labels = examples.labels.len();
        let examples = examples.fewer(MOST.min(labels), seed);
        let draws: Vec<Draw> = (0..DRAWS)
            .map(|draw| Draw::new(&examples, seed, draw))
            .collect();
        let classes = examples.classes.len();
        let pool = draws.iter().map(|draw| draw.pool.len()).min().unwrap_or(0);
        let least = LEAST.max(4 * classes);
        if labels < least || pool < 2 * classes {
            return Err(TrainError::TooFewForCurve {
                least,
                found: labels,
            });
        }
        let mut sizes = vec![pool];
        // From the last backwards, so that the last is all there is.
        while let Some(next) = sizes.last().map(|&size| (size as f64 / GROWTH) as usize)
            && next >= 2 * classes
        {
            sizes.push(next);
        }
        sizes.reverse();
        Ok(LearningCurve {
            span: Span::new(&examples),
            right: [vec![0; sizes.len()], vec![0; sizes.len()]],
            judged: draws.iter().map(|draw| draw.held_out.len()).sum(),
            examples,
            labels,
            seed,
            sizes,
            draws,
            done: 0,
            chosen: Vec::new(),
        })
    }

    pub fn progress(&self) -> HeadProgress {
        HeadProgress {
            done: self.done,
            total: 2 * self.draws.len() * self.sizes.len(),
        }
    }

    pub fn is_done(&self) -> bool {
        let progress = self.progress();
        progress.done == progress.total
    }

    /// Does up to `units` units of work: a head on so many labels, judged, is one.
    pub fn advance(&mut self, units: usize) -> HeadProgress {
        for _ in 0..units.max(1) {
            if self.is_done() {
                break;
            }
            let size = self.done % self.sizes.len();
            let order = self.done / self.sizes.len() % 2;
            let draw = &self.draws[self.done / self.sizes.len() / 2];
            let count = self.sizes[size];
            if order == 0 || size == 0 {
                self.chosen = draw.pool[..count].to_vec();
            }
            let rest: Vec<usize> = match order {
                0 => Vec::new(),
                _ => draw
                    .pool
                    .iter()
                    .filter(|sample| !self.chosen.contains(sample))
                    .copied()
                    .collect(),
            };
            let (right, margins) = self.judge(&self.chosen, &draw.held_out, &rest);
            self.right[order][size] += right;
            if let Some(&next) = self.sizes.get(size + 1).filter(|_| order == 1) {
                let mut ranked: Vec<(f32, usize)> = margins.into_iter().zip(rest).collect();
                ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let more = ranked.into_iter().take(next - count);
                self.chosen.extend(more.map(|(_, sample)| sample));
            }
            self.done += 1;
        }
        self.progress()
    }

    /// Learns from some samples: how many of the held-out ones are right, and by how much the likeliest class of each of
    /// the rest leads.
    fn judge(&self, learned: &[usize], held_out: &[usize], rest: &[usize]) -> (usize, Vec<f32>) {
        let classes = self.examples.classes.len();
        let rows = self.span.rows();
        let labels: Vec<u16> = learned
            .iter()
            .map(|&row| self.examples.label(row))
            .collect();
        let (whitening, whitened) = Whitening::new(
            &rows.taken(learned),
            &labels,
            classes,
            self.examples.dimension,
        );
        let problem = Problem {
            rows: &whitened,
            labels: &labels,
            counts: &vec![1.0; learned.len()],
            classes,
        };
        let head = fit(&problem, STRENGTH, None);
        let logits =
            |asked: &[usize]| -> Matrix { head.logits(&whitening.apply(&rows.taken(asked))) };
        let answers = logits(held_out);
        let right = held_out.iter().enumerate().filter(|(place, sample)| {
            likeliest(answers.row(*place)) == usize::from(self.examples.label(**sample))
        });
        let mut all = logits(rest);
        let margins = all.values.chunks_exact_mut(classes).map(|row| {
            softmax(row);
            row.sort_by(|a, b| b.total_cmp(a));
            row[0] - row[1]
        });
        (right.count(), margins.collect())
    }

    /// What has been found so far.
    pub fn report(&self) -> CurveReport {
        let judged = self.judged.max(1) as f64;
        let points = self
            .sizes
            .iter()
            .enumerate()
            .map(|(place, &labels)| CurvePoint {
                labels,
                random: self.right[0][place] as f64 / judged,
                uncertain: self.right[1][place] as f64 / judged,
            });
        let points: Vec<CurvePoint> = points.collect();
        let of = |accuracy: &dyn Fn(&CurvePoint) -> f64| {
            let errors = points
                .iter()
                .map(|point| (point.labels as f64, 1.0 - accuracy(point)));
            more_for_one_point(&errors.collect::<Vec<_>>(), self.labels)
        };
        let done = self.is_done();
        CurveReport {
            more_for_one_point: of(&|point| point.random).filter(|_| done),
            more_for_one_point_uncertain: of(&|point| point.uncertain).filter(|_| done),
            points,
            judged: self.judged,
        }
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl Draw {
    fn new(examples: &Examples, seed: u64, draw: usize) -> Self {
        let key = crate::model::random::mix(&[seed, draw as u64]);
        let parts = grouped_folds(&examples.labels, &examples.groups, PARTS, key);
        let mut parts = parts.into_iter();
        let held_out = parts.next().unwrap_or_default();
        let mut pool: Vec<usize> = parts.flatten().map(|sample| sample as usize).collect();
        pool.sort_unstable();
        pool.shuffle(&mut generator(seed, Stream::Curve, draw as u64));
        let mut seen = vec![false; examples.classes.len()];
        let mut first = |&sample: &usize| {
            let seen = &mut seen[usize::from(examples.label(sample))];
            !std::mem::replace(seen, true)
        };
        let (mut begin, rest): (Vec<usize>, Vec<usize>) = pool.iter().partition(|s| first(s));
        begin.extend(rest);
        Draw {
            held_out: held_out.into_iter().map(|sample| sample as usize).collect(),
            pool: begin,
        }
    }
}

/// From errors (0–1) by the number of labels: how many more than `labels` there are to be for one percentage point less, by
/// the power law error = a · labels^−b; `None` where the errors do not follow one, hardly fall, or are next to none.
pub fn more_for_one_point(errors: &[(f64, f64)], labels: usize) -> Option<usize> {
    let logs = errors.iter().filter(|(_, error)| *error > 0.0);
    let logs: Vec<(f64, f64)> = logs.map(|(n, error)| (n.ln(), error.ln())).collect();
    if logs.len() < FITTED || logs.len() < errors.len() {
        return None;
    }
    let count = logs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (mx, my) = (mean(&|p| p.0), mean(&|p| p.1));
    let across = mean(&|p| (p.0 - mx) * (p.1 - my));
    let (wide, high) = (mean(&|p| (p.0 - mx).powi(2)), mean(&|p| (p.1 - my).powi(2)));
    let slope = across / wide;
    let explained = across * across / (wide * high);
    if !slope.is_finite() || slope > -0.02 || explained < EXPLAINED {
        return None;
    }
    let now = (my + slope * ((labels as f64).ln() - mx)).exp();
    let wanted = now - 0.01;
    if wanted <= 0.0 {
        return None;
    }
    let needed = ((wanted.ln() - my) / slope + mx).exp();
    let more = (needed - labels as f64).ceil();
    (more <= FAR * labels as f64).then_some(more.max(1.0) as usize)
}
