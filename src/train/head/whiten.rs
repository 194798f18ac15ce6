//! Features stretched so that a class is as wide in one direction as in any other: what varies within classes says
//! little, however loud it is (Fisher's discriminant; the covariance is shrunk towards an even one, as Ledoit & Wolf
//! have it).

use super::linear::{
    Matrix, cholesky, dot, eigen, product, product_transposed, solve, solve_transposed,
    transposed_product,
};
use super::logistic::Solution;
use crate::model::random::Stream;

/// The share of the even covariance.
const SHRINKAGE: f32 = 0.3;
/// Axes of a [`Stretching`]: more say little more and take room in a file.
const AXES: usize = 64;
/// Directions beyond these that are followed while they are looked for.
const SPARE: usize = 16;
/// Times that the directions are followed.
const ROUNDS: usize = 2;

/// Rows less the means of their classes.
struct Within {
    /// `[rows, coordinates]`
    residuals: Matrix,
    /// What the squared sums are divided by.
    freedom: f32,
    /// The mean variance of a feature.
    level: f32,
}

/// `[classes, coordinates]`; zeros for classes without rows.
pub fn class_means(rows: &Matrix, labels: &[u16], classes: usize) -> Matrix {
    let mut sums = vec![0.0f64; classes * rows.columns];
    let mut counts = vec![0.0f64; classes];
    for (row, &label) in labels.iter().enumerate() {
        let class = usize::from(label);
        counts[class] += 1.0;
        let sums = &mut sums[class * rows.columns..(class + 1) * rows.columns];
        sums.iter_mut()
            .zip(rows.row(row))
            .for_each(|(sum, &x)| *sum += f64::from(x));
    }
    let mean = |(i, sum): (usize, &f64)| (sum / counts[i / rows.columns].max(1.0)) as f32;
    let values = sums.iter().enumerate().map(mean).collect();
    Matrix::new(classes, rows.columns, values)
}

impl Within {
    /// `dimension` is that of the features, of which the coordinates span a part.
    fn new(rows: &Matrix, labels: &[u16], classes: usize, dimension: usize) -> Self {
        let means = class_means(rows, labels, classes);
        let mut residuals = rows.clone();
        for (row, &label) in labels.iter().enumerate() {
            let mean = means.row(usize::from(label));
            let values = residuals.row_mut(row).iter_mut();
            values.zip(mean).for_each(|(x, m)| *x -= m);
        }
        let mut present = vec![false; classes];
        labels
            .iter()
            .for_each(|&label| present[usize::from(label)] = true);
        let present = present.into_iter().filter(|&is| is).count();
        let freedom = rows.rows.saturating_sub(present).max(1) as f32;
        let square = dot(&residuals.values, &residuals.values) as f32;
        Within {
            residuals,
            freedom,
            level: square / freedom / dimension.max(1) as f32,
        }
    }

    /// Whether classes vary at all, as far as can be seen.
    fn is_told(&self) -> bool {
        self.level > 1e-12
    }
}

/// The whole whitening, for what is learned and then folded into its weights.
pub struct Whitening {
    mean: Vec<f32>,
    /// Lower; `None` where nothing is known of the classes' width.
    factor: Option<Matrix>,
    /// Of a whitened row.
    length: f32,
}

impl Whitening {
    /// Of `rows` `[rows, coordinates]`, and these whitened.
    pub fn new(rows: &Matrix, labels: &[u16], classes: usize, dimension: usize) -> (Self, Matrix) {
        let within = Within::new(rows, labels, classes, dimension);
        let factor = within.is_told().then(|| {
            let mut covariance = transposed_product(&within.residuals, &within.residuals);
            covariance.scale((1.0 - SHRINKAGE) / within.freedom);
            let even = SHRINKAGE * within.level;
            (0..covariance.rows).for_each(|i| covariance.row_mut(i)[i] += even);
            cholesky(covariance, 0.0)
        });
        let mut whitening = Whitening {
            mean: rows.mean(),
            factor,
            length: 1.0,
        };
        let mut whitened = whitening.apply(rows);
        whitening.length = whitened.length();
        whitened.scale(1.0 / whitening.length);
        (whitening, whitened)
    }

