//! All kinds of heads on the same features, compared by cross-validation.

use serde::Serialize;
use web_time::Instant;

use super::Examples;
use super::folds::grouped_folds;
use super::linear::Matrix;
use super::logistic::{Problem, Solution, fit};
use super::mlp::{self, Layers};
use super::nearest::{nearest_logits, normalised, prototype, prototype_logits};
use super::novelty::{KEPT, Known, threshold, unit};
use super::span::Span;
use super::temperature::{calibration_error, cross_entropy, likeliest, temperature};
use super::whiten::Whitening;
use crate::metrics::interval::wilson;
use crate::model::head::{Head, HeadFacts, HeadKind, Novelty, RejectFacts, Step};
use crate::train::TrainError;

/// Strengths of L2 that are tried, the strongest first.
const STRENGTHS: [f32; 5] = [10.0, 3.0, 1.0, 0.3, 0.1];
/// The one that is taken before they are compared.
const USUAL: usize = 2;
/// Parts of a cross-validation.
const FOLDS: usize = 5;
/// Beyond so many rows copies are left out, and then samples.
const MOST_ROWS: usize = 5000;
/// The same for [`HeadTraining::quick`].
const QUICK_ROWS: usize = 1000;
/// Up to so many rows every fold is judged; beyond, the first alone, or two of them up to the second number.
const ALL_FOLDS: usize = 2000;
const QUICK_FOLDS: usize = 600;

/// The kinds that are compared, in the order in which equals are preferred.
const KINDS: [HeadKind; 4] = [
    HeadKind::Logistic,
    HeadKind::Mlp,
    HeadKind::Prototype,
    HeadKind::Nearest,
];
/// Units of work for each fold: the two that compare angles, logistic regression, and the hidden layer.
const UNITS: usize = 3;
/// Heads that are fitted on all samples at the end.
const FINALS: usize = 3;

/// How far a comparison has come, in units of work.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HeadProgress {
    pub done: usize,
    pub total: usize,
}

/// One kind of head, judged on samples that it has not learned from.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HeadResult {
    pub kind: HeadKind,
    /// By cross-validation, 0–1, on the images themselves …
    pub accuracy: f64,
    /// … and its 95 % interval.
    pub low: f64,
    pub high: f64,
    /// That fitting it on all images took.
    pub milliseconds: f64,
    /// Of L2; 0 where there is none.
    pub strength: f32,
    /// What its logits are divided by.
    pub temperature: f32,
    /// The expected calibration error, 0–1, before that …
    pub error_before: f64,
    /// … and after.
    pub error_after: f64,
}

/// What a comparison found.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HeadReport {
    pub heads: Vec<HeadResult>,
    /// The most accurate that can be written to a file.
    pub best: HeadKind,
    /// Images that were judged.
    pub judged: usize,
}

/// Heads on the same features, pulled: it works only while [`HeadTraining::advance`] or [`HeadTraining::quick`] runs.
pub struct HeadTraining {
    examples: Examples,
    seed: u64,
    span: Span,
    /// All rows' features, of length 1.
    unit: Matrix,
    folds: Vec<Vec<u32>>,
    /// How many of them are judged.
    judged_folds: usize,
    out_of_fold: OutOfFold,
    /// Of the fold in progress.
    learner: Option<Learner>,
    done: usize,
    finals: Finals,
}

/// What was answered for samples that had not been learned from, `[sample, class]` each.
struct OutOfFold {
    classes: usize,
    judged: Vec<bool>,
    /// For each of [`STRENGTHS`] that was tried.
    logistic: Vec<Vec<f32>>,
    mlp: Vec<f32>,
    prototype: Vec<f32>,
    nearest: Vec<f32>,
    /// `[sample]`
    novelty: Vec<f32>,
}

/// Heads that have learned from all samples, and how long each took.
#[derive(Default)]
struct Finals {
    heads: Vec<(HeadKind, Vec<Step>, f64)>,
    novelty: Option<Novelty>,
}

/// The rows that one fit learns from, whitened.
struct Learner {
    labels: Vec<u16>,
    counts: Vec<f32>,
    rows: Vec<usize>,
    whitening: Whitening,
    whitened: Matrix,
}

