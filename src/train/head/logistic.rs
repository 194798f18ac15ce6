//! Multinomial logistic regression with L2, by L-BFGS (Nocedal & Wright, *Numerical Optimization*, 2006, algorithm 7.4).
//! Along a direction the logits are linear, so that the best step is found without another product.

use super::linear::{Matrix, dot, product_transposed, transposed_product};

/// It ends when no entry of the gradient of the mean loss is larger …
const TOLERANCE: f32 = 3e-5;
/// … or after so many steps.
const MOST_STEPS: usize = 300;
/// Steps that are remembered.
const MEMORY: usize = 10;
/// Steps after which the logits are computed anew, as rounding adds up.
const RENEWED: usize = 16;
/// Of the slope at a step's beginning, what may be left at its end.
const SLOPE_LEFT: f64 = 0.05;
/// Tries of a step's length.
const TRIES: usize = 12;

/// What is to be learned.
pub struct Problem<'a> {
    /// `[rows, values]`
    pub rows: &'a Matrix,
    /// Of each row.
    pub labels: &'a [u16],
    /// How much each row counts, above 0.
    pub counts: &'a [f32],
    pub classes: usize,
}

/// logits = row · weightᵀ + bias
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// `[classes, values]`
    pub weight: Matrix,
    /// `[classes]`
    pub bias: Vec<f32>,
    /// Steps that it took.
    pub steps: usize,
}

impl Solution {
    /// `[rows, classes]`
    pub fn logits(&self, rows: &Matrix) -> Matrix {
        let mut logits = product_transposed(rows, &self.weight);
        for row in logits.values.chunks_exact_mut(self.bias.len()) {
            for (logit, bias) in row.iter_mut().zip(&self.bias) {
                *logit += bias;
            }
        }
        logits
    }

    /// Zero weights, and biases that say how frequent the classes are.
    fn start(problem: &Problem) -> Self {
        let mut counts = vec![0.5f32; problem.classes];
        for (&label, &count) in problem.labels.iter().zip(problem.counts) {
            counts[usize::from(label)] += count;
        }
        Solution {
            weight: Matrix::zeros(problem.classes, problem.rows.columns),
            bias: counts.into_iter().map(f32::ln).collect(),
            steps: 0,
        }
    }
}

/// The mean over all counts of the cross-entropy plus `strength` × half the squared weights (not biases), and its
/// gradient: of the weights `[classes, values]`, then of the biases.
pub fn objective(problem: &Problem, strength: f32, at: &Solution) -> (f64, Vec<f32>) {
    let logits = at.logits(problem.rows);
    let (loss, errors) = cross_entropy(problem, &logits);
    let total = total(problem);
    let penalty = f64::from(strength) / total;
    let square = dot(&at.weight.values, &at.weight.values);
    let gradient = gradient(problem, &errors, penalty as f32, &at.weight);
    (loss + 0.5 * penalty * square, gradient)
}

/// Learns with `strength` of L2; `start` is a solution for another strength, if there is one.
pub fn fit(problem: &Problem, strength: f32, start: Option<&Solution>) -> Solution {
    let mut at = start.map_or_else(|| Solution::start(problem), Clone::clone);
    let penalty = f64::from(strength) / total(problem);
    let mut logits = at.logits(problem.rows);
    let mut memory = Memory::default();
    let mut before: Option<(Vec<f32>, Vec<f32>)> = None;
    at.steps = 0;
    while at.steps < MOST_STEPS {
        let (_, errors) = cross_entropy(problem, &logits);
        let slope = gradient(problem, &errors, penalty as f32, &at.weight);
        if slope.iter().all(|x| x.abs() <= TOLERANCE) {
            break;
        }
        if let Some((step, old)) = before.take() {
            let change = slope.iter().zip(&old).map(|(new, old)| new - old).collect();
            memory.add(step, change);
        }
        let mut direction = memory.direction(&slope);
        if dot(&direction, &slope) >= 0.0 {
            memory = Memory::default();
            direction = slope.iter().map(|x| -x).collect();
        }
        let along = Solution {
            bias: direction.split_off(at.weight.values.len()),
            weight: Matrix::new(at.weight.rows, at.weight.columns, direction),
            steps: 0,
        };
        let change = along.logits(problem.rows);
        let length = line(
            problem,
            &logits,
            &change,
            penalty,
            &at,
            &along,
            memory.knows(),
        );
        if length <= 0.0 {
            break;
        }
        let mut step = along.weight.values;
        step.extend(along.bias);
        step.iter_mut().for_each(|x| *x *= length);
        at.steps += 1;
        let (weights, biases) = step.split_at(at.weight.values.len());
        let add = |to: &mut [f32], by: &[f32]| to.iter_mut().zip(by).for_each(|(x, by)| *x += by);
        add(&mut at.weight.values, weights);
        add(&mut at.bias, biases);
        if at.steps.is_multiple_of(RENEWED) {
            logits = at.logits(problem.rows);
        } else {
            let moved = logits.values.iter_mut().zip(&change.values);
            moved.for_each(|(logit, change)| *logit += length * change);
        }
        before = Some((step, slope));
    }
    at
}

fn total(problem: &Problem) -> f64 {
    problem.counts.iter().map(|&count| f64::from(count)).sum()
}