    /// Other rows, likewise.
    pub fn apply(&self, rows: &Matrix) -> Matrix {
        let mut rows = rows.clone();
        rows.subtract(&self.mean);
        if let Some(factor) = &self.factor {
            solve(factor, &mut rows);
        }
        rows.scale(1.0 / self.length);
        rows
    }

    /// What was learned on whitened rows, for the rows as they were.
    pub fn undone(&self, mut learned: Solution) -> Solution {
        learned.weight.scale(1.0 / self.length);
        if let Some(factor) = &self.factor {
            solve_transposed(factor, &mut learned.weight);
        }
        for (class, bias) in learned.bias.iter_mut().enumerate() {
            *bias -= dot(&self.mean, learned.weight.row(class)) as f32;
        }
        learned
    }
}

/// A whitening along the widest axes alone; all else is taken as even.
pub struct Stretching {
    /// `[axes, coordinates]`
    pub axes: Matrix,
    /// `[axes]`
    pub gains: Vec<f32>,
}

impl Stretching {
    pub fn new(rows: &Matrix, labels: &[u16], classes: usize, dimension: usize) -> Self {
        let within = Within::new(rows, labels, classes, dimension);
        let count = (AXES + SPARE)
            .min(rows.columns)
            .min(within.freedom as usize);
        if !within.is_told() || count == 0 {
            return Stretching {
                axes: Matrix::zeros(0, rows.columns),
                gains: Vec::new(),
            };
        }
        let (widths, axes) = widest(&within, count);
        let kept = AXES.min(count);
        let known: f32 = widths[..kept].iter().sum();
        let all = within.level * dimension as f32;
        let rest = (all - known).max(0.0) / (dimension - kept).max(1) as f32;
        let shrunk = |width: f32| (1.0 - SHRINKAGE) * width + SHRINKAGE * within.level;
        let gain = |&width: &f32| (shrunk(rest) / shrunk(width)).sqrt() - 1.0;
        Stretching {
            gains: widths[..kept].iter().map(gain).collect(),
            axes: axes.taken(&(0..kept).collect::<Vec<_>>()),
        }
    }

    /// Rows less `mean`, stretched.
    pub fn apply(&self, rows: &Matrix, mean: &[f32]) -> Matrix {
        let mut centred = rows.clone();
        centred.subtract(mean);
        let mut along = product_transposed(&centred, &self.axes);
        for row in along.values.chunks_exact_mut(self.gains.len().max(1)) {
            row.iter_mut().zip(&self.gains).for_each(|(x, g)| *x *= g);
        }
        let more = product(&along, &self.axes);
        let sums = centred.values.iter_mut().zip(&more.values);
        sums.for_each(|(x, more)| *x += more);
        centred
    }
}

/// The largest variances within classes and their axes `[count, coordinates]`, by subspace iteration (Halko, Martinsson
/// & Tropp 2011).
fn widest(within: &Within, count: usize) -> (Vec<f32>, Matrix) {
    let rows = &within.residuals;
    let mut stream = Stream::new(count as u64);
    let random = (0..rows.columns * count).map(|_| stream.unit() - 0.5);
    let mut basis = Matrix::new(rows.columns, count, random.collect());
    orthonormalise(&mut basis);
    for _ in 0..ROUNDS {
        basis = transposed_product(rows, &product(rows, &basis));
        orthonormalise(&mut basis);
    }
    let seen = product(rows, &basis);
    let (mut widths, vectors) = eigen(&transposed_product(&seen, &seen));
    widths
        .iter_mut()
        .for_each(|width| *width = width.max(0.0) / within.freedom);
    (widths, product_transposed(&vectors, &basis))
}

/// Makes the columns orthonormal; twice, as the first time leaves rounding.
fn orthonormalise(basis: &mut Matrix) {
    for _ in 0..2 {
        let length = basis.length();
        basis.scale(1.0 / length);
        let products = transposed_product(basis, basis);
        let widest = (0..products.rows)
            .map(|i| products.row(i)[i])
            .fold(0.0, f32::max);
        solve(&cholesky(products, 1e-6 * widest), basis);
    }
}