impl HeadTraining {
    /// # Errors
    /// As [`Examples::check`].
    pub fn new(examples: Examples, seed: u64) -> Result<Self, TrainError> {
        examples.check()?;
        Ok(Self::begun(limited(examples, MOST_ROWS, seed), seed))
    }

    fn begun(examples: Examples, seed: u64) -> Self {
        let span = Span::new(&examples);
        let folds = grouped_folds(&examples.labels, &examples.groups, FOLDS, seed);
        let judged_folds = match examples.rows() {
            0..=ALL_FOLDS => folds.len(),
            _ => 1,
        };
        HeadTraining {
            out_of_fold: OutOfFold::new(&examples, STRENGTHS.len()),
            unit: unit(&span),
            span,
            // With a single group there is nothing to hold out.
            judged_folds: if folds.len() > 1 { judged_folds } else { 0 },
            folds,
            examples,
            seed,
            learner: None,
            done: 0,
            finals: Finals::default(),
        }
    }

    pub fn progress(&self) -> HeadProgress {
        HeadProgress {
            done: self.done,
            total: UNITS * self.judged_folds + FINALS,
        }
    }

    pub fn is_done(&self) -> bool {
        let progress = self.progress();
        progress.done == progress.total
    }

    /// Does up to `units` units of work.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn advance(&mut self, units: usize) -> Result<HeadProgress, TrainError> {
        for _ in 0..units.max(1) {
            if self.is_done() {
                break;
            }
            let fold = self.done / UNITS;
            if fold < self.judged_folds {
                self.judge(fold, self.done % UNITS).await?;
            } else {
                let place = self.done - UNITS * self.judged_folds;
                self.finish(KINDS[place]).await?;
            }
            self.done += 1;
        }
        Ok(self.progress())
    }

    async fn judge(&mut self, fold: usize, unit: usize) -> Result<(), TrainError> {
        let learner = match self.learner.take() {
            Some(learner) => learner,
            None => self.learner(Some(fold)),
        };
        match unit {
            0 => self.judge_angles(fold, &learner),
            1 => {
                let strengths: Vec<usize> = (0..STRENGTHS.len()).collect();
                self.judge_logistic(fold, &learner, &strengths);
            }
            _ => {
                let asked = self.asked(fold);
                let layers = learner
                    .layers(self.examples.classes.len(), self.seed)
                    .await?;
                let rows = learner.whitening.apply(&self.span.rows().taken(&asked));
                put(
                    &mut self.out_of_fold.mlp,
                    &self.folds[fold],
                    &layers.logits(&rows),
                );
            }
        }
        // The next fold begins with rows of its own.
        self.learner = (unit + 1 < UNITS).then_some(learner);
        Ok(())
    }

    fn judge_angles(&mut self, fold: usize, learner: &Learner) {
        let classes = self.examples.classes.len();
        let samples = &self.folds[fold];
        let (rows, asked) = (self.angles(&learner.rows), self.angles(&self.asked(fold)));
        let prototypes = prototype_logits(&rows, &learner.labels, classes, &asked);
        put(&mut self.out_of_fold.prototype, samples, &prototypes);
        let nearest = nearest_logits(&rows, &learner.labels, classes, &asked);
        put(&mut self.out_of_fold.nearest, samples, &nearest);
    }

    /// With these of the strengths, from strong to weak; and the scores of novelty.
    fn judge_logistic(&mut self, fold: usize, learner: &Learner, strengths: &[usize]) {
        let asked = self.asked(fold);
        let rows = learner.whitening.apply(&self.span.rows().taken(&asked));
        let samples = &self.folds[fold];
        let mut last: Option<Solution> = None;
        for &strength in strengths {
            let learned = learner.logistic(
                self.examples.classes.len(),
                STRENGTHS[strength],
                last.as_ref(),
            );
            let logits = learned.logits(&rows);
            put(&mut self.out_of_fold.logistic[strength], samples, &logits);
            last = Some(learned);
        }
        let scores = self.known(learner).scores(&self.span, &self.unit, &asked);
        for (&sample, score) in samples.iter().zip(scores) {
            self.out_of_fold.novelty[sample as usize] = score;
            self.out_of_fold.judged[sample as usize] = true;
        }
    }

    async fn finish(&mut self, kind: HeadKind) -> Result<(), TrainError> {
        let began = Instant::now();
        let classes = self.examples.classes.len();
        let steps = match kind {
            HeadKind::Mlp => {
                let learner = self.learner(None);
                let layers = learner.layers(classes, self.seed).await?;
                self.hidden_steps(&learner, layers)
            }
            HeadKind::Prototype => {
                let rows: Vec<usize> = (0..self.examples.rows()).collect();
                let labels: Vec<u16> = rows.iter().map(|&row| self.examples.label(row)).collect();
                prototype(&self.angles(&rows), &labels, classes)
            }
            _ => self.logistic_steps(&self.learner(None), self.strength()),
        };
        let milliseconds = 1000.0 * began.elapsed().as_secs_f64();
        self.finals.heads.push((kind, steps, milliseconds));
        if self.finals.novelty.is_none() {
            let novelty = self
                .known_of_all()
                .map(|(known, facts)| known.novelty(&self.span, &self.unit, facts));
            self.finals.novelty = novelty;
        }
        Ok(())
    }

    /// A first head at once: logistic regression with the usual strength, judged by fewer folds where there are many
    /// rows. Once all kinds have been compared it is the best of them.
    pub fn quick(&self) -> Head {
        if self.is_done()
            && let Ok(head) = self.head(self.report().best)
        {
            return head;
        }
        let examples = limited(self.examples.clone(), QUICK_ROWS, self.seed);
        // What has been learned of the rows' space need not be again, unless they are fewer now.
        let smaller = examples.rows() < self.examples.rows();
        let mut quick = match smaller {
            true => Self::begun(examples, self.seed),
            false => HeadTraining {
                span: self.span.clone(),
                unit: self.unit.clone(),
                out_of_fold: OutOfFold::new(&examples, STRENGTHS.len()),
                folds: self.folds.clone(),
                judged_folds: self.judged_folds,
                learner: None,
                done: 0,
                finals: Finals::default(),
                seed: self.seed,
                examples,
            },
        };
        let folds = match quick.examples.rows() {
            0..=QUICK_FOLDS => quick.judged_folds,
            _ => quick.judged_folds.min(2),
        };
        for fold in 0..folds {
            let learner = quick.learner(Some(fold));
            quick.judge_logistic(fold, &learner, &[USUAL]);
        }
        let steps = quick.logistic_steps(&quick.learner(None), USUAL);
        let novelty = quick.known_of_all();
        let novelty = novelty.map(|(known, facts)| known.novelty(&quick.span, &quick.unit, facts));
        let logits = &quick.out_of_fold.logistic[USUAL];
        quick.made(HeadKind::Logistic, steps, logits, STRENGTHS[USUAL], novelty)
    }

    /// The head of a kind, once all have been compared.
    ///
    /// # Errors
    /// If it has not been fitted, or is no kind that a file could hold.
    pub fn head(&self, kind: HeadKind) -> Result<Head, TrainError> {
        if kind == HeadKind::Nearest {
            return Err(TrainError::NoFile);
        }
        let found = self.finals.heads.iter().find(|(of, ..)| *of == kind);
        let (_, steps, _) = found.ok_or(TrainError::NotFitted)?;
        let logits = self.logits(kind);
        let strength = self.strength_of(kind);
        let novelty = self.finals.novelty.clone();
        Ok(self.made(kind, steps.clone(), logits, strength, novelty))
    }

    /// What each kind is worth, as far as it has been judged.
    pub fn report(&self) -> HeadReport {
        let heads: Vec<HeadResult> = KINDS.iter().map(|&kind| self.result(kind)).collect();
        let writable = heads.iter().filter(|head| head.kind != HeadKind::Nearest);
        let best = writable.fold(None::<&HeadResult>, |best, head| match best {
            Some(best) if best.accuracy >= head.accuracy => Some(best),
            _ => Some(head),
        });
        HeadReport {
            best: best.map_or(HeadKind::Logistic, |head| head.kind),
            judged: self.out_of_fold.judged_labels(&self.examples).len(),
            heads,
        }
    }

    pub fn examples(&self) -> &Examples {
        &self.examples
    }

    fn result(&self, kind: HeadKind) -> HeadResult {
        let labels = self.out_of_fold.judged_labels(&self.examples);
        let classes = self.examples.classes.len();
        let logits = self.out_of_fold.of_judged(self.logits(kind));
        let right = right(&logits, &labels, classes);
        let interval = wilson(right as u32, labels.len() as u32);
        let scale = temperature(&logits, &labels, classes);
        let fitted = self.finals.heads.iter().find(|(of, ..)| *of == kind);
        let error = |scale| calibration_error(&logits, &labels, classes, scale);
        HeadResult {
            kind,
            accuracy: right as f64 / labels.len().max(1) as f64,
            low: interval.low,
            high: interval.high,
            milliseconds: fitted.map_or(0.0, |(.., milliseconds)| *milliseconds),
            strength: self.strength_of(kind),
            temperature: scale,
            error_before: error(1.0),
            error_after: error(scale),
        }
    }

    fn made(
        &self,
        kind: HeadKind,
        steps: Vec<Step>,
        logits: &[f32],
        strength: f32,
        novelty: Option<Novelty>,
    ) -> Head {
        let labels = self.out_of_fold.judged_labels(&self.examples);
        let classes = self.examples.classes.len();
        let logits = self.out_of_fold.of_judged(logits);
        let right = right(&logits, &labels, classes);
        Head {
            facts: HeadFacts {
                kind,
                // Whoever writes the file knows what its backbone is called.
                backbone: String::new(),
                samples: self.examples.labels.len(),
                copies: self.examples.copied(),
                strength,
                temperature: temperature(&logits, &labels, classes),
                accuracy: right as f32 / labels.len().max(1) as f32,
                seed: self.seed,
            },
            features: self.examples.dimension,
            classes: self.examples.classes.clone(),
            steps,
            novelty,
        }
    }

    fn logits(&self, kind: HeadKind) -> &[f32] {
        match kind {
            HeadKind::Mlp => &self.out_of_fold.mlp,
            HeadKind::Prototype => &self.out_of_fold.prototype,
            HeadKind::Nearest => &self.out_of_fold.nearest,
            _ => &self.out_of_fold.logistic[self.strength()],
        }
    }

    fn strength_of(&self, kind: HeadKind) -> f32 {
        match kind {
            HeadKind::Logistic => STRENGTHS[self.strength()],
            _ => 0.0,
        }
    }

    /// The place of the strength with the least loss at its best temperature; the usual one if none was judged.
    fn strength(&self) -> usize {
        let labels = self.out_of_fold.judged_labels(&self.examples);
        let classes = self.examples.classes.len();
        let loss = |&strength: &usize| {
            let logits = self
                .out_of_fold
                .of_judged(&self.out_of_fold.logistic[strength]);
            cross_entropy(
                &logits,
                &labels,
                classes,
                temperature(&logits, &labels, classes),
            )
        };
        if labels.is_empty() {
            return USUAL;
        }
        let all = (0..STRENGTHS.len()).min_by(|a, b| loss(a).total_cmp(&loss(b)));
        all.unwrap_or(USUAL)
    }

    /// The rows that are learned from: all, or all but those of a fold.
    fn learner(&self, fold: Option<usize>) -> Learner {
        let mut left_out = vec![false; self.examples.labels.len()];
        if let Some(fold) = fold {
            for &sample in &self.folds[fold] {
                left_out[sample as usize] = true;
            }
        }
        let is_in = |&row: &usize| !left_out[self.examples.samples[row] as usize];
        let rows: Vec<usize> = (0..self.examples.rows()).filter(is_in).collect();
        Learner::new(&self.examples, &self.span, rows)
    }

    /// The rows of a fold's samples that show the images themselves.
    fn asked(&self, fold: usize) -> Vec<usize> {
        let places = self.examples.places();
        let samples = self.folds[fold].iter();
        samples.map(|&sample| places[sample as usize]).collect()
    }

    /// Features as they are, divided by their length.
    fn angles(&self, rows: &[usize]) -> Matrix {
        let values = rows.iter().flat_map(|&row| self.examples.row(row)).copied();
        normalised(Matrix::new(
            rows.len(),
            self.examples.dimension,
            values.collect(),
        ))
    }

    fn known(&self, learner: &Learner) -> Known {
        let originals = learner.rows.iter().zip(&learner.labels);
        let originals = originals.filter(|(row, _)| self.examples.copies[**row] == 0);
        let originals: Vec<(usize, u16)> = originals.map(|(&row, &label)| (row, label)).collect();
        Known::new(
            &self.span,
            &learner.rows,
            &learner.labels,
            &originals,
            self.examples.classes.len(),
            self.seed,
        )
    }

    /// `None` if no sample was judged, and so no threshold is known.
    fn known_of_all(&self) -> Option<(Known, RejectFacts)> {
        let judged = self
            .out_of_fold
            .judged
            .iter()
            .zip(&self.out_of_fold.novelty);
        let scores: Vec<f32> = judged
            .filter(|(is, _)| **is)
            .map(|(_, &score)| score)
            .collect();
        let facts = (!scores.is_empty()).then(|| threshold(&scores, KEPT))?;
        Some((self.known(&self.learner(None)), facts))
    }

    fn logistic_steps(&self, learner: &Learner, strength: usize) -> Vec<Step> {
        let classes = self.examples.classes.len();
        let learned = learner.logistic(classes, STRENGTHS[strength], None);
        let mut steps = self.span.first_steps();
        steps.push(self.span.dense(learner.whitening.undone(learned)));
        steps
    }

    fn hidden_steps(&self, learner: &Learner, layers: Layers) -> Vec<Step> {
        let mut steps = self.span.first_steps();
        steps.push(self.span.dense(learner.whitening.undone(layers.first)));
        steps.push(Step::Relu);
        steps.push(Step::Dense {
            weight: super::span::transposed(&layers.second.weight),
            bias: layers.second.bias,
        });
        steps
    }
}