/// The mean loss, and for every row how far the probabilities are from the truth, times its share.
fn cross_entropy(problem: &Problem, logits: &Matrix) -> (f64, Matrix) {
    let total = total(problem);
    let mut errors = logits.clone();
    let mut loss = 0.0;
    let rows = errors.values.chunks_exact_mut(problem.classes);
    for ((row, &label), &count) in rows.zip(problem.labels).zip(problem.counts) {
        let label = usize::from(label);
        let own = row[label];
        let log_sum = softmax(row);
        let share = f64::from(count) / total;
        loss += share * f64::from(log_sum - own);
        row[label] -= 1.0;
        row.iter_mut().for_each(|x| *x *= share as f32);
    }
    (loss, errors)
}

/// Makes probabilities of logits; returns ln Σ e^logit.
pub fn softmax(row: &mut [f32]) -> f32 {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|x| *x = (*x - largest).exp());
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x /= sum);
    largest + sum.ln()
}

fn gradient(problem: &Problem, errors: &Matrix, penalty: f32, weight: &Matrix) -> Vec<f32> {
    let mut slope = transposed_product(errors, problem.rows).values;
    for (slope, weight) in slope.iter_mut().zip(&weight.values) {
        *slope += penalty * weight;
    }
    let mut biases = vec![0.0; problem.classes];
    for row in errors.values.chunks_exact(problem.classes) {
        biases.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    slope.extend(biases);
    slope
}

/// How far to go along a direction: Newton's method in one dimension, kept between bounds by bisection.
fn line(
    problem: &Problem,
    logits: &Matrix,
    change: &Matrix,
    penalty: f64,
    at: &Solution,
    along: &Solution,
    is_scaled: bool,
) -> f32 {
    let across = penalty * dot(&at.weight.values, &along.weight.values);
    let square = penalty * dot(&along.weight.values, &along.weight.values);
    let slopes = |length: f64| {
        let (slope, bend) = slopes(problem, logits, change, length as f32);
        (slope + across + length * square, bend + square)
    };
    let (first, bend) = slopes(0.0);
    if !first.is_finite() || first >= 0.0 {
        return 0.0;
    }
    let newton = -first / bend.max(1e-12);
    let mut length = if is_scaled { 1.0 } else { newton };
    let (mut low, mut high) = (0.0f64, f64::INFINITY);
    for _ in 0..TRIES {
        let (slope, bend) = slopes(length);
        if slope.abs() <= SLOPE_LEFT * first.abs() {
            break;
        }
        match slope < 0.0 {
            true => low = length,
            false => high = length,
        }
        let next = length - slope / bend.max(1e-12);
        length = match next > low && next < high {
            true => next.min(4.0 * length.max(newton)),
            false if high.is_finite() => 0.5 * (low + high),
            false => 2.0 * length,
        };
    }
    length as f32
}

/// The first and second derivative of the mean loss by the step's length.
fn slopes(problem: &Problem, logits: &Matrix, change: &Matrix, length: f32) -> (f64, f64) {
    let total = total(problem);
    let (mut slope, mut bend) = (0.0, 0.0);
    let mut p = vec![0.0; problem.classes];
    let rows = logits.values.chunks_exact(problem.classes);
    let changes = change.values.chunks_exact(problem.classes);
    let known = problem.labels.iter().zip(problem.counts);
    for ((row, change), (&label, &count)) in rows.zip(changes).zip(known) {
        for ((p, x), by) in p.iter_mut().zip(row).zip(change) {
            *p = x + length * by;
        }
        softmax(&mut p);
        let mean: f32 = p.iter().zip(change).map(|(p, by)| p * by).sum();
        let spread = p
            .iter()
            .zip(change)
            .map(|(p, by)| p * (by - mean) * (by - mean));
        let share = f64::from(count) / total;
        slope += share * f64::from(mean - change[usize::from(label)]);
        bend += share * f64::from(spread.sum::<f32>());
    }
    (slope, bend)
}

/// The last steps, and how the gradient changed with them.
#[derive(Default)]
struct Memory(Vec<(Vec<f32>, Vec<f32>, f64)>);

impl Memory {
    fn knows(&self) -> bool {
        !self.0.is_empty()
    }

    fn add(&mut self, step: Vec<f32>, change: Vec<f32>) {
        let product = dot(&step, &change);
        // Without curvature there is nothing to learn from it.
        if product > 1e-10 * dot(&change, &change).sqrt() * dot(&step, &step).sqrt() {
            if self.0.len() == MEMORY {
                self.0.remove(0);
            }
            self.0.push((step, change, product));
        }
    }

    fn direction(&self, slope: &[f32]) -> Vec<f32> {
        let mut down: Vec<f32> = slope.iter().map(|x| -x).collect();
        let mut factors = Vec::with_capacity(self.0.len());
        for (step, change, product) in self.0.iter().rev() {
            let factor = dot(step, &down) / product;
            factors.push(factor);
            combine(&mut down, -factor as f32, change);
        }
        if let Some((_, change, product)) = self.0.last() {
            let scale = (product / dot(change, change)) as f32;
            down.iter_mut().for_each(|x| *x *= scale);
        }
        for ((step, change, product), factor) in self.0.iter().zip(factors.iter().rev()) {
            let back = dot(change, &down) / product;
            combine(&mut down, (factor - back) as f32, step);
        }
        down
    }
}

fn combine(to: &mut [f32], factor: f32, by: &[f32]) {
    to.iter_mut().zip(by).for_each(|(x, by)| *x += factor * by);
}