impl Learner {
    fn new(examples: &Examples, span: &Span, rows: Vec<usize>) -> Self {
        let labels: Vec<u16> = rows.iter().map(|&row| examples.label(row)).collect();
        let taken = span.rows().taken(&rows);
        let classes = examples.classes.len();
        let (whitening, whitened) = Whitening::new(&taken, &labels, classes, examples.dimension);
        Learner {
            counts: examples.counts(&rows),
            labels,
            rows,
            whitening,
            whitened,
        }
    }

    fn logistic(&self, classes: usize, strength: f32, start: Option<&Solution>) -> Solution {
        let problem = Problem {
            rows: &self.whitened,
            labels: &self.labels,
            counts: &self.counts,
            classes,
        };
        fit(&problem, strength, start)
    }

    async fn layers(&self, classes: usize, seed: u64) -> Result<Layers, TrainError> {
        mlp::fit(&self.whitened, &self.labels, classes, seed).await
    }
}

impl OutOfFold {
    fn new(examples: &Examples, strengths: usize) -> Self {
        let (samples, classes) = (examples.labels.len(), examples.classes.len());
        let all = || vec![0.0; samples * classes];
        OutOfFold {
            classes,
            judged: vec![false; samples],
            logistic: (0..strengths).map(|_| all()).collect(),
            mlp: all(),
            prototype: all(),
            nearest: all(),
            novelty: vec![0.0; samples],
        }
    }

    fn of_judged(&self, logits: &[f32]) -> Vec<f32> {
        let rows = logits.chunks_exact(self.classes).zip(&self.judged);
        let judged = rows.filter(|(_, is)| **is);
        judged.flat_map(|(row, _)| row).copied().collect()
    }

    fn judged_labels(&self, examples: &Examples) -> Vec<u16> {
        let judged = examples.labels.iter().zip(&self.judged);
        judged
            .filter(|(_, is)| **is)
            .map(|(&label, _)| label)
            .collect()
    }
}

fn right(logits: &[f32], labels: &[u16], classes: usize) -> usize {
    let rows = logits.chunks_exact(classes).zip(labels);
    rows.filter(|(row, label)| likeliest(row) == usize::from(**label))
        .count()
}

/// Puts the rows of `logits` where their samples are.
fn put(all: &mut [f32], samples: &[u32], logits: &Matrix) {
    for (place, &sample) in samples.iter().enumerate() {
        let start = sample as usize * logits.columns;
        all[start..start + logits.columns].copy_from_slice(logits.row(place));
    }
}

/// The same with at most so many rows: without copies if they are too many, and then with fewer samples.
fn limited(examples: Examples, most: usize, seed: u64) -> Examples {
    if examples.rows() <= most {
        return examples;
    }
    examples.fewer(most, seed)
}
